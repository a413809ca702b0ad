"""Only actions write. A face that saves a row has skipped the rules, the audit and the feed."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parent.parent / "src/tangthu"

WRITES = {
    "save",
    "create",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
    "acreate",
    "asave",
    "adelete",
}
QUERY_WRITES = {"update", "delete", "_raw_delete"}

# What else writes rows, each with the reason why it may.
MAY_WRITE = {
    "access/tokens.py": "notes, at most every few minutes, when a token was last used",
    "core": "the feed, the audit log and the kept answers, written within the actions",
    "catalogue/importing": "the import: actions over batches of records",
    "site/demo": "loads an invented network into an empty database",
    "site/background.py": "the queue of the background worker, which is no row of a library",
}
# What has a `save` or `delete` of its own and is no row of the database.
NOT_ROWS = {"session", "memory", "default_storage", "shelf", "storage", "picture", "workbook"} | {
    # A PDF that is being written, and a part of one.
    "document",
    "part",
}


def test_only_actions_write() -> None:
    strays = [
        f"{path.relative_to(SOURCE)}:{line}"
        for path in sorted(SOURCE.rglob("*.py"))
        if not may_write(path.relative_to(SOURCE))
        for line in writes(path.read_text(encoding="utf-8"))
    ]

    assert strays == []


def test_what_may_write_is_still_there() -> None:
    gone = [name for name in MAY_WRITE if not any(SOURCE.glob(f"{name}*"))]

    assert gone == []


@pytest.mark.parametrize(
    "stray",
    [
        "patron.save()",
        "patron.save(update_fields=['name'])",
        "Loan.objects.create(item=item)",
        "Loan.objects.filter(pk=1).update(open=False)",
        "Loan.objects.visible_to(actor).delete()",
        "form.save()",
    ],
)
def test_a_stray_write_is_seen(stray: str) -> None:
    assert list(writes(stray)) == [1]


@pytest.mark.parametrize("harmless", ["seen.update(more)", "words.delete(1)", "digest.update(b'')"])
def test_what_only_sounds_like_a_write_is_not(harmless: str) -> None:
    assert list(writes(harmless)) == []


def may_write(path: Path) -> bool:
    by_kind = path.stem in {"actions", "models"} or {"actions", "models"} & set(path.parts)
    named = any(path.is_relative_to(name) or path.stem == Path(name).name for name in MAY_WRITE)
    return bool(by_kind) or "migrations" in path.parts or named


def writes(source: str) -> Iterator[int]:
    """Yield the lines that write a row."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            target, deed = ast.unparse(node.func.value), node.func.attr
            on_rows = "objects" in target or "filter(" in target
            a_row = target.split("(")[0].split(".")[-1] not in NOT_ROWS
            if (deed in WRITES and a_row) or (deed in QUERY_WRITES and on_rows):
                yield node.lineno

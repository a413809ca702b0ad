"""The rules as the browser gets them: exactly the pure modules that this server runs, in a zip."""

from __future__ import annotations

import ast
import hashlib
import io
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import tangthu
from tangthu.circulation.policy.due import LIBRARY_ZONE

ENTRY = "tangthu.offline.policy"

_ROOT = Path(tangthu.__file__).resolve().parent.parent
_STAMP = (2026, 1, 1, 0, 0, 0)
_ZONE = LIBRARY_ZONE.key
# Imported inside a function that the desk never calls: its days come with the book.
_NEVER_CALLED = {"holidays"}


class NotPure(ImportError):
    """A module of the rules imports what no browser has."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """The zip, and the digest by which a decision says which rules made it."""

    content: bytes
    version: str


@cache
def bundle() -> Bundle:
    """Return the rules with all that they import. The same modules give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in [*_sources(), *_time_zone()]:
            archive.writestr(zipfile.ZipInfo(name, _STAMP), content, zipfile.ZIP_DEFLATED, 9)
    content = buffer.getvalue()
    return Bundle(content, hashlib.sha256(content).hexdigest()[:16])


def modules() -> dict[str, Path]:
    """Return every module that the rules need, with its file. Raises NotPure."""
    found, waiting = dict[str, Path](), [ENTRY]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found[name] = _file_of(name)
        above = name.rpartition(".")[0]
        waiting += [above] if above else []
        waiting += _imported(name, found[name])
    return dict(sorted(found.items()))


def _sources() -> Iterator[tuple[str, bytes]]:
    for path in modules().values():
        yield path.relative_to(_ROOT).as_posix(), path.read_bytes()


def _time_zone() -> Iterator[tuple[str, bytes]]:
    """Give the browser's Python the one zone that libraries live in."""
    area = _ZONE.rpartition("/")[0]
    for name in ("__init__.py", "zoneinfo/__init__.py", f"zoneinfo/{area}/__init__.py"):
        yield f"tzdata/{name}", b""
    yield f"tzdata/zoneinfo/{_ZONE}", (files("tzdata") / "zoneinfo" / _ZONE).read_bytes()


def _imported(name: str, path: Path) -> list[str]:
    """Return the modules of ours that this one imports; nothing else may be but Python's own."""
    ours = list[str]()
    for module in _named_imports(path):
        top = module.partition(".")[0]
        if top == "tangthu":
            ours.append(module)
        elif top not in sys.stdlib_module_names and top not in _NEVER_CALLED:
            raise NotPure(f"{name} imports {module}")
    return ours


def _named_imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            for alias in node.names:
                below = f"{node.module}.{alias.name}"
                if node.module.startswith("tangthu") and _exists(below):
                    yield below


def _exists(name: str) -> bool:
    path = _ROOT.joinpath(*name.split("."))
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


def _file_of(name: str) -> Path:
    path = _ROOT.joinpath(*name.split("."))
    package = path / "__init__.py"
    return package if package.is_file() else path.with_suffix(".py")

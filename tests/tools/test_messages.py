from __future__ import annotations

import json
from collections.abc import Mapping
from gettext import GNUTranslations
from pathlib import Path

import pytest

from tools import messages

PYTHON = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext
WORDING = {"gone": _("%(title)s is gone.")}
print(ngettext("%(count)s book", "%(count)s books", 2), pgettext("month", "May"))
"""
TEMPLATE = """
<p>
  {% translate "Find a book" %}
    {% blocktranslate count n=n trimmed %}
      {{ n }} match
    {% plural %}
      {{ n }} matches
    {% endblocktranslate %}
</p>
"""


@pytest.fixture(autouse=True)
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small app with a template, in the place of our own source."""
    (tmp_path / "templates").mkdir()
    (tmp_path / "words.py").write_text(PYTHON)
    (tmp_path / "templates/page.html").write_text(TEMPLATE)
    monkeypatch.setattr(messages, "SOURCE", tmp_path)
    monkeypatch.setattr(messages, "LOCALE", tmp_path / "locale")
    return tmp_path


TRANSLATIONS: Mapping[str, object] = {
    "%(title)s is gone.": "Không còn %(title)s.",
    "%(count)s book": ["%(count)s cuốn"],
    "month|May": "Tháng Năm",
    "Find a book": "Tìm sách",
    "%(n)s match": ["%(n)s kết quả"],
}


def add(folder: Path, translations: Mapping[str, object]) -> int:
    file = folder / "given.json"
    file.write_text(json.dumps(translations))
    return messages.main(["--add", str(file)])


def compiled(folder: Path) -> GNUTranslations:
    with (folder / "locale/vi/LC_MESSAGES/django.mo").open("rb") as file:
        return GNUTranslations(file)


def test_messages_of_code_and_templates_are_translated(source: Path) -> None:
    assert add(source, TRANSLATIONS) == 0

    words = compiled(source)
    assert words.gettext("Find a book") == "Tìm sách"
    assert words.ngettext("%(n)s match", "%(n)s matches", 7) == "%(n)s kết quả"
    assert words.pgettext("month", "May") == "Tháng Năm"
    assert messages.main(["--check"]) == 0


def test_a_catalog_is_sorted_and_carries_no_places_and_dates(source: Path) -> None:
    add(source, TRANSLATIONS)

    text = (source / "locale/vi/LC_MESSAGES/django.po").read_text()

    identities = [line for line in text.splitlines() if line.startswith("msgid ")]
    assert identities == sorted(identities)
    assert "words.py" not in text
    assert "Date" not in text


def test_what_is_not_translated_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    messages.main([])

    assert messages.main(["--check"]) == 1
    assert "not translated: 'Find a book'" in capsys.readouterr().err


def test_a_check_can_be_narrowed_to_some_paths(source: Path) -> None:
    add(source, {"%(title)s is gone.": "Không còn %(title)s."})

    assert messages.main(["--check", "--paths", str(source / "templates")]) == 1
    (source / "templates/page.html").write_text("<p></p>")
    assert messages.main(["--check", "--paths", str(source / "templates")]) == 0


@pytest.mark.parametrize(
    ("msgid", "translation"),
    [
        ("%(title)s is gone.", "Không còn %(tile)s."),
        ("%(title)s is gone.", "Không còn."),
        ("%(count)s book", "%(count)s cuốn"),
        ("Find a book", ["Tìm sách"]),
        ("No such message", "Không có"),
    ],
)
def test_a_translation_that_does_not_fit_is_refused(
    source: Path, msgid: str, translation: object
) -> None:
    assert add(source, {msgid: translation}) == 1
    assert "Không" not in (source / "locale/vi/LC_MESSAGES/django.po").read_text()


def test_what_left_the_source_leaves_the_catalog_with_the_next_update(source: Path) -> None:
    add(source, TRANSLATIONS)
    (source / "words.py").write_text("")

    assert messages.main(["--check"]) == 1
    messages.main([])

    assert messages.main(["--check"]) == 0
    assert "is gone" not in (source / "locale/vi/LC_MESSAGES/django.po").read_text()


def test_a_file_broken_for_the_moment_loses_no_translation(source: Path) -> None:
    add(source, TRANSLATIONS)
    (source / "words.py").write_text("x = '''")

    add(source, {"Find a book": "Tìm một cuốn sách"})
    with pytest.raises(SystemExit):
        messages.main([])

    assert "Không còn %(title)s." in (source / "locale/vi/LC_MESSAGES/django.po").read_text()

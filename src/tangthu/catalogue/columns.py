"""The columns of a record's row, drawn from its MARC for lists and look-up."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

from tangthu.catalogue.models import Record
from tangthu.formats.marc import storage
from tangthu.formats.marc.bibliographic import Description, describe
from tangthu.formats.marc.matching import match_keys
from tangthu.formats.marc.record import MarcRecord
from tangthu.text import sort_key

LONGEST_KEY = 200

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_MAIN_ENTRIES = frozenset(("100", "110", "111"))
_CONTROL = ("001", "003", "007", "008", "020", "022", "041", "050", "082", "084", "090", "521")
_STATED = ("245", "260", "264", "490", "852", *_MAIN_ENTRIES)
_NEEDED = frozenset((*_CONTROL, *_STATED))
_NEEDED_FOR_NAMES = _NEEDED | {"700", "710", "711"}
_TOLD = (
    "title",
    "responsibility",
    "author",
    "publisher",
    "year",
    "language",
    "material_type",
    "isbn",
    "issn",
    "call_number",
    "control_number",
    "version",
    "suppressed",
)


def draw(record: Record, marc: MarcRecord) -> None:
    """Put the MARC and all that is drawn from it on the row."""
    record.marc = storage.dumps(marc)
    draw_from(record, description_of(marc))


def draw_from(record: Record, described: Description) -> None:
    """Put what a description says on the row, cut to what the columns hold."""
    title = described.full_title or next(iter(described.other_titles), "")
    record.control_number = _cut(described.control_number, 60)
    record.control_agency = _cut(described.control_agency, 60)
    record.title = storable(title)
    record.title_key = sort_key(title[described.nonfiling :], described.language)
    record.responsibility = storable(described.responsibility)
    record.author = storable(described.main_author)
    record.author_key = _author_key(described.main_author, described.language)
    record.publisher = storable(described.publisher)
    record.year = described.year
    record.language = _cut(described.language, 8)
    record.material_type = described.material_type.value
    record.isbn = _cut(next(iter(described.isbns), ""), 20)
    record.issn = _cut(next(iter(described.issns), ""), 20)
    record.call_number = _cut(described.call_number, 100)
    record.minimum_age = described.minimum_age


@lru_cache(maxsize=4096)
def _author_key(name: str, language: str) -> bytes:
    """Return the sort key of a name; a file names the same authors again and again."""
    return sort_key(name, language)


def description_of(marc: MarcRecord) -> Description:
    """Return what the columns and match keys need of the record, and no more of it.

    Notes, subjects and added entries are half of a record's text, and no list shows them.
    """
    main = any(field.tag in _MAIN_ENTRIES for field in marc.fields)
    needed = _NEEDED if main else _NEEDED_FOR_NAMES
    kept = tuple([field for field in marc.fields if field.tag in needed])
    described = describe(MarcRecord(marc.leader, kept))
    return described if described.full_title else describe(marc)


def keys_of(described: Description) -> list[tuple[str, str]]:
    """Return the match keys as kind and key, strongest first, each once."""
    found = ((key.kind.value, _short(storable(key.key))) for key in match_keys(described))
    return list(dict.fromkeys(found))


def _short(key: str) -> str:
    """Return the key itself, or for a long one its beginning and a digest of the whole."""
    if len(key) <= LONGEST_KEY:
        return key
    digest = hashlib.blake2b(key.encode(), digest_size=16).hexdigest()
    return f"{key[: LONGEST_KEY - 33]}#{digest}"


def as_told(record: Record) -> dict[str, object]:
    """Return what the audit log tells of a record before and after a change."""
    return {name: getattr(record, name) for name in _TOLD}


def _cut(text: str, length: int) -> str:
    return storable(text)[:length]


def storable(text: str) -> str:
    """Return the text without what no database keeps: NUL and bytes that were no character."""
    return _UNSTORABLE.sub("\ufffd", text) if _UNSTORABLE.search(text) else text

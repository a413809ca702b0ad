"""When two records describe the same document.

Equal keys make a candidate, not a duplicate. Publishers print one ISBN in every volume of a set,
programs write the same agency code everywhere, and maps of one series share title, author and
year. So every candidate is judged on what else the two records say, and whoever doubts adds:
a record too many is merged in a minute, a record lost is not found again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from tangthu.formats.marc.identifiers import isbn13, issn
from tangthu.formats.marc.matching import MatchKind
from tangthu.formats.marc.record import DataField, MarcRecord
from tangthu.text import match_key

Place = TypeVar("Place")


class Judgement(StrEnum):
    """What became of a candidate: the same document, or why it is another one."""

    SAME = "same"
    OTHER_TITLE = "other_title"
    OTHER_VOLUME = "other_volume"
    OTHER_EDITION = "other_edition"
    OTHER_MEDIUM = "other_medium"
    OTHER_NUMBER = "other_number"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What tells a document from its like, folded for comparison."""

    agency: str
    title: tuple[str, ...]
    volume: tuple[str, ...]
    edition: tuple[str, ...]
    medium: str
    serial: bool
    numbers: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Choice(Generic[Place]):
    """The duplicate found and by which key; or none, and the first doubt that spoke against."""

    found: Place | None = None
    kind: MatchKind | None = None
    doubt: Judgement | None = None
    doubted: Place | None = None


def identity_of(record: MarcRecord) -> Identity:
    """Read out of the record what tells its document from others."""
    title = record.first("245")
    words = tuple(match_key(title.text("a") if title else "").split())
    return Identity(
        agency=(record.control("003") or "").strip(),
        title=words,
        volume=_volume(record, title),
        edition=_numerals(record.value("250", "a") or ""),
        medium=_medium(record),
        serial=record.leader[7:8] in _SERIAL,
        numbers=frozenset(_numbers(record)),
    )


def judge_match(kind: MatchKind, incoming: Identity, existing: Identity) -> Judgement:
    """Judge a candidate found under a key of this kind.

    A control number counts under its agency unless the titles share no word (many programs
    sign with the same code); without an agency, and an ISBN always, only with a title alike and
    the same volume; an ISSN between serials alike. Title, author and year count when volume,
    edition, medium and the standard numbers do not speak against.
    """
    return _JUDGES[kind](incoming, existing)


def choose(
    candidates: Iterable[tuple[MatchKind, Place, Identity]], incoming: Identity
) -> Choice[Place]:
    """Return the first candidate that is the same document; candidates come strongest first."""
    doubt: Judgement | None = None
    doubted: Place | None = None
    for kind, place, existing in candidates:
        judgement = judge_match(kind, incoming, existing)
        if judgement is Judgement.SAME:
            return Choice(place, kind)
        if doubt is None and kind is not MatchKind.TITLE:
            doubt, doubted = judgement, place
    return Choice(doubt=doubt, doubted=doubted)


def titles_alike(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Tell whether two folded titles may be of one document.

    Either may be missing, one may go on where the other stops, or at least six words in ten
    are shared; but numbers in them must be the same: Toán 10 is not Toán 11.
    """
    if not one or not other or one == other:
        return True
    if _digits(one) != _digits(other):
        return False
    shorter, longer = sorted((one, other), key=len)
    if longer[: len(shorter)] == shorter:
        return True
    shared = len(set(one) & set(other))
    return shared * 10 >= len(set(one) | set(other)) * 6


def _by_control(incoming: Identity, existing: Identity) -> Judgement:
    if not incoming.agency or not existing.agency:
        return _by_isbn(incoming, existing)
    strangers = incoming.title and existing.title
    if strangers and not set(incoming.title) & set(existing.title):
        return Judgement.OTHER_TITLE
    return Judgement.SAME


def _by_isbn(incoming: Identity, existing: Identity) -> Judgement:
    if not titles_alike(incoming.title, existing.title):
        return Judgement.OTHER_TITLE
    if incoming.volume != existing.volume:
        return Judgement.OTHER_VOLUME
    return Judgement.SAME


def _by_issn(incoming: Identity, existing: Identity) -> Judgement:
    if not (incoming.serial and existing.serial):
        return Judgement.OTHER_MEDIUM
    return _by_isbn(incoming, existing)


def _by_title(incoming: Identity, existing: Identity) -> Judgement:
    if incoming.volume != existing.volume:
        return Judgement.OTHER_VOLUME
    if incoming.edition and existing.edition and incoming.edition != existing.edition:
        return Judgement.OTHER_EDITION
    if incoming.medium != existing.medium:
        return Judgement.OTHER_MEDIUM
    if _contradict(incoming.numbers, existing.numbers):
        return Judgement.OTHER_NUMBER
    return Judgement.SAME


_JUDGES = {
    MatchKind.CONTROL: _by_control,
    MatchKind.ISBN: _by_isbn,
    MatchKind.ISSN: _by_issn,
    MatchKind.TITLE: _by_title,
}


def _contradict(one: frozenset[tuple[str, str]], other: frozenset[tuple[str, str]]) -> bool:
    """Tell whether some scheme numbers both documents, and never alike."""
    if one & other:
        return False
    return bool({scheme for scheme, _ in one} & {scheme for scheme, _ in other})


_SERIAL = frozenset("bis")
_ELECTRONIC = frozenset("oqs")
_NUMBERED = ("010", "020", "022", "024", "027", "028", "086")
_NUMERAL = re.compile(r"\d+")
_ROMAN = re.compile(r"(?<!\w)(?:x{0,3})(?:ix|iv|v?i{0,3})(?!\w)")
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10}


def _volume(record: MarcRecord, title: DataField | None) -> tuple[str, ...]:
    """Return the number and name of the part; 490 $v where a brief record has it there."""
    named = title.text("p") if title else ""
    numbered = title.text("n") if title else ""
    if not numbered:
        numbered = record.value("490", "v") or "" if _has_no_series(record) else ""
    return (*_numerals(numbered), *match_key(named).split())


def _has_no_series(record: MarcRecord) -> bool:
    return not any(field.get("a") for field in record.data("490"))


def _numerals(text: str) -> tuple[str, ...]:
    """Return the numbers in the text, Arabic or Roman, or its words where it has none."""
    folded = match_key(text)
    found = _NUMERAL.findall(folded)
    if found:
        return tuple(str(int(digits)) for digits in found)
    romans = [roman for roman in _ROMAN.findall(folded) if roman]
    if romans:
        return tuple(str(_roman(roman)) for roman in romans)
    return tuple(folded.split())


def _roman(text: str) -> int:
    values = [_ROMAN_VALUES[letter] for letter in text]
    later = [*values[1:], 0]
    return sum(
        -value if value < after else value for value, after in zip(values, later, strict=True)
    )


def _digits(words: tuple[str, ...]) -> list[str]:
    return [str(int(word)) for word in words if word.isdecimal()]


def _medium(record: MarcRecord) -> str:
    """Return the type of record, and whether it is electronic (008/23 or 29, 007/00-01)."""
    kind = record.leader[6:7]
    form = record.control("008") or ""
    at = 29 if kind in "efgkor" else 23
    electronic = form[at : at + 1] in _ELECTRONIC and form[at : at + 1] != ""
    if not electronic:
        physical = record.control("007") or ""
        electronic = physical[:2] == "cr"
    return f"{kind}e" if electronic else kind


def _numbers(record: MarcRecord) -> Iterable[tuple[str, str]]:
    """Yield the numbers that a publisher or an agency gave, by scheme; valid ones alone."""
    for field in record.data(*_NUMBERED):
        for value in field.all("a"):
            number = _READERS.get(field.tag, _any_number)(value)
            if number:
                yield field.tag, number
    for field in record.data("035"):
        agency, closed, number = (field.get("a") or "").strip().rpartition(")")
        if closed:
            yield f"035{agency}", number.strip().upper()


def _any_number(value: str) -> str:
    compact = "".join([letter for letter in value.split("(")[0] if letter.isalnum()])
    enough = sum(letter.isdigit() for letter in compact) >= _FEWEST_DIGITS
    return compact.upper() if enough else ""


_FEWEST_DIGITS = 4
_READERS: dict[str, Callable[[str], str | None]] = {"020": isbn13, "022": issn}

"""Persons named in a statement of responsibility, and what each of them did.

Vietnamese records often hold the whole statement of the title page where one name should be:
`Peter Pham; Vũ Thái Hà, Lê Hoài Ân dịch; Phạm Uyên Nguyên hiệu đính`. Semicolons part the
functions, commas the persons, and the function stands after the names in small letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from tangthu.formats.marc.punctuation import trim


class Kind(StrEnum):
    """Who is responsible."""

    PERSON = "person"
    CORPORATE = "corporate"
    MEETING = "meeting"


class Contributor(NamedTuple):
    """A name as it is shown, and the function as the record states it."""

    name: str
    relator: str = ""
    kind: Kind = Kind.PERSON


_FUNCTIONS = (
    "chủ biên|chủ trì|chủ nhiệm|biên soạn|biên dịch|biên tập|soạn|sưu tầm|sưu tập|tuyển chọn|"
    "tuyển dịch|tuyển|giới thiệu|dịch chú|dịch giả|dịch|hiệu đính|hiệu chỉnh|minh họa|minh hoạ|vẽ|"
    "viết lời tựa|viết|lời giới thiệu|lời tựa|chú giải|chú thích|bổ chú|nhuận sắc|khảo cứu|"
    "nghiên cứu|tổng hợp|tổ chức|kể|thể hiện|phỏng vấn|sách dẫn|hệ thống|"
    "edited|editors?|translated|translators?|illustrated|compiled|retold|written|text|pictures"
)
_FUNCTION = re.compile(
    rf"(?:^|(?<=[\s,.(]))\(?(?:(?:đồng|tổng|người|tham gia|nhóm|phần) )*(?:{_FUNCTIONS})\b.*"
)
_ENGLISH_HEAD = re.compile(r"(?:(?P<role>[a-z][a-z ,]*?) )?by (?=[A-ZĐ])")
_OTHERS = re.compile(r"[\s.,…]*(?:\[[^\]]*\]|\.{3}|…)")
_AND = re.compile(r"\s(?:và|and|et|&)\s")
_SUFFIX = re.compile(r"(?:[JS]r|I{1,3}|IV|Ph\.?D|MD|M\.D)\.?")


def persons(statement: str) -> Iterator[Contributor]:
    """Yield the names of a statement in order, each with its function if one is stated."""
    for segment in _OTHERS.sub("", statement).split(";"):
        names, relator = _split_function(segment.strip(" ,."))
        for name in _split_names(names):
            yield Contributor(name, relator)


def is_statement(text: str) -> bool:
    """Tell whether a name field holds more than one plain name."""
    return ";" in text or "," in text or _FUNCTION.search(text) is not None or "[" in text


def _split_function(segment: str) -> tuple[str, str]:
    """Return the names and the function, which stands after them or before `by` or a comma."""
    english = _ENGLISH_HEAD.match(segment)
    if english:
        return segment[english.end() :], english["role"] or ""
    found = _FUNCTION.search(segment)
    if found is None:
        return segment, ""
    if found.start() > 0:
        return segment[: found.start()].strip(" ,"), found[0].strip(" ()")
    relator, _, names = segment.partition(",")
    return names.strip(" ,"), relator


def _split_names(text: str) -> Iterator[str]:
    parts = _joined_suffixes([part.strip() for part in text.split(",") if part.strip()])
    inverted = len(parts) == 2 and not all(" " in part for part in parts)
    if inverted:
        parts = [", ".join(parts)]
    for part in parts:
        pair = _AND.split(part)
        # `Bộ Giáo dục và Đào tạo` is one body: only in personal names is every word a capital.
        names = pair if all(map(_is_capitalised, pair)) else [part]
        yield from filter(None, map(trim, names))


def _joined_suffixes(parts: list[str]) -> list[str]:
    joined: list[str] = []
    for part in parts:
        if joined and _SUFFIX.fullmatch(part):
            joined[-1] += f", {part}"
        else:
            joined.append(part)
    return joined


def _is_capitalised(name: str) -> bool:
    words = name.split()
    return len(words) > 1 and all(word[0].isupper() for word in words)

"""Read a file of MARC records in any form in which libraries exchange them.

The form is told from the first bytes, never from the file's name. Records stream: memory holds
one record and one chunk. Once the form is recognised content does not raise; what cannot be
read comes out as `Rejected` with its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from itertools import dropwhile

from tangthu.formats.marc import iso2709, marcjson, marcxml
from tangthu.formats.marc.charset import AUTO, checked_encoding
from tangthu.formats.marc.errors import EmptyFile, IsisFile, NotMarc
from tangthu.formats.marc.outcome import (
    Limits,
    Outcome,
    Position,
    Read,
    Reason,
    Rejected,
    Repair,
    RepairCode,
)
from tangthu.formats.marc.source import Prefixed, Source

__all__ = [
    "Format",
    "Limits",
    "Outcome",
    "Position",
    "Read",
    "Reason",
    "Rejected",
    "Repair",
    "RepairCode",
    "read",
    "sniff",
]

_HEAD = 65_536
_BLANK = b" \t\r\n\x00\x1a"
_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_LEADER = re.compile(rb"[\d ]{5}[ -~]{12}")
# Whatever the leader looks like, entries without a gap up to a field terminator are a directory.
_DIRECTORY = re.compile(rb".{12,30}?(?:[0-9A-Za-z]{3}\d{9})+\x1e", re.DOTALL)
_ANY_LEADER = re.compile(rb"\d{5}[ -~]{5}22\d{5}[ -~\x01-\x09]{3}45")
# Leader and directory as far as a cut-off file has them, and no more.
_CUT_OFF = re.compile(rb"\d{5}[ -~]{5}\d\d[ -~]{12}(?:[0-9A-Za-z]{3}\d{9})*[0-9A-Za-z]{0,11}")
_ISIS_LEADER = re.compile(rb"\d{5}[ -~]{5}00\d{5}[ -~]{3}45")
_EMPTY_ARRAY = re.compile(rb"\[\s*\]\s*")
_HTML = re.compile(rb"<(?:!doctype\s+html|html)\b", re.IGNORECASE)


class Format(StrEnum):
    """The forms that are read."""

    ISO2709 = "iso2709"
    MARCXML = "marcxml"
    JSON = "json"


def read(
    stream: Source,
    *,
    limits: Limits | None = None,
    encoding: str = AUTO,
    start: int = 0,
    index: int = 0,
) -> Iterator[Outcome]:
    """Yield each record of the file, or what stands in its place and cannot be read.

    The stream stands at its beginning. `encoding` is `auto`, `utf-8`, `marc-8` or any character
    set of Python's, and matters to ISO 2709 alone. To resume, give as `start` the `end` of the
    last position dealt with, and as `index` the number of positions so far.

    Raises `EmptyFile`, `IsisFile`, `NotMarc`, `UnknownEncoding` at once; for XML without one
    record, `NotMarc` at its end.
    """
    encoding = checked_encoding(encoding)
    limits = limits or Limits()
    head = _read_head(stream)
    form = sniff(head)
    source = Prefixed(head, stream)
    if form is Format.ISO2709:
        source.skip(start)
        return iso2709.outcomes(source, offset=start, index=index, encoding=encoding, limits=limits)
    module = marcxml if form is Format.MARCXML else marcjson
    found = module.outcomes(source, limits=limits)
    return dropwhile(lambda outcome: outcome.position.offset < start, found)


def sniff(head: bytes) -> Format:
    """Return the form of a file from its first bytes, the more the better.

    Raises `EmptyFile`, `IsisFile` or `NotMarc`.
    """
    text = head
    for mark in _BYTE_ORDER_MARKS:
        text = text.removeprefix(mark)
    text = text.lstrip(_BLANK)
    if not text:
        raise EmptyFile
    if text.startswith(b"<"):
        if _HTML.match(text):
            raise NotMarc("a web page")
        return Format.MARCXML
    if text.startswith((b"{", b"[")):
        return _sniff_json(text)
    return _sniff_iso2709(text)


def _sniff_json(text: bytes) -> Format:
    if b'"leader"' in text or b'"fields"' in text or _EMPTY_ARRAY.fullmatch(text):
        return Format.JSON
    raise NotMarc("JSON without leader and fields")


def _sniff_iso2709(text: bytes) -> Format:
    if _ISIS_LEADER.match(text) and b"\x1f" not in text:
        raise IsisFile
    if b"\x1e" in text or b"\x1d" in text:
        if any(find(text) for find in (_LEADER.match, _DIRECTORY.match, _ANY_LEADER.search)):
            return Format.ISO2709
    elif _CUT_OFF.fullmatch(text):
        return Format.ISO2709
    raise NotMarc("no MARC leader")


def _read_head(stream: Source) -> bytes:
    """Read the first bytes even where the stream hands them out in drops."""
    head = b""
    while len(head) < _HEAD and (piece := stream.read(_HEAD - len(head))):
        head += piece
    return head

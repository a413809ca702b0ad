"""Reading what caption programs write, and writing one form of it."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tangthu.formats.webvtt.times import clock, moment

LARGEST = 4 * 1024**2
"""Bytes of one file: the captions of two days of speech."""

MOST_CUES = 50_000
LONGEST_TEXT = 4_000
LONGEST = 100 * 3_600_000
"""Milliseconds: longer than any recording."""

_TAG = re.compile(r"<[^<>]{0,200}>")
_BLANKS = re.compile(r"[^\S\n]+")
_NOT_CUES = ("NOTE", "STYLE", "REGION")


class CuesUnreadable(ValueError):
    """The file holds no captions, or too many. `line` is where it was seen, from 1."""

    def __init__(self, code: str, line: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.line = line


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that are said from `start` until `end`, in milliseconds. Plain text, lines kept."""

    start: int
    end: int
    text: str


def read(data: bytes) -> tuple[Cue, ...]:
    """Return the captions of a WebVTT or SubRip file, in the order of time.

    Marks of style, speakers and positions are left out. Raises CuesUnreadable: `too_large`,
    `not_utf8`, `bad_time` (with its line), `ends_before_begins`, `too_many`, `no_cues`.
    """
    if len(data) > LARGEST:
        raise CuesUnreadable("too_large")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CuesUnreadable("not_utf8") from error
    cues: list[Cue] = []
    for number, block in _blocks(text):
        cue = _cue(block, number)
        if cue is not None:
            cues.append(cue)
        if len(cues) > MOST_CUES:
            raise CuesUnreadable("too_many", number)
    if not cues:
        raise CuesUnreadable("no_cues")
    return tuple(sorted(cues, key=lambda cue: (cue.start, cue.end)))


def write(cues: Iterable[Cue]) -> bytes:
    """Return the captions as a WebVTT file; browsers show their text as it is."""
    parts = ["WEBVTT\n"]
    for cue in cues:
        times = f"{clock(cue.start, exact=True)} --> {clock(cue.end, exact=True)}"
        parts.append(f"{times}\n{html.escape(cue.text, quote=False)}\n")
    return "\n".join(parts).encode()


def _blocks(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the groups of lines that empty lines part, each with the number of its first line."""
    block: list[str] = []
    begins = 1
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for number, line in enumerate([*lines, ""], start=1):
        if line.strip():
            begins = begins if block else number
            block.append(line)
        elif block:
            yield begins, block
            block = []


def _cue(block: list[str], number: int) -> Cue | None:
    if block[0].startswith(_NOT_CUES):
        return None
    timed = next((n for n, line in enumerate(block[:2]) if "-->" in line), None)
    if timed is None:
        return None
    start, end = _times(block[timed], number + timed)
    text = _plain("\n".join(block[timed + 1 :]))
    return Cue(start, end, text) if text else None


def _times(line: str, number: int) -> tuple[int, int]:
    left, _, right = line.partition("-->")
    start, end = moment(left), moment((right.split() or [""])[0])
    if start is None or end is None or end > LONGEST:
        raise CuesUnreadable("bad_time", number)
    if end < start:
        raise CuesUnreadable("ends_before_begins", number)
    return start, end


def _plain(text: str) -> str:
    bare = html.unescape(_TAG.sub("", text))
    kept = "".join(c for c in bare if c == "\n" or unicodedata.category(c) != "Cc")
    lines = (_BLANKS.sub(" ", line).strip() for line in kept.split("\n"))
    return unicodedata.normalize("NFC", "\n".join(filter(None, lines)))[:LONGEST_TEXT]

"""Words as rows of plain data, for the history of corrections."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tangthu.formats.alto import Word


def rows_of(words: Sequence[Word]) -> list[list[object]]:
    """Return the words as rows that JSON can hold."""
    return [
        [word.text, list(word.box), word.confidence, word.repaired, word.original, word.corrected]
        for word in words
    ]


def from_rows(rows: Sequence[Sequence[Any]]) -> tuple[Word, ...]:
    """Return the words that `rows_of` wrote."""
    return tuple(
        Word(
            text,
            (int(box[0]), int(box[1]), int(box[2]), int(box[3])),
            confidence=confidence,
            repaired=repaired,
            original=original,
            corrected=corrected,
        )
        for text, box, confidence, repaired, original, corrected in rows
    )

"""A bounded memory of what was worked out for words, which come back again and again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")

LONGEST_REMEMBERED = 64
"""Longer words are worked out anew, so that hostile text cannot fill the memory."""

_ROOM = 32768


class Memory(dict[str, Result]):
    """Results by word, or by texts of up to `longest`: `memory[word]` works out what is missing.

    Read at the speed of a dictionary. When full it forgets everything, which costs
    less than keeping count of use.
    """

    def __init__(
        self,
        work_out: Callable[[str], Result],
        *,
        longest: int = LONGEST_REMEMBERED,
        room: int = _ROOM,
    ) -> None:
        super().__init__()
        self._work_out = work_out
        self._longest = longest
        self._room = room

    def __missing__(self, word: str) -> Result:
        result = self._work_out(word)
        if len(word) <= self._longest:
            if len(self) >= self._room:
                self.clear()
            self[word] = result
        return result

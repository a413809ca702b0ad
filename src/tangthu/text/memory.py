"""A bounded memory of what was worked out for words, which come back again and again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")

LONGEST_REMEMBERED = 64
"""Longer words are worked out anew, so that hostile text cannot fill the memory."""

_ROOM = 32768


class Memory(dict[str, Result]):
    """Results by word: `memory[word]` works out what is missing.

    Read at the speed of a dictionary. When full it forgets everything, which costs
    less than keeping count of use.
    """

    def __init__(self, work_out: Callable[[str], Result]) -> None:
        super().__init__()
        self._work_out = work_out

    def __missing__(self, word: str) -> Result:
        result = self._work_out(word)
        if len(word) <= LONGEST_REMEMBERED:
            if len(self) >= _ROOM:
                self.clear()
            self[word] = result
        return result

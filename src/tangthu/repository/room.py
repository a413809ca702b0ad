"""A disk without room: told apart from a bad file, because it passes."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from tangthu.repository.errors import StoreFull

# No space, the quota is used up, the largest file that the process may write.
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_WORDS = ("no space left", "disk quota exceeded", "file too large")


@contextmanager
def told_when_full(name: str = "") -> Iterator[None]:
    """Raise StoreFull where writing finds no room; whoever writes leaves nothing half behind."""
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise StoreFull(name=name) from error


def speaks_of_a_full_disk(words: str) -> bool:
    """Tell whether a program that failed says that it found no room."""
    found = words.casefold()
    return any(each in found for each in _WORDS)

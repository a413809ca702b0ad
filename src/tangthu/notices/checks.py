"""Whether a notice still holds when its turn comes: asked of the app that announced it.

An e-mail that waited a day for its server must not remind of a book that came back meanwhile. A
higher app registers, for its kinds, a function that says which sources hold no longer.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from tangthu.notices.policy import NoticeKind

Outdated = Callable[[Collection[str]], Collection[str]]
"""Takes sources, and returns those of which nobody should be told any more."""

_checks: dict[NoticeKind, Outdated] = {}


def register(kinds: Iterable[NoticeKind], outdated: Outdated) -> None:
    """Ask this function before notices of these kinds go out."""
    for kind in kinds:
        _checks[kind] = outdated


def outdated(kind: NoticeKind, sources: Collection[str]) -> frozenset[str]:
    """Return the sources of which nobody should be told any more."""
    ask = _checks.get(kind)
    return frozenset(ask(sources)) if ask is not None and sources else frozenset()

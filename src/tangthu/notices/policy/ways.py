"""By which channels a reader is told of something: what was chosen, or what may go unasked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from tangthu.notices.policy.kinds import Basis, Channel, KindDefinition

BY_DEFAULT: tuple[Channel, ...] = (Channel.EMAIL, Channel.SMS, Channel.ZALO)
"""The order in which channels are tried for what a person needs; those that cost come later."""

CHOOSABLE_CHANNELS: tuple[Channel, ...] = (
    Channel.EMAIL,
    Channel.ZALO,
    Channel.SMS,
    Channel.PUSH,
)
"""What a reader may choose. A letter is the library's own last resort."""


@dataclass(frozen=True, slots=True)
class Way:
    """A channel by which somebody is told, in their language; with the day's digest or at once."""

    channel: Channel
    language: str
    digest: bool = False


def ways(
    definition: KindDefinition,
    *,
    chosen: Collection[Way],
    refused: Collection[Channel],
    reachable: Collection[Channel],
    language: str,
) -> tuple[Way, ...]:
    """Return the ways by which a reader is told of a kind.

    What is chosen and can be reached. If nothing was chosen: of what the reader asked for, an
    e-mail unless it was refused; of what is needed, the first channel that reaches them.
    """
    if definition.basis is Basis.NEEDED:
        return _first(reachable, language)
    found = tuple(way for way in chosen if way.channel in reachable)
    if found or definition.basis is Basis.CHOSEN:
        return found
    if Channel.EMAIL in reachable and Channel.EMAIL not in refused:
        return (Way(Channel.EMAIL, language),)
    return ()


def _first(reachable: Collection[Channel], language: str) -> tuple[Way, ...]:
    return tuple(Way(channel, language) for channel in BY_DEFAULT if channel in reachable)[:1]

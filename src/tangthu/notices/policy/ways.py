"""By which channels a reader is told of something: what was chosen, or what may go unasked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from tangthu.notices.policy.kinds import BASIS, Basis, Channel, Topic

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


WITH_THE_CARD = frozenset({Topic.DUE_SOON, Topic.OVERDUE, Topic.HOLDS, Topic.DUE_DATES, Topic.CARD})
"""What the consent to reminders speaks of that is given with the application for a card."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What a reader said of one topic; `agreed` are the channels agreed to with the card."""

    chosen: Collection[Way] = ()
    refused: Collection[Channel] = ()
    agreed: Collection[Channel] = ()


def ways(
    topic: Topic, choices: Choices, *, reachable: Collection[Channel], language: str
) -> tuple[Way, ...]:
    """Return the ways by which a reader is told of a topic.

    What was chosen and can be reached; with it, or instead, what was agreed to with the card and
    not refused since. If there is neither: of what the reader asked for, an e-mail unless it was
    refused; of what is needed, the first channel that reaches them.
    """
    if BASIS[topic] is Basis.NEEDED:
        return _first(reachable, language)
    found = tuple(way for way in choices.chosen if way.channel in reachable)
    found += _with_the_card(topic, choices, reachable, language)
    if found or BASIS[topic] is Basis.CHOSEN:
        return found
    if Channel.EMAIL in reachable and Channel.EMAIL not in choices.refused:
        return (Way(Channel.EMAIL, language),)
    return ()


def _with_the_card(
    topic: Topic, choices: Choices, reachable: Collection[Channel], language: str
) -> tuple[Way, ...]:
    """Return what the card's consent adds: an e-mail, or an SMS where there is none, and Zalo."""
    if topic not in WITH_THE_CARD:
        return ()
    chosen = {way.channel for way in choices.chosen}
    free = [
        each
        for each in BY_DEFAULT
        if each in choices.agreed and each in reachable and each not in choices.refused
    ]
    written = [each for each in free if each is not Channel.ZALO][:1]
    if chosen & {Channel.EMAIL, Channel.SMS}:
        written = []
    by_zalo = [Channel.ZALO] if Channel.ZALO in free and Channel.ZALO not in chosen else []
    return tuple(Way(each, language) for each in [*written, *by_zalo])


def _first(reachable: Collection[Channel], language: str) -> tuple[Way, ...]:
    return tuple(Way(channel, language) for channel in BY_DEFAULT if channel in reachable)[:1]

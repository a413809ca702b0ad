"""By which channels a reader is told of something: what was chosen, or what may go unasked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
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


INSTEAD: Mapping[Channel, tuple[Channel, ...]] = {
    Channel.ZALO: (Channel.SMS, Channel.EMAIL),
    Channel.SMS: (Channel.EMAIL,),
}
"""What is tried instead of a channel that refuses a reader for good, or has no room for long."""

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
    """Return what the card's consent adds: an e-mail and Zalo, or an SMS where there is neither.

    An SMS costs the library several times what Zalo does: it comes when Zalo refuses the reader.
    """
    if topic not in WITH_THE_CARD:
        return ()
    chosen = {way.channel for way in choices.chosen}
    free = [
        each
        for each in BY_DEFAULT
        if each in choices.agreed and each in reachable and each not in choices.refused
    ]
    written = [each for each in free if each is not Channel.ZALO][:1]
    by_zalo = [Channel.ZALO] if Channel.ZALO in free and Channel.ZALO not in chosen else []
    if chosen & {Channel.EMAIL, Channel.SMS} or (by_zalo and written == [Channel.SMS]):
        written = []
    return tuple(Way(each, language) for each in [*written, *by_zalo])


def _first(reachable: Collection[Channel], language: str) -> tuple[Way, ...]:
    return tuple(Way(channel, language) for channel in BY_DEFAULT if channel in reachable)[:1]


def ways_instead(
    failed: Channel,
    topic: Topic,
    choices: Choices,
    *,
    reachable: Collection[Channel],
    language: str,
) -> tuple[Way, ...]:
    """Return, in their order, the ways by which a reader may be told what `failed` did not take.

    Only such as the reader agreed to for the topic, be it in the account or with the card; of
    what they asked for, an e-mail unless it was refused; of what is needed, any that reaches them.
    """
    chosen = {way.channel: way for way in choices.chosen}
    free = set(choices.agreed) if topic in WITH_THE_CARD else set[Channel]()
    if BASIS[topic] is Basis.ASKED:
        free.add(Channel.EMAIL)
    if BASIS[topic] is Basis.NEEDED:
        free |= set(BY_DEFAULT)
    free -= set(choices.refused)
    return tuple(
        chosen.get(channel, Way(channel, language))
        for channel in INSTEAD.get(failed, ())
        if channel in reachable and (channel in chosen or channel in free)
    )

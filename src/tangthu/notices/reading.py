"""What faces ask about a reader's notices."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tangthu.notices import setup
from tangthu.notices.addresses import reachable_channels
from tangthu.notices.kinds import CHANNEL_LABELS, TOPIC_LABELS
from tangthu.notices.models import Choice, ChoiceMode
from tangthu.notices.policy import (
    BASIS,
    CHOOSABLE,
    CHOOSABLE_CHANNELS,
    DEFAULT_LANGUAGE,
    Basis,
    Channel,
    Topic,
    consent_text,
)
from tangthu.patrons.models import Patron


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelChoice:
    """One box of the reader's table: a topic by a channel.

    `is_on` says that messages go now, be it by consent (`choice`) or unasked; `text` is what the
    reader agrees to by ticking the box: show it, and give it back to `choose`.
    """

    topic: Topic
    channel: Channel
    label: str
    is_reachable: bool
    is_on: bool
    mode: ChoiceMode
    text: str
    choice: Choice | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicChoices:
    """One line of the reader's table."""

    topic: Topic
    label: str
    channels: tuple[ChannelChoice, ...]


def choices_of(patron: Patron, *, language: str = DEFAULT_LANGUAGE) -> tuple[TopicChoices, ...]:
    """Return every topic that the reader may choose, with the channels set up here. One query."""
    known = {(row.topic, row.channel): row for row in _rows(patron)}
    channels = [each for each in CHOOSABLE_CHANNELS if each in setup.configured()]
    reachable = reachable_channels(patron)

    def box(topic: Topic, channel: Channel) -> ChannelChoice:
        row = known.get((topic.value, channel.value))
        in_force = row if row is not None and row.withdrawn_at is None else None
        unasked = row is None and _goes_unasked(topic, channel, known.values())
        return ChannelChoice(
            topic=topic,
            channel=channel,
            label=str(CHANNEL_LABELS[channel]),
            is_reachable=channel in reachable,
            is_on=in_force is not None or (unasked and channel in reachable),
            mode=ChoiceMode(in_force.mode) if in_force else ChoiceMode.NOW,
            text=consent_text(topic, channel, library=patron.library.name, language=language),
            choice=in_force,
        )

    return tuple(
        TopicChoices(
            topic=topic,
            label=str(TOPIC_LABELS[topic]),
            channels=tuple(box(topic, channel) for channel in channels),
        )
        for topic in CHOOSABLE
    )


def consents_of(patron: Patron) -> list[Choice]:
    """Return all that the reader ever agreed to or refused, newest first: for an export of data."""
    return list(Choice.objects.filter(patron=patron).order_by("-id"))


def _rows(patron: Patron) -> Iterable[Choice]:
    """Return the reader's rows, so that of each topic and channel the newest comes last."""
    return Choice.objects.filter(patron=patron).order_by("id")


def _goes_unasked(topic: Topic, channel: Channel, rows: Iterable[Choice]) -> bool:
    chosen = any(row.topic == topic and row.withdrawn_at is None for row in rows)
    return BASIS[topic] is Basis.ASKED and channel is Channel.EMAIL and not chosen

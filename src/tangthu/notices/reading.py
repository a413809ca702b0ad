"""What faces ask about a reader's notices."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from tangthu.notices import setup
from tangthu.notices.addresses import reachable_channels
from tangthu.notices.choices import choices_for
from tangthu.notices.kinds import CHANNEL_LABELS, TOPIC_LABELS
from tangthu.notices.models import Choice, ChoiceMode
from tangthu.notices.policy import (
    CHOOSABLE,
    CHOOSABLE_CHANNELS,
    DEFAULT_LANGUAGE,
    Channel,
    Topic,
    consent_text,
    ways,
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

    @property
    def is_reachable(self) -> bool:
        """Whether the reader can be told by any channel."""
        return any(box.is_reachable for box in self.channels)

    @property
    def is_gathered(self) -> bool:
        """Whether the day's messages wait for each other and go as one."""
        return any(box.is_on and box.mode == ChoiceMode.DIGEST for box in self.channels)


def choices_of(patron: Patron, *, language: str = DEFAULT_LANGUAGE) -> tuple[TopicChoices, ...]:
    """Return every topic that the reader may choose, with the channels set up here."""
    held = {
        (row.topic, row.channel): row for row in Choice.objects.in_force().filter(patron=patron)
    }
    said = choices_for([patron.pk], CHOOSABLE)
    configured, reachable = setup.configured(), reachable_channels(patron)
    channels = [each for each in CHOOSABLE_CHANNELS if each in configured]

    def box(topic: Topic, channel: Channel, told: Collection[Channel]) -> ChannelChoice:
        choice = held.get((topic.value, channel.value))
        return ChannelChoice(
            topic=topic,
            channel=channel,
            label=str(CHANNEL_LABELS[channel]),
            is_reachable=channel in reachable,
            is_on=choice is not None or channel in told,
            mode=ChoiceMode(choice.mode) if choice else ChoiceMode.NOW,
            text=consent_text(topic, channel, library=patron.library.name, language=language),
            choice=choice,
        )

    def line(topic: Topic) -> TopicChoices:
        told = ways(
            topic,
            said[patron.pk, topic],
            reachable=reachable & configured,
            language=language,
        )
        names = {way.channel for way in told}
        return TopicChoices(
            topic=topic,
            label=str(TOPIC_LABELS[topic]),
            channels=tuple(box(topic, channel, names) for channel in channels),
        )

    return tuple(line(topic) for topic in CHOOSABLE)


def consents_of(patron: Patron) -> list[Choice]:
    """Return all that the reader ever agreed to or refused, newest first: for an export of data."""
    return list(Choice.objects.filter(patron=patron).order_by("-id"))

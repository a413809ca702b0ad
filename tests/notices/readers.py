"""Readers and what they agreed to."""

from __future__ import annotations

from tangthu.core.actor import Actor, Face
from tangthu.notices.actions import choose
from tangthu.notices.models import Choice, ChoiceMode
from tangthu.notices.policy import Channel, Topic, consent_text
from tangthu.patrons.models import Patron


def agree(
    patron: Patron, topic: Topic, channel: Channel, *, mode: ChoiceMode = ChoiceMode.NOW
) -> Choice:
    """Let the reader tick the box, having read what stands beside it."""
    return choose(
        patron,
        topic=topic,
        channel=channel,
        mode=mode,
        text=consent_text(topic, channel, library=patron.library.name, language="vi"),
        by=Actor(face=Face.OPAC, patron_id=patron.pk, name=patron.card),
    )

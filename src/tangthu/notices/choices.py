"""What readers have chosen, refused, or agreed to with their card: read for many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from tangthu.notices.models import Choice, ChoiceMode
from tangthu.notices.policy import Channel, Choices, Topic, Way
from tangthu.patrons.models import Consent, ConsentPurpose

_BY_CARD: Mapping[str, tuple[Channel, ...]] = {
    ConsentPurpose.REMINDERS: (Channel.EMAIL, Channel.SMS),
    ConsentPurpose.ZALO: (Channel.ZALO,),
}
Key = tuple[int, Topic]


def choices_for(patrons: Collection[int], topics: Collection[Topic]) -> dict[Key, Choices]:
    """Return what each of the readers said of each topic. Two queries."""
    chosen = defaultdict[Key, list[Way]](list)
    refused = defaultdict[Key, set[Channel]](set)
    rows = Choice.objects.filter(patron__in=patrons, topic__in=topics)
    for choice in rows.order_by("id"):
        key, channel = (choice.patron_id, Topic(choice.topic)), Channel(choice.channel)
        if choice.withdrawn_at is None:
            chosen[key].append(Way(channel, choice.language, choice.mode == ChoiceMode.DIGEST))
            refused[key].discard(channel)
        else:
            refused[key].add(channel)
    agreed = _agreed(patrons)
    return {
        (patron, topic): Choices(
            chosen=chosen[patron, topic],
            refused=refused[patron, topic],
            agreed=agreed.get(patron, ()),
        )
        for patron in patrons
        for topic in topics
    }


def _agreed(patrons: Collection[int]) -> Mapping[int, list[Channel]]:
    """Return the channels to which readers agreed when they applied for their card."""
    agreed = defaultdict[int, list[Channel]](list)
    rows = Consent.objects.in_force().filter(patron__in=patrons, purpose__in=list(_BY_CARD))
    for patron, purpose in rows.values_list("patron_id", "purpose"):
        if patron is not None:
            agreed[patron] += _BY_CARD[purpose]
    return agreed

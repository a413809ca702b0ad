"""Telling by another channel what the first did not take."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from tangthu.notices import setup
from tangthu.notices.addresses import reachable_channels
from tangthu.notices.choices import choices_for
from tangthu.notices.hours import hours_of
from tangthu.notices.models import WAITING, Notice, NoticeState
from tangthu.notices.policy import (
    KINDS,
    Channel,
    Choices,
    NoticeKind,
    Way,
    sending_time,
    ways_instead,
)

DOUBTFUL = frozenset({"interrupted", "timeout", "broken_line"})
"""Why something was given up that may have arrived all the same."""


@transaction.atomic
def tell_instead(notices: Sequence[Notice], *, now: datetime) -> set[int]:
    """Put what a channel did not take into the outbox for the next one; return which went there.

    Only by a channel to which the reader agreed, and never what they are told, or may have been
    told, by another already. An SMS gives way to an e-mail only where it stood in for Zalo.
    """
    told = set[int]()
    for notice in notices:
        for way in _ways(notice):
            if _put(notice, way, now=now):
                told.add(notice.pk)
                break
    return told


def _ways(notice: Notice) -> tuple[Way, ...]:
    channel = Channel(notice.channel)
    if channel is not Channel.ZALO and notice.instead_of_id is None:
        return ()
    others = Notice.objects.filter(
        kind=notice.kind, source=notice.source, reader=notice.reader
    ).exclude(pk=notice.pk)
    tried = set[str]()
    for by, state, error in others.values_list("channel", "state", "error"):
        if state in {*WAITING, NoticeState.SENDING, NoticeState.SENT} or error in DOUBTFUL:
            return ()
        tried.add(by)
    definition = KINDS[NoticeKind(notice.kind)]
    left = ways_instead(
        channel,
        definition.topic,
        _said(notice),
        reachable=_reachable(notice) & setup.configured(),
        language=notice.language,
    )
    return tuple(way for way in left if way.channel not in tried)


def _said(notice: Notice) -> Choices:
    if notice.patron_id is None:
        return Choices()
    topic = KINDS[NoticeKind(notice.kind)].topic
    return choices_for([notice.patron_id], [topic])[notice.patron_id, topic]


def _reachable(notice: Notice) -> frozenset[Channel]:
    """Return what leads to the same person; for a code, or for no reader, the same telephone."""
    if notice.patron is None or KINDS[NoticeKind(notice.kind)].secret:
        return frozenset({Channel.SMS})
    return reachable_channels(notice.patron)


def _put(notice: Notice, way: Way, *, now: datetime) -> bool:
    go_at = sending_time(
        timezone.localtime(now),
        channel=way.channel,
        hours=hours_of(notice.library),
        urgent=notice.urgent,
    )
    _row, is_new = Notice.objects.get_or_create(
        kind=notice.kind,
        source=notice.source,
        reader=notice.reader,
        channel=way.channel,
        defaults={
            "patron": notice.patron,
            "library": notice.library,
            "language": way.language,
            "to_name": notice.to_name,
            "to_address": notice.to_address,
            "values": notice.values,
            "sealed": notice.sealed,
            "urgent": notice.urgent,
            "digest": notice.digest,
            "fleeting": notice.fleeting,
            "created_at": now,
            "next_at": go_at,
            "expires_at": notice.expires_at,
            "instead_of": notice,
        },
    )
    return is_new

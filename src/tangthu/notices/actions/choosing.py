"""What a reader wants to be told, and by which channel: consent given, kept and taken back."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.notices.errors import ConsentTextChanged, NotChoosable
from tangthu.notices.models import Choice, ChoiceMode, Notice, NoticeState
from tangthu.notices.policy import (
    CHOOSABLE,
    CHOOSABLE_CHANNELS,
    DEFAULT_LANGUAGE,
    LANGUAGES,
    Channel,
    Topic,
    consent_text,
    kinds_of,
)
from tangthu.patrons.models import Patron
from tangthu.patrons.permissions import PatronsPermission


@transaction.atomic
def choose(
    patron: Patron,
    *,
    topic: Topic,
    channel: Channel,
    mode: ChoiceMode = ChoiceMode.NOW,
    text: str,
    language: str = DEFAULT_LANGUAGE,
    by: Actor,
) -> Choice:
    """Let the reader be told of the topic by the channel, and keep the words they agreed to.

    `text` is what was shown beside the box that was ticked: it is compared with the text that
    holds now, and ConsentTextChanged tells to show that first. Agreeing again changes the mode
    alone. By the reader, or by staff who may change readers, for consent given on paper.
    """
    _require(patron, by)
    if topic not in CHOOSABLE or channel not in CHOOSABLE_CHANNELS:
        raise NotChoosable(field=f"{topic}-{channel}", topic=str(topic), channel=str(channel))
    spoken = language if language in LANGUAGES else DEFAULT_LANGUAGE
    if text != consent_text(topic, channel, library=patron.library.name, language=spoken):
        raise ConsentTextChanged(topic=str(topic), channel=str(channel))
    patron = Patron.objects.select_for_update().get(pk=patron.pk)
    held = _held(patron, topic, channel)
    if held is not None:
        return _with_mode(held, mode)
    choice = Choice.objects.create(
        patron=patron,
        topic=topic,
        channel=channel,
        mode=mode,
        language=spoken,
        text=text,
        agreed_at=timezone.now(),
        agreed_face=by.face,
        agreed_by=by.name[:150],
    )
    _leave_trace("notices.agreed", choice, by=by)
    return choice


@transaction.atomic
def withdraw(patron: Patron, *, topic: Topic, channel: Channel, by: Actor) -> Choice | None:
    """Take the consent back, or refuse what would be sent unasked. What waits is not sent any more.

    The row with the words once agreed to is kept, with when and how it was withdrawn. Returns
    None where there was nothing to refuse.
    """
    _require(patron, by)
    if topic not in CHOOSABLE or channel not in CHOOSABLE_CHANNELS:
        raise NotChoosable(field=f"{topic}-{channel}", topic=str(topic), channel=str(channel))
    patron = Patron.objects.select_for_update().get(pk=patron.pk)
    choice = _held(patron, topic, channel)
    if choice is None and _is_refused(patron, topic, channel):
        return None
    if choice is None:
        choice = Choice(patron=patron, topic=topic, channel=channel, language=DEFAULT_LANGUAGE)
    choice.withdrawn_at = timezone.now()
    choice.withdrawn_face, choice.withdrawn_by = by.face, by.name[:150]
    choice.save()
    waiting = Notice.objects.waiting().filter(
        patron=patron, channel=channel, kind__in=kinds_of(topic)
    )
    waiting.update(state=NoticeState.CANCELLED, error="consent_withdrawn", next_at=None)
    _leave_trace("notices.withdrawn", choice, by=by)
    return choice


def _require(patron: Patron, by: Actor) -> None:
    if by.patron_id is None or by.patron_id != patron.pk:
        by.require(PatronsPermission.EDIT_PATRONS, at=patron.library_id)


def _held(patron: Patron, topic: Topic, channel: Channel) -> Choice | None:
    rows = Choice.objects.in_force().filter(patron=patron, topic=topic, channel=channel)
    return rows.first()


def _is_refused(patron: Patron, topic: Topic, channel: Channel) -> bool:
    return Choice.objects.filter(patron=patron, topic=topic, channel=channel).exists()


def _with_mode(choice: Choice, mode: ChoiceMode) -> Choice:
    if choice.mode != mode:
        choice.mode = mode
        choice.save(update_fields=["mode"])
    return choice


def _leave_trace(action: str, choice: Choice, *, by: Actor) -> None:
    audit.record(
        action,
        by=by,
        kind="patron",
        key=choice.patron_id,
        library=choice.patron.library_id,
        after={"topic": choice.topic, "channel": choice.channel},
    )

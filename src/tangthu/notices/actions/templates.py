"""The texts of a library: written, taken back, and reported when they break."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.core.errors import Conflict, StaleVersion
from tangthu.libraries.models import Library
from tangthu.notices.errors import TemplateRefused, TemplateTooLong, ZaloTemplateNeeded
from tangthu.notices.models import Template
from tangthu.notices.permissions import NoticesPermission
from tangthu.notices.policy import (
    BODY_ROOM,
    SUBJECT_ROOM,
    WITH_SUBJECT,
    Channel,
    Fault,
    NoticeKind,
    TemplateFault,
    Text,
    faults,
    values_of,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a text belongs: a library, a kind, a channel and a language."""

    library: Library
    kind: NoticeKind
    channel: Channel
    language: str


def check_text(place: Place, text: Text) -> None:
    """Raise what is wrong with a text: TemplateRefused with every place, too long, no number."""
    known = {each.name for each in values_of(place.kind)}
    for field, said, room in (
        ("subject", text.subject, SUBJECT_ROOM),
        ("body", text.body, BODY_ROOM),
    ):
        if len(said) > room:
            raise TemplateTooLong(field, limit=room)
    if place.channel is Channel.ZALO and not text.subject.strip().isalnum():
        raise ZaloTemplateNeeded("subject")
    if place.channel in WITH_SUBJECT:
        _require_sound("subject", text.subject, known)
        if "\n" in text.subject:
            raise TemplateRefused("subject", [TemplateFault(Fault.STRAY, 1, 1)])
    _require_sound("body", text.body, known)


def save_text(place: Place, text: Text, *, version: int = 0, by: Actor) -> Template:
    """Give the library, and those below it, a text of its own.

    `version` is that of the text that was changed, 0 where there was none: StaleVersion when
    somebody else saved meanwhile. Refused as `check_text` refuses.
    """
    try:
        return _save_text(place, text, version=version, by=by)
    except IntegrityError:
        raise StaleVersion from None


@transaction.atomic
def _save_text(place: Place, text: Text, *, version: int, by: Actor) -> Template:
    by.require(NoticesPermission.EDIT_TEMPLATES, at=place.library.pk)
    text = Text(text.subject.strip(), text.body.replace("\r\n", "\n").strip())
    check_text(place, text)
    row = _locked(place)
    if (row.version if row else 0) != version:
        raise StaleVersion(version=row.version if row else 0)
    before = audit.snapshot(row) if row else None
    row = row or Template(
        library=place.library,
        kind=place.kind,
        channel=place.channel,
        language=place.language,
        version=0,
    )
    row.subject, row.body, row.version = text.subject, text.body, row.version + 1
    row.changed_at, row.changed_by = timezone.now(), by.name[:150]
    row.broken_at, row.broken_why = None, ""
    row.save()
    _leave_trace("notices.text_saved", row, by=by, before=before, after=audit.snapshot(row))
    return row


@transaction.atomic
def remove_text(template: Template, *, by: Actor) -> None:
    """Let the library inherit the text again."""
    by.require(NoticesPermission.EDIT_TEMPLATES, at=template.library_id)
    before = audit.snapshot(template)
    removed, _ = Template.objects.filter(pk=template.pk, version=template.version).delete()
    if not removed:
        raise Conflict
    _leave_trace("notices.text_removed", template, by=by, before=before, after={})


@transaction.atomic
def report_broken(template: Template, why: str) -> None:
    """Note that a text could not be filled in, so that the shipped one went instead."""
    Template.objects.filter(pk=template.pk, broken_at=None).update(
        broken_at=timezone.now(), broken_why=why[:200]
    )


def _require_sound(field: str, said: str, known: set[str]) -> None:
    found = faults(said, known)
    if found:
        raise TemplateRefused(field, found)


def _locked(place: Place) -> Template | None:
    rows = Template.objects.select_for_update().filter(
        library=place.library, kind=place.kind, channel=place.channel, language=place.language
    )
    return rows.first()


def _leave_trace(
    action: str,
    row: Template,
    *,
    by: Actor,
    before: dict[str, object] | None,
    after: dict[str, object],
) -> None:
    audit.record(
        action,
        by=by,
        kind="notice_text",
        key=f"{row.kind}/{row.channel}/{row.language}",
        library=row.library_id,
        before=before,
        after=after,
    )

"""Everything that the library holds on a reader, for their own eyes: to read, and for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tangthu.core import wording
from tangthu.core.models import AuditEntry
from tangthu.patrons import holders, sealing
from tangthu.patrons.errors import CannotUnseal
from tangthu.patrons.holders import Section
from tangthu.patrons.models import Patron

_MOST_ENTRIES = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """What is held, section by section, at a moment."""

    library: str
    card: str
    made_at: datetime
    sections: Sequence[Section]

    def as_json(self) -> str:
        """Write it for programs: keys that never change, days and moments by ISO 8601."""
        told = {
            "library": self.library,
            "card": self.card,
            "made_at": self.made_at.isoformat(),
            "data": {
                section.key: [_plain_row(section, row) for row in section.rows]
                for section in self.sections
            },
        }
        return json.dumps(told, ensure_ascii=False, indent=2)


def of(patron: Patron, *, now: datetime) -> Disclosure:
    """Gather all that is kept on the reader: by this app first, then by every other."""
    sections = [*_own_sections(patron), *holders.told_by_all(patron)]
    return Disclosure(library=patron.library.name, card=patron.card, made_at=now, sections=sections)


def citizen_number_of(patron: Patron) -> str:
    """Return the reader's citizen number; empty where none is kept, or no key opens it."""
    if patron.citizen_number_sealed is None:
        return ""
    try:
        return sealing.unseal(bytes(patron.citizen_number_sealed), row=f"patron:{patron.pk}")
    except CannotUnseal:
        return ""


def _own_sections(patron: Patron) -> Iterator[Section]:
    yield _person(patron)
    yield _cards(patron)
    yield _restrictions(patron)
    yield _consents(patron)
    yield _wishes(patron)
    yield _log(patron)


def _person(patron: Patron) -> Section:
    guardian = patron.guardian
    row = {
        "name": patron.name,
        "birth_on": patron.birth_on,
        "category": patron.category.name,
        "library": patron.library.name,
        "phone": patron.dialled_phone,
        "email": patron.email,
        "address": patron.address,
        "citizen_number": citizen_number_of(patron),
        "guardian": guardian.name if guardian is not None else patron.guardian_name,
        "guardian_phone": patron.dialled_guardian_phone,
        "photo": patron.photo_id is not None,
        "note": patron.note,
        "registered_on": patron.registered_on,
    }
    columns = {
        "name": _("Full name"),
        "birth_on": _("Date of birth"),
        "category": _("Patron category"),
        "library": _("Home library"),
        "phone": _("Phone"),
        "email": _("E-mail"),
        "address": _("Address"),
        "citizen_number": _("Citizen number"),
        "guardian": _("Guardian's name"),
        "guardian_phone": _("Guardian's phone"),
        "photo": _("A photo is kept"),
        "note": _("Note"),
        "registered_on": _("Reader since"),
    }
    return Section(key="person", title=_("The reader"), columns=columns, rows=[row])


def _cards(patron: Patron) -> Section:
    rows: list[dict[str, object]] = [
        {
            "card": patron.card,
            "state": patron.get_card_status_display(),
            "until": patron.expires_on,
        }
    ]
    rows += [
        {"card": former.card, "state": _("Replaced"), "until": former.replaced_at}
        for former in patron.former_cards.order_by("-replaced_at")
    ]
    columns = {"card": _("Card number"), "state": _("Card"), "until": _("Valid until")}
    return Section(key="cards", title=_("Cards"), columns=columns, rows=rows)


def _restrictions(patron: Patron) -> Section:
    rows = [
        {
            "kind": each.get_kind_display(),
            "set_at": each.set_at,
            "until": each.until,
            "lifted_at": each.lifted_at,
            "note": each.note,
        }
        for each in patron.restrictions.order_by("-set_at")
    ]
    columns = {
        "kind": _("Why"),
        "set_at": _("From"),
        "until": _("Until"),
        "lifted_at": _("Lifted"),
        "note": _("Note"),
    }
    return Section(key="restrictions", title=_("Restrictions"), columns=columns, rows=rows)


def _consents(patron: Patron) -> Section:
    rows = [
        {
            "purpose": each.get_purpose_display(),
            "version": each.version,
            "text": each.text,
            "given_by": each.given_by,
            "given_at": each.given_at,
            "withdrawn_at": each.withdrawn_at,
        }
        for each in patron.consents.order_by("-given_at")
    ]
    columns = {
        "purpose": _("For"),
        "version": _("Version"),
        "text": _("Words"),
        "given_by": _("Given by"),
        "given_at": _("Given"),
        "withdrawn_at": _("Withdrawn"),
    }
    return Section(key="consents", title=_("Consents"), columns=columns, rows=rows)


def _wishes(patron: Patron) -> Section:
    changes = [
        {
            "what": _("Change of contacts"),
            "asked_at": each.asked_at,
            "state": each.get_state_display(),
            "answer": each.reason,
        }
        for each in patron.contact_changes.order_by("-asked_at")
    ]
    requests = [
        {
            "what": each.get_kind_display(),
            "asked_at": each.asked_at,
            "state": each.get_state_display(),
            "answer": each.answer,
        }
        for each in patron.data_requests.order_by("-asked_at")
    ]
    columns = {
        "what": _("Request"),
        "asked_at": _("Asked"),
        "state": _("State"),
        "answer": _("Answer"),
    }
    return Section(
        key="requests", title=_("Your requests"), columns=columns, rows=[*changes, *requests]
    )


def _log(patron: Patron) -> Section:
    """Return what was done with the reader's file, and when. Not by whom of the staff."""
    entries = AuditEntry.objects.about("patron", patron.pk).newest()[:_MOST_ENTRIES]
    rows = [
        {"at": entry.at, "deed": wording.sentence(f"audit.{entry.action}"), "face": entry.face}
        for entry in entries
    ]
    columns = {"at": _("When"), "deed": _("What"), "face": _("Through")}
    return Section(key="log", title=_("What was done with this file"), columns=columns, rows=rows)


def _plain_row(section: Section, row: Mapping[str, object]) -> dict[str, object]:
    return {key: _plain(row.get(key)) for key in section.columns}


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Promise) or not isinstance(value, str | int | float | bool | None):
        return str(value)
    return value

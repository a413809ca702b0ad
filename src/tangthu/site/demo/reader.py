"""The one reader of the demo who logs in: with books at home, a hold, wishes, a password."""

from __future__ import annotations

from dataclasses import replace

from django.db import transaction

from tangthu.circulation import actions as circulation
from tangthu.circulation.models import Hold, Loan
from tangthu.core.actor import Actor
from tangthu.libraries.models import Library
from tangthu.patrons.actions import contacts, passwords, requests
from tangthu.patrons.actions.logins import actor_for
from tangthu.patrons.models import Patron, ReaderAccount, RequestKind
from tangthu.reading.actions.requests import ask_access
from tangthu.reading.models import AccessRequest
from tangthu.repository.models import DigitalObject
from tangthu.site.demo.digital import DIARY
from tangthu.site.demo.waiting import free_items

READER = ("DEMO000003", "trinh-dien-ban-doc-2026")
"""Card and password, printed beside those of the staff."""
NEW_PHONE = "0900001234"


@transaction.atomic
def give_account(library: Library, *, by: Actor) -> None:
    """Let the reader borrow, wait and ask, and choose the password; once."""
    card, password = READER
    patron = Patron.objects.select_related("library", "category").get(card=card)
    if ReaderAccount.objects.filter(patron=patron).exists():
        return
    desk = replace(by, library_id=library.pk)
    items = free_items(library)
    for item in (next(items), next(items)):
        circulation.check_out(item, to=patron, by=desk)
    waited = Hold.objects.open().values("record")
    taken = Loan.objects.open().filter(item__library=library).exclude(item__record__in=waited)
    record = taken.exclude(patron=patron).order_by("-due_at", "pk")[0].item.record
    circulation.place_hold(record=record, for_=patron, pickup=library, by=by)
    themselves = actor_for(patron)
    passwords.choose_password(patron, password, by=themselves)
    contacts.request_contact_change(patron, phone=NEW_PHONE, by=themselves)
    requests.request_data_right(patron, RequestKind.EXPORT, by=themselves)


def ask_for_the_diary() -> None:
    """Let the reader ask to see what is shown on request alone; once."""
    patron = Patron.objects.get(card=READER[0])
    if not AccessRequest.objects.filter(patron=patron).exists():
        diary = DigitalObject.objects.get(title=DIARY)
        purpose = "Viết khoá luận về các bến nước quanh hồ Lắk"
        ask_access(diary, purpose=purpose, by=actor_for(patron))

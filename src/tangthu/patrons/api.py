"""Readers over the REST API."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, cast

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import BeforeValidator, Field

from tangthu.core import wording
from tangthu.core.actor import Actor
from tangthu.core.problems import refusal
from tangthu.libraries.models import Library
from tangthu.patrons import actions, reading
from tangthu.patrons.actions import PatronData
from tangthu.patrons.errors import (
    PatronInvalid,
    UnknownCategory,
    UnknownLibrary,
    UnknownPatron,
)
from tangthu.patrons.models import Patron, PatronCategory, PatronQuerySet
from tangthu.text.normal import normalise
from tangthu.text.phones import local_phone

router = Router(tags=["patrons"])


def _day(value: object) -> object:
    """Read dd/MM/yyyy, as people here write it, beside ISO 8601."""
    if isinstance(value, str) and value.count("/") == 2:
        try:
            return datetime.strptime(value.strip(), "%d/%m/%Y").date()  # noqa: DTZ007
        except ValueError:
            return value
    return None if value == "" else value


Day = Annotated[date | None, BeforeValidator(_day)]


class PatronIn(Schema):
    """Who is to be registered. An empty card asks for the library's next number."""

    name: str = Field(max_length=1000)
    category: str = Field(max_length=30, description="code of the category")
    library: str = Field(max_length=20, description="code of the home library")
    card: str = Field("", max_length=100)
    sort_name: str = Field("", max_length=160)
    birth_on: Day = None
    phone: str = Field("", max_length=30)
    email: str = Field("", max_length=254)
    address: str = Field("", max_length=300)
    guardian_card: str = Field("", max_length=100)
    guardian_name: str = Field("", max_length=150)
    guardian_phone: str = Field("", max_length=30)
    citizen_number: str = Field("", max_length=30)
    note: str = Field("", max_length=2000)
    registered_on: Day = None
    expires_on: Day = None


class GuardianOut(Schema):
    card: str | None
    name: str
    phone: str


class RestrictionOut(Schema):
    kind: str
    until: date | None
    note: str


class PatronOut(Schema):
    card: str
    card_status: str
    name: str
    sort_name: str
    category: str
    library: str
    birth_on: date | None
    phone: str
    email: str
    address: str
    guardian: GuardianOut | None
    registered_on: date
    expires_on: date
    restrictions: list[RestrictionOut]


class RegisteredOut(PatronOut):
    """The new reader, and the cards of readers who are probably the same person."""

    resembles: list[str]


@router.post("/patrons", response={201: RegisteredOut})
def register(request: HttpRequest, told: PatronIn) -> Status[dict[str, object]] | HttpResponse:
    """Register a reader; somebody who resembles one is registered too, and told of."""
    by = _actor(request)
    data = _data(told, by)
    alike = [patron.card for patron in reading.resembling(data, by=by)]
    try:
        patron = actions.register_patron(data, by=by)
    except PatronInvalid as refused:
        return refusal(refused, {"errors": _explained(refused)})
    return Status(201, {**_patron(patron, by), "resembles": alike})


@router.get("/patrons/{card}", response=PatronOut)
def patron_details(request: HttpRequest, card: str) -> dict[str, object]:
    """Return a reader by the present card, if they belong to the libraries of the caller."""
    by = _actor(request)
    patron = reading.patron_by_card(card, by=by, whole=True)
    if patron is None:
        raise UnknownPatron(card=card)
    actions.note_seen(patron, by=by)
    return _patron(patron, by)


def _actor(request: HttpRequest) -> Actor:
    return cast(Actor, request.auth)  # type: ignore[attr-defined]


def _known(by: Actor) -> PatronQuerySet:
    return Patron.objects.visible_to(by).select_related("category", "library", "guardian")


def _data(told: PatronIn, by: Actor) -> PatronData:
    category = PatronCategory.objects.filter(code=normalise(told.category)).first()
    if category is None:
        raise UnknownCategory(field="category", category=told.category)
    library = Library.objects.filter(code=normalise(told.library)).first()
    if library is None:
        raise UnknownLibrary(field="library", library=told.library)
    guardian = None
    if told.guardian_card:
        guardian = reading.patron_by_card(told.guardian_card, by=by)
        if guardian is None:
            raise UnknownPatron(field="guardian_card", card=told.guardian_card)
    same = told.dict(exclude={"category", "library", "guardian_card"})
    return PatronData(category=category, library=library, guardian=guardian, **same)


def _explained(refused: PatronInvalid) -> list[dict[str, object]]:
    return [
        {
            "field": fault.field,
            "code": fault.code,
            "message": wording.sentence(fault.code, {"limit": fault.limit}),
        }
        for fault in refused.faults
    ]


def _patron(patron: Patron, by: Actor) -> dict[str, object]:
    in_force = patron.restrictions.in_force(timezone.localdate())
    same = ("card", "card_status", "name", "sort_name", "birth_on", "email", "address")
    return {
        **{name: getattr(patron, name) for name in same},
        "category": patron.category.code,
        "library": patron.library.code,
        "phone": patron.dialled_phone,
        "guardian": _guardian(patron, by),
        "registered_on": patron.registered_on,
        "expires_on": patron.expires_on,
        "restrictions": [
            {"kind": each.kind, "until": each.until, "note": each.note} for each in in_force
        ],
    }


def _guardian(patron: Patron, by: Actor) -> dict[str, object] | None:
    """Return who answers for a child; another reader's file only as far as it may be seen."""
    other = patron.guardian
    if other is not None and _known(by).filter(pk=other.pk).exists():
        return {"card": other.card, "name": other.name, "phone": other.dialled_phone}
    if not patron.guardian_name:
        return None
    phone = local_phone(patron.guardian_phone)
    return {"card": None, "name": patron.guardian_name, "phone": phone}

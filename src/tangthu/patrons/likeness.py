"""Who an applicant may be already: for staff, beside the application; never for the applicant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Q

from tangthu.core.actor import Actor
from tangthu.patrons import policy
from tangthu.patrons.models import Application, ApplicationState, Patron

_MOST = 5


class Sign(StrEnum):
    """What two have in common."""

    NUMBER = "number"
    NAME_AND_BIRTH = "name_and_birth"
    PHONE = "phone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """A reader, or another application, and what it has in common with this one.

    `is_hidden` is a reader of a library that the actor does not see: that there is one is told,
    who it is not.
    """

    signs: tuple[Sign, ...]
    patron: Patron | None = None
    application: Application | None = None
    is_hidden: bool = False


def alike(application: Application, *, by: Actor) -> list[Alike]:
    """Return the readers and the open applications that are perhaps the same person."""
    found = [*_readers(application, by), *_applications(application, by)]
    return sorted(found, key=lambda each: -len(each.signs))[:_MOST]


def _readers(application: Application, by: Actor) -> Iterator[Alike]:
    patrons = Patron.objects.filter(_same(application), erased_at=None).for_list()[:50]
    seen = set(
        Patron.objects.visible_to(by)
        .filter(pk__in=[patron.pk for patron in patrons])
        .values_list("pk", flat=True)
    )
    for patron in patrons:
        signs = _signs(application, patron)
        if not signs or patron.pk == application.patron_id:
            continue
        if patron.pk in seen:
            yield Alike(signs=signs, patron=patron)
        elif Sign.NUMBER in signs:
            yield Alike(signs=signs, is_hidden=True)


def _applications(application: Application, by: Actor) -> Iterator[Alike]:
    open_ones = Application.objects.visible_to(by).filter(
        state__in=[ApplicationState.WAITING, ApplicationState.RETURNED]
    )
    others = open_ones.filter(_same(application)).exclude(pk=application.pk).for_queue()
    for other in others[:50]:
        if signs := _signs(application, other):
            yield Alike(signs=signs, application=other)


def _same(application: Application) -> Q:
    condition = Q(pk=None)
    if application.citizen_number_digest:
        condition |= Q(citizen_number_digest=application.citizen_number_digest)
    if application.birth_on is not None and application.folded_name:
        condition |= Q(folded_name=application.folded_name, birth_on=application.birth_on)
    if application.phone:
        condition |= Q(phone=application.phone)
    return condition


def _signs(application: Application, other: Patron | Application) -> tuple[Sign, ...]:
    signs: list[Sign] = []
    digest = application.citizen_number_digest
    if digest and digest == other.citizen_number_digest:
        signs.append(Sign.NUMBER)
    same_words = policy.search_words(application.name) == other.folded_name
    if same_words and application.birth_on and application.birth_on == other.birth_on:
        signs.append(Sign.NAME_AND_BIRTH)
    if application.phone and application.phone == other.phone:
        signs.append(Sign.PHONE)
    return tuple(signs)

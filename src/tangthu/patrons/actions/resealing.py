"""Sealing every citizen number anew, after the secret key was changed."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from tangthu.patrons import sealing
from tangthu.patrons.actions.applying import number_row
from tangthu.patrons.actions.registering import sealed_row
from tangthu.patrons.errors import CannotUnseal
from tangthu.patrons.models import Application, Patron


@dataclass(frozen=True, slots=True)
class Resealed:
    """What came of it: sealed anew, were new already, cannot be opened by any key."""

    done: int
    newest: int
    lost: int


def reseal() -> Resealed:
    """Seal all citizen numbers and codes under the present key, each for its own row.

    Afterwards the former keys can be dropped, if nothing was lost. May be stopped and run again;
    each row is a transaction of its own, so lending goes on meanwhile.
    """
    outcomes = [_reseal_patron(pk) for pk in _sealed_patrons()]
    outcomes += [_reseal_application(pk) for pk in _applications()]
    return Resealed(
        done=outcomes.count(True), newest=outcomes.count(False), lost=outcomes.count(None)
    )


def _sealed_patrons() -> list[int]:
    sealed = Patron.objects.exclude(citizen_number_sealed=None)
    return list(sealed.order_by("pk").values_list("pk", flat=True))


def _applications() -> list[int]:
    return list(Application.objects.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _reseal_patron(pk: int) -> bool | None:
    patron = Patron.objects.select_for_update().get(pk=pk)
    if patron.citizen_number_sealed is None:
        return False
    row, sealed = sealed_row(patron), bytes(patron.citizen_number_sealed)
    if sealing.is_newest(sealed, row=row):
        return False
    try:
        number = sealing.unseal(sealed, row=row)
    except CannotUnseal:
        return None
    patron.citizen_number_sealed = sealing.seal(number, row=row)
    patron.citizen_number_digest = sealing.digest(number)
    patron.save(update_fields=["citizen_number_sealed", "citizen_number_digest"])
    return True


@transaction.atomic
def _reseal_application(pk: int) -> bool | None:
    application = Application.objects.select_for_update().filter(pk=pk).first()
    if application is None or application.code_sealed is None:
        return False
    sealed, row = bytes(application.code_sealed), f"code:{pk}"
    if sealing.is_newest(sealed, row=row):
        return False
    try:
        code = sealing.unseal(sealed, row=row)
        number = _number_of(application)
    except CannotUnseal:
        return None
    application.code_sealed, application.code_digest = (
        sealing.seal(code, row=row),
        sealing.digest(code),
    )
    if number:
        application.citizen_number_sealed = sealing.seal(number, row=number_row(application))
        application.citizen_number_digest = sealing.digest(number)
    application.save()
    return True


def _number_of(application: Application) -> str:
    sealed = application.citizen_number_sealed
    return "" if sealed is None else sealing.unseal(bytes(sealed), row=number_row(application))

"""Readers' passwords: the first one, a start password from the desk, and changes."""

from __future__ import annotations

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from tangthu.access.actions.users import first_password
from tangthu.access.errors import SamePassword, WeakPassword, WrongPassword
from tangthu.access.policy import LONGEST_PASSWORD
from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.core.errors import NotPermitted
from tangthu.patrons.actions.logins import actor_for, forget_sessions
from tangthu.patrons.actions.tries import begin_try, forgive, succeed
from tangthu.patrons.errors import CardNotInUse
from tangthu.patrons.models import CardStatus, Patron, ReaderAccount
from tangthu.patrons.permissions import PatronsPermission
from tangthu.patrons.policy import logins as policy


def change_password(patron: Patron, *, present: str, new: str, address: str | None) -> None:
    """Change one's own password; all browsers are logged out, this one begins anew.

    Raises WrongPassword (counted like a failed log-in), WeakPassword, SamePassword.
    """
    account = account_of(patron)
    attempt = begin_try(patron.card, address=address)
    if not check_password(present[: LONGEST_PASSWORD + 1], account.password):
        raise WrongPassword(field="present")
    succeed(attempt)
    if present == new:
        raise SamePassword(field="new")
    _set_own(patron, new)


def choose_password(patron: Patron, new: str, *, by: Actor) -> None:
    """Set the password of a reader who has just proved who they are, by code or start password.

    Raises WeakPassword. The one of before, if any, holds no more; all browsers are logged out.
    """
    if by.patron_id != patron.pk:
        raise NotPermitted(patron=patron.pk)
    _set_own(patron, new)


@transaction.atomic
def give_start_password(patron: Patron, *, by: Actor) -> str:
    """Give the reader a password for the first log-in, and return it for the slip.

    It holds for fourteen days, must be changed at once, and ends all sessions. Refused for a
    withdrawn card.
    """
    by.require(PatronsPermission.EDIT_PATRONS, at=patron.library_id)
    if patron.card_status == CardStatus.WITHDRAWN:
        raise CardNotInUse(card=patron.card)
    first = first_password()
    account = account_of(patron)
    account.password = make_password(first)
    account.must_change_password = True
    account.start_password_until = timezone.now() + policy.START_PASSWORD_LASTS
    account.save(update_fields=["password", "must_change_password", "start_password_until"])
    forget_sessions(patron)
    forgive(patron.card)
    _note("patron.start_password_given", patron, by=by)
    return first


def account_of(patron: Patron) -> ReaderAccount:
    """Return the patron's account, made when it is first needed."""
    return ReaderAccount.objects.get_or_create(patron=patron)[0]


@transaction.atomic
def _set_own(patron: Patron, new: str) -> None:
    if len(new) > LONGEST_PASSWORD:
        raise WeakPassword(field="new", reasons=["password_too_long"])
    try:
        validate_password(new)
    except ValidationError as weak:
        reasons = [fault.code or "weak_password" for fault in weak.error_list]
        raise WeakPassword(field="new", reasons=reasons) from None
    account = account_of(patron)
    account.password = make_password(new)
    account.must_change_password = False
    account.start_password_until = None
    account.save(update_fields=["password", "must_change_password", "start_password_until"])
    forget_sessions(patron)
    _note("patron.password_changed", patron, by=actor_for(patron))


def _note(action: str, patron: Patron, *, by: Actor) -> None:
    audit.record(action, by=by, kind="patron", key=patron.pk, library=patron.library_id)

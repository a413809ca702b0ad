"""One-time codes: asked for by anybody, sent to those who are known, worth one use."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from math import ceil

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from tangthu.access.policy import throttled_address
from tangthu.patrons.actions.logins import who_log_in
from tangthu.patrons.actions.tries import begin_try, succeed
from tangthu.patrons.errors import CodeRefused, ReaderMustWait
from tangthu.patrons.models import LoginCode, Patron
from tangthu.patrons.policy import logins as policy


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeCode:
    """A code on its way: to whom, and to which phone if it was a phone that was typed."""

    code: str
    patrons: tuple[Patron, ...]
    phone: str


@transaction.atomic
def ask_for_code(typed: str, *, address: str | None) -> LoginCode:
    """Write down that somebody wants a code, and look nobody up.

    Raises ReaderMustWait when codes were asked for too often by this name or from this address.
    Whether anybody is known by what was typed is found later, by the worker that sends the code:
    so this answer can tell nothing, not even by the time it takes.
    """
    now = timezone.now()
    name = policy.named(typed).key
    of_address = throttled_address(address)
    recent = LoginCode.objects.filter(asked_at__gt=now - policy.CODES_COUNT_FOR)
    until = policy.next_code_at(
        now,
        of_name=list(recent.filter(name=name).values_list("asked_at", flat=True)),
        of_address=list(recent.filter(address=of_address).values_list("asked_at", flat=True))
        if of_address
        else [],
    )
    if until is not None:
        seconds = ceil((until - now).total_seconds())
        raise ReaderMustWait(seconds=seconds, minutes=ceil(seconds / 60))
    return LoginCode.objects.create(name=name, address=of_address, asked_at=now)


@transaction.atomic
def make_code(asked: LoginCode) -> MadeCode | None:
    """Make the code that was asked for; None where nobody is known, or it was made before.

    A telephone is that of whoever gave it as theirs, and of the children of whose guardian it is.
    """
    row = LoginCode.objects.select_for_update().get(pk=asked.pk)
    now = timezone.now()
    if row.sent_at is not None or now > row.asked_at + policy.CODE_LASTS:
        return None
    named = policy.named(row.name)
    patrons = _known_by(named)
    if not patrons:
        return None
    code = f"{secrets.randbelow(10**policy.CODE_DIGITS):0{policy.CODE_DIGITS}}"
    row.digest = _digest(row, code)
    row.patrons = [patron.pk for patron in patrons]
    row.sent_at = now
    row.save(update_fields=["digest", "patrons", "sent_at"])
    return MadeCode(code=code, patrons=tuple(patrons), phone=named.phone)


def use_code(code_id: int, typed: str, *, address: str | None) -> list[Patron]:
    """Take the code, once, and return the patrons between whom its owner may choose.

    Raises CodeRefused, in the same words, for a wrong, used, expired, never sent and unknown one;
    ReaderMustWait after too many failures. Not one transaction: a failure must stay written.
    """
    asked = LoginCode.objects.filter(pk=code_id).first()
    attempt = begin_try(asked.name if asked else "", address=address)
    digits = "".join(filter(str.isdigit, typed[:50]))
    if asked is None or not _taken(asked, digits):
        raise CodeRefused(field="code")
    succeed(attempt)
    return list(who_log_in().filter(pk__in=asked.patrons).for_list())


@transaction.atomic
def _taken(asked: LoginCode, digits: str) -> bool:
    """Use the code up if it fits; of two who try at once the lock lets one be first."""
    row = LoginCode.objects.select_for_update().get(pk=asked.pk)
    expected = row.digest or "never sent"
    fits = constant_time_compare(_digest(row, digits), expected)
    is_good = (
        row.used_at is None
        and row.wrong < policy.WRONG_CODES
        and timezone.now() <= row.asked_at + policy.CODE_LASTS
    )
    if not fits:
        LoginCode.objects.filter(pk=row.pk).update(wrong=F("wrong") + 1)
    if not (fits and is_good):
        return False
    row.used_at = timezone.now()
    row.save(update_fields=["used_at"])
    return True


def _known_by(named: policy.Named) -> list[Patron]:
    """Return the readers whom a card or a telephone names, the owner of the phone first."""
    own = Q(card=named.card)
    if not named.phone:
        return list(who_log_in().filter(own)[:1])
    own |= Q(phone=named.phone)
    in_trust = Q(guardian_phone=named.phone) | Q(guardian__phone=named.phone)
    today = timezone.localdate()
    found = who_log_in().filter(own | in_trust).select_related("library").order_by("birth_on", "pk")
    return [
        patron
        for patron in found[:20]
        if named.phone == patron.phone
        or named.card == patron.card
        or policy.is_acted_for(patron.birth_on, today)
    ]


def _digest(row: LoginCode, code: str) -> str:
    keyed = salted_hmac("tangthu.patrons.login_code", f"{row.pk}:{code}", algorithm="sha256")
    return keyed.hexdigest()

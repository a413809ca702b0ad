"""Sending a reader the one-time code that was asked for."""

from __future__ import annotations

from django.db import transaction

from tangthu.libraries.models import Library
from tangthu.notices.actions import Address, announce, announce_to
from tangthu.notices.kinds import Channel, NoticeKind
from tangthu.patrons.actions import MadeCode, make_code
from tangthu.patrons.models import LoginCode, Patron
from tangthu.patrons.policy.logins import CODE_LASTS

BY_PHONE = (Channel.ZALO, Channel.SMS)
ANY = (*BY_PHONE, Channel.EMAIL)


@transaction.atomic
def send_code(asked: LoginCode) -> int:
    """Make the code and put it into the outbox; return how many messages carry it.

    A telephone that was typed gets the code itself, for it is what must be proved: several cards
    may name it. Where no message goes to telephones, it goes as a message to the one reader whose
    own telephone it is. None is sent where nobody is known; the caller must not tell.
    """
    made = make_code(asked)
    if made is None:
        return 0
    told = _to_phone(made, asked) if made.phone else 0
    return told or _to_reader(made, asked)


def _to_phone(made: MadeCode, asked: LoginCode) -> int:
    first = made.patrons[0]
    address = Address(name=first.name if len(made.patrons) == 1 else "", phone=made.phone)
    return len(
        announce_to(
            address,
            NoticeKind.LOGIN_CODE,
            library=first.library,
            values=_values(made),
            source=_source(asked),
            channels=BY_PHONE,
        )
    )


def _to_reader(made: MadeCode, asked: LoginCode) -> int:
    if len(made.patrons) > 1 or (made.phone and made.patrons[0].phone != made.phone):
        return 0
    patron: Patron = made.patrons[0]
    library: Library = patron.library
    return len(
        announce(
            NoticeKind.LOGIN_CODE,
            to=patron,
            library=library,
            values=_values(made),
            source=_source(asked),
            channels=ANY,
        )
    )


def _values(made: MadeCode) -> dict[str, object]:
    return {"code": made.code, "minutes": int(CODE_LASTS.total_seconds() // 60)}


def _source(asked: LoginCode) -> str:
    return f"login_code:{asked.pk}"

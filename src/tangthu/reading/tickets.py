"""Tickets: signed words, good for minutes, by which images of a restricted object are fetched.

A viewer asks for dozens of tiles a page. Who is asking was judged, and written down, when the
object was opened; each tile then only proves it. A ticket opens one object as it was at that
moment: another access level or state makes it void, and so does another address of the network
where the object is read in the library only. A ticket for one file opens that file alone.
"""

from __future__ import annotations

from datetime import timedelta

from django.core.signing import BadSignature, TimestampSigner
from django.utils.http import base36_to_int, int_to_base36

from tangthu.repository.policy.access import Terms
from tangthu.repository.policy.kinds import Access

LIFETIME = timedelta(minutes=15)


def give(
    identifier: str, terms: Terms, *, address: str | None, file: str = "", view: int = 0
) -> str:
    """Return a ticket for the object of this name, or one file, to somebody for whom it opens.

    `view` is the number of the opening that was written down: whose pages are marked with it.
    """
    words = _words(identifier, terms, address, file)
    named = f"{words}.{int_to_base36(view)}" if view else words
    return _signer().sign(named).removeprefix(f"{words}.")


def view_of(ticket: str) -> int:
    """Return the number of the opening that a good ticket names, 0 where it names none."""
    view, *rest = ticket.split(".")
    return base36_to_int(view) if len(rest) == 2 else 0


def opens(
    ticket: str, identifier: str, terms: Terms, *, address: str | None, file: str = ""
) -> bool:
    """Tell whether the ticket is one of ours for this object or file, and still good."""
    signed = f"{_words(identifier, terms, address, file)}.{ticket}"
    try:
        _signer().unsign(signed, max_age=LIFETIME)
    except BadSignature:
        return False
    return True


def _signer() -> TimestampSigner:
    return TimestampSigner(salt="tangthu.reading.ticket", sep=".")


def _words(identifier: str, terms: Terms, address: str | None, file: str) -> str:
    place = address if terms.access == Access.ON_SITE else ""
    return f"{identifier}/{terms.state}/{terms.access}/{terms.restriction}/{place}/{file}"

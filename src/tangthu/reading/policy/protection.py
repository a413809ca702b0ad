"""What a borrowed file's protection says: the states of an LCP licence, and the words of a mark.

Readium License Status Document 1.0, 2.3: *ready* was fetched and not opened yet, *active* is open
on a device; *returned*, *revoked*, *cancelled* and *expired* never open again.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from enum import StrEnum

SHORTEST_PASSPHRASE, LONGEST_PASSPHRASE = 6, 100
LONGEST_HINT = 120
CARD_SHOWN = 4


class LcpStatus(StrEnum):
    """The state of a licence at the licence server."""

    READY = "ready"
    ACTIVE = "active"
    RETURNED = "returned"
    REVOKED = "revoked"
    CANCELLED = "cancelled"
    EXPIRED = "expired"

    @property
    def is_open(self) -> bool:
        """Whether the licence still opens its publication."""
        return self in (LcpStatus.READY, LcpStatus.ACTIVE)


class Wanted(StrEnum):
    """What the licence server is still to be told of a loan."""

    NOTHING = ""
    EXTEND = "extend"
    END = "end"


class MarkNames(StrEnum):
    """Whom a visible mark names."""

    NAME = "name"
    CARD = "card"


_PUBLICATION = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def is_publication(name: str) -> bool:
    """Tell whether a licence server can know a publication by this name: a UUID in small letters.

    It refuses every other name, but only when a reader already waits for the licence.
    """
    return _PUBLICATION.fullmatch(name) is not None


def passphrase_digest(passphrase: str) -> str:
    """Return the user key of a passphrase: SHA-256 of its UTF-8 (LCP 1.0, 4.2), in hexadecimal."""
    return hashlib.sha256(passphrase.encode()).hexdigest()


def visible_mark(names: str, *, name: str, card: str, moment: str) -> str:
    """Return what is written on each page of a marked copy, as the library has chosen."""
    shown = f"…{card[-CARD_SHOWN:]}"
    who = (name, shown) if names == MarkNames.NAME else (shown,)
    return " · ".join((*who, moment))


_MARK = re.compile(rb"TT-([0-9]{1,18})-([A-Z2-7]{16})")


def hidden_mark(loan: int, *, secret: bytes) -> str:
    """Return the mark by which a copy is known again: the number of its loan, and our seal on it.

    It names nobody: whose loan it was is known to the library alone, and for as long as loans are
    kept.
    """
    seal = hmac.new(secret, f"lent copy {loan}".encode(), hashlib.sha256).digest()[:10]
    return f"TT-{loan}-{base64.b32encode(seal).decode()}"


def loan_in(content: bytes, *, secret: bytes) -> int | None:
    """Return the loan of the first mark in these bytes that we sealed ourselves."""
    for match in _MARK.finditer(content):
        loan = int(match[1])
        if hmac.compare_digest(hidden_mark(loan, secret=secret).encode(), match[0]):
            return loan
    return None

"""The words to which people agree, purpose by purpose, and their version.

A change of the words is a new version. What somebody agreed to is stored with the consent, so
older ones keep their words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tangthu.libraries.models import Library
from tangthu.patrons.models import ConsentPurpose
from tangthu.patrons.policy.applying import NEEDED, Purpose

VERSION = "2026-11"

_WORDS: Mapping[Purpose, Promise] = {
    Purpose.CARD: _(
        "I agree that %(library)s keeps my full name, date of birth, address, phone number and, if "
        "I gave it, my citizen number, to make my library card, lend to me and reach me about "
        "loans. The citizen number is stored encrypted. I may see, correct and have erased what "
        "is kept, and withdraw this consent; then the card ends."
    ),
    Purpose.REMINDERS: _(
        "I agree that %(library)s reminds me by e-mail and text message of due dates, reserved "
        "books and the end of my card."
    ),
    Purpose.ZALO: _(
        "I agree that %(library)s sends these messages to my phone number by Zalo as well."
    ),
    Purpose.PHOTO: _(
        "I agree that %(library)s keeps my photo, to print it on the card and to know me at the "
        "desk. It is shown to nobody else."
    ),
    Purpose.STATISTICS: _(
        "I agree that my age group, ward and kind of reader are counted in the library's "
        "statistics, without my name."
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One thing to agree to, as it stands on the page."""

    purpose: Purpose
    title: str
    text: str
    is_needed: bool


def words(purpose: Purpose, *, library: Library) -> str:
    """Return the very text of a consent, in the language of the page."""
    return str(_WORDS[purpose]) % {"library": library.name}


def offers(library: Library) -> list[Offer]:
    """Return everything that a reader of the library may agree to."""
    return [
        Offer(
            purpose=purpose,
            title=str(ConsentPurpose(purpose.value).label),
            text=words(purpose, library=library),
            is_needed=purpose in NEEDED,
        )
        for purpose in Purpose
    ]

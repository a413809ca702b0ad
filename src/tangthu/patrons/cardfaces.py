"""What stands on a card, on paper and on the screen."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from datetime import date

from tangthu.libraries.reading import preference
from tangthu.patrons.models import CardStatus, Patron
from tangthu.patrons.symbols import Symbol, code128, qr

MODULE, WIDEST = 0.33, 77.6
"""Millimetres: of one module of the bar code, and of the card between its margins."""

LONG, LONGEST = 24, 36
"""Letters. Longer names are set smaller, so that they stand on the card whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFace:
    """A card as it is drawn. The photo is part of the page, so that a saved page has it."""

    card: str
    name: str
    category: str
    library: str
    address: str
    phone: str
    back: str
    expires_on: date
    is_temporary: bool
    is_valid: bool
    barcode: Symbol
    qr: Symbol
    photo: str

    @property
    def bars_width(self) -> str:
        """How wide the bar code is printed: modules of 0.33 mm, narrower where it would not fit.

        Readers of this century take 0.25 mm from paper; a number of up to 20 signs stays above.
        """
        module = min(MODULE, WIDEST / self.barcode.width)
        return f"{module * self.barcode.width:.3f}mm"

    @property
    def name_size(self) -> str:
        """How large the name is set."""
        if len(self.name) > LONGEST:
            return "longest"
        return "long" if len(self.name) > LONG else "plain"


def face_of(patron: Patron, *, today: date) -> CardFace:
    """Return what stands on the reader's card."""
    library = patron.library
    return CardFace(
        card=patron.card,
        name=patron.name,
        category=patron.category.name,
        library=library.name,
        address=library.address,
        phone=library.phone,
        back=str(preference(library, "card_back")),
        expires_on=patron.expires_on,
        is_temporary=patron.is_temporary,
        is_valid=patron.card_status == CardStatus.ACTIVE and patron.expires_on >= today,
        barcode=code128(patron.card),
        qr=qr(patron.card),
        photo=_data(patron),
    )


def _data(patron: Patron) -> str:
    if patron.photo is None:
        return ""
    return "data:image/jpeg;base64," + b64encode(bytes(patron.photo.jpeg)).decode()

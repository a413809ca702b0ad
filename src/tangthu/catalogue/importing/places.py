"""Where the copies of a file stand and what they are: names in the file onto rows of ours."""

from __future__ import annotations

from zlib import crc32

from tangthu.catalogue.models import ItemType
from tangthu.libraries.models import Library, Location
from tangthu.text import fold

LONGEST_CODE = 30
_BOOK = "book"
_TYPE_WORDS = {"bk": _BOOK, "book": _BOOK, "sach": _BOOK, "books": _BOOK, "bks": _BOOK}


class Places:
    """The locations of one library and the item types, found by code or by name."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._locations: dict[str, Location] = {}
        self._types: dict[str, ItemType] = {}
        self.reload()

    def reload(self) -> None:
        """Read all anew, as after a batch whose new locations were rolled back."""
        self._locations.clear()
        for location in self.library.locations.all():
            self.remember(location)
        self._types = {kind.code: kind for kind in ItemType.objects.all()}

    def remember(self, location: Location, *names: str) -> None:
        """Know a location under its code, its name, and the names that a file has for it."""
        for text in (location.code, location.name, *names):
            self._locations.setdefault(fold(text), location)

    def location(self, text: str) -> Location | None:
        """Return the location with this code or name."""
        return self._locations.get(fold(text)) if text else None

    def item_type(self, text: str, material: str) -> ItemType:
        """Return the type that the file names, else the one for the material, else a book."""
        word = fold(text)
        for code in (word, _TYPE_WORDS.get(word, ""), material, _BOOK):
            if code in self._types:
                return self._types[code]
        return next(iter(self._types.values()), ItemType(code=_BOOK))


def location_code(name: str) -> str:
    """Return a code for a location known by its name alone; other names give other codes."""
    letters = "".join(letter for letter in fold(name).upper() if letter.isalnum() or letter in "-.")
    return (
        letters
        if 0 < len(letters) <= LONGEST_CODE
        else f"{letters[:21]}-{crc32(name.encode()):08X}"
    )

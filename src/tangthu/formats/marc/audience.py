"""The age that a record asks of its readers, from its note on the audience (MARC 521)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tangthu.text.folding import fold

YOUNGEST = 13
"""Lower ages (“6+” on a picture book) advise parents; from here on they keep readers out."""

_AGES = (
    re.compile(r"(?<!\d)(\d{1,2}) ?\+"),
    re.compile(r"(?:tu|tren|du) (?:du )?(\d{1,2}) tuoi(?: tro len)?"),
    re.compile(r"duoi (\d{1,2}) tuoi"),
    re.compile(r"(?:ages?|aged|over) (\d{1,2}) (?:and|or) (?:over|above|older|up)"),
)


def minimum_age(notes: Iterable[str]) -> int | None:
    """Return the highest age that the notes ask for: “18+”, “cấm trẻ em dưới 16 tuổi”.

    None where they name no age that keeps anybody out.
    """
    found = (
        int(match.group(1))
        for note in notes
        for pattern in _AGES
        for match in pattern.finditer(fold(note))
    )
    return max((age for age in found if YOUNGEST <= age <= 21), default=None)

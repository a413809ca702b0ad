"""What kind of thing a record describes, for facets and lending rules."""

from __future__ import annotations

from enum import StrEnum

from tangthu.formats.marc.record import MarcRecord


class MaterialType(StrEnum):
    """The kinds that readers and lending rules tell apart."""

    BOOK = "book"
    SERIAL = "serial"
    ARTICLE = "article"
    MAP = "map"
    MUSIC = "music"
    SOUND = "sound"
    VIDEO = "video"
    PICTURE = "picture"
    ELECTRONIC = "electronic"
    MANUSCRIPT = "manuscript"
    KIT = "kit"
    OBJECT = "object"
    OTHER = "other"


_BY_TYPE = {
    "a": MaterialType.BOOK,
    "t": MaterialType.MANUSCRIPT,
    "c": MaterialType.MUSIC,
    "d": MaterialType.MUSIC,
    "e": MaterialType.MAP,
    "f": MaterialType.MAP,
    "g": MaterialType.VIDEO,
    "i": MaterialType.SOUND,
    "j": MaterialType.SOUND,
    "k": MaterialType.PICTURE,
    "m": MaterialType.ELECTRONIC,
    "o": MaterialType.KIT,
    "p": MaterialType.KIT,
    "r": MaterialType.OBJECT,
}
_ELECTRONIC_FORMS = frozenset("oqs")


def material_type(record: MarcRecord, fixed: str | None = None) -> MaterialType:
    """Return the kind by leader 06 and 07 and, for texts, the form of item in 008/23.

    `fixed` is the 008, where the caller has it at hand.
    """
    kind, level = record.leader[6:7], record.leader[7:8]
    found = _BY_TYPE.get(kind, MaterialType.OTHER)
    if found is not MaterialType.BOOK:
        return found
    if level in ("a", "b"):
        return MaterialType.ARTICLE
    if level in ("s", "i"):
        return MaterialType.SERIAL
    if fixed is None:
        fixed = record.control("008") or ""
    return MaterialType.ELECTRONIC if fixed[23:24] in _ELECTRONIC_FORMS else MaterialType.BOOK

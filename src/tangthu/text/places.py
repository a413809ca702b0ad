"""Names of places and peoples that are written in several ways.

Marks and the pairs Buôn/Ƀuôn, Ea/Êa, Cư/Čư need nothing here: folding makes them
one. These are names whose letters differ.
"""

from __future__ import annotations

from tangthu.text.folding import match_key

_SPELLINGS = (
    ("dak lak", "dac lac", "dac lak", "dak lac", "daklak", "daclac", "darlac", "darlak"),
    ("dak nong", "dac nong", "daknong", "dacnong"),
    ("buon ma thuot", "ban me thuot", "buon me thuot", "ban ma thuot", "banmethuot"),
    ("buon don", "ban don"),
    ("kon tum", "kontum", "con tum", "cong tum"),
    ("pleiku", "plei ku", "play cu", "pleicu", "play ku"),
    ("gia lai", "gia rai", "jarai", "jrai", "djarai", "jorai", "chrai"),
    ("e de", "ede", "rade", "rhade", "ra de"),
    ("mnong", "mo nong", "pnong", "bunong"),
    ("ba na", "bana", "bahnar"),
    ("xo dang", "xe dang", "sedang", "xodang"),
    ("co ho", "koho", "kho", "ko ho"),
    ("mdrak", "mdrac", "ma drak"),
    ("krong pac", "krong pak", "krong pach", "krong pack"),
    ("krong ana", "krong a na"),
    ("krong buk", "krong buc"),
    ("ea hleo", "ea h leo", "eahleo", "ia hleo"),
    ("ea sup", "ea xup", "easup", "ya sup"),
    ("ea kar", "eakar", "ea ka"),
    ("cu mgar", "cu m gar", "cumgar", "chu mgar"),
    ("cu kuin", "cu cuin", "chu kuin"),
    ("dam san", "damsan", "dam xan"),
    ("xinh nha", "xing nha"),
)
_GROUP_OF = {spelling: group for group in _SPELLINGS for spelling in group}


def place_variants(phrase: str) -> tuple[str, ...]:
    """Return the folded spellings under which the named place or people may be written.

    The first is the phrase itself, folded; a name that is not known has only that one.
    """
    key = match_key(phrase)
    return (key, *(other for other in _GROUP_OF.get(key, ()) if other != key))

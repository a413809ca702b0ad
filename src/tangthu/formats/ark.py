"""ARK, the Archival Resource Key (draft-kunze-ark): lasting names of things, and what is asked.

An ARK is `ark:NAAN/name`; the older `ark:/NAAN/name` means the same, as do capitals in the scheme
and hyphens anywhere, which printers add. Behind the name may stand a part (`/page`), and behind
that an *inflection*: `?`, `??` or `?info` ask what the thing is instead of for the thing.

Records are named by their number and a check character (NOID's, over 29 signs without vowels), so
that a name that was misread leads nowhere instead of elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

SIGNS = "0123456789bcdfghjkmnpqrstvwxz"
TEST_NAAN = "99999"
"""For tests and trials: an ARK under it is nobody's promise."""

_RECORD = "u"
"""Before the number of a record. It is no sign of ours, so no digital object is called so."""

_NAAN = re.compile(r"[0-9bcdfghjkmnpqrstvwxz]{5,10}")
_PART = r"([^/?\x00-\x1f]{1,80})"
_WHOLE = re.compile(rf"/?([0-9a-z]{{5,10}})/{_PART}(?:/{_PART})?/?", re.IGNORECASE)
_RECORD_NAME = re.compile(rf"{_RECORD}(\d{{1,18}})([{SIGNS}])")


@dataclass(frozen=True, slots=True)
class Ark:
    """A lasting name: who gave it, the name, and the part of the thing that is meant."""

    naan: str
    name: str
    part: str = ""

    def __str__(self) -> str:
        part = f"/{self.part}" if self.part else ""
        return f"ark:{self.naan}/{self.name}{part}"


def is_naan(text: str) -> bool:
    """Tell whether this may be the number of an authority that assigns names."""
    return _NAAN.fullmatch(text) is not None


def read(text: str) -> Ark | None:
    """Return the ARK behind `ark:`; None where it is none. Hyphens mean nothing."""
    found = _WHOLE.fullmatch(text.replace("-", ""))
    if found is None:
        return None
    return Ark(found[1].lower(), found[2].lower(), (found[3] or "").lower())


def record_name(number: int) -> str:
    """Return the name of the record of this number, with its check character."""
    text = f"{_RECORD}{number}"
    return f"{text}{check_sign(text)}"


def record_number(name: str) -> int | None:
    """Return the number of the record of this name; None where the check does not come out."""
    found = _RECORD_NAME.fullmatch(name)
    if found is None or check_sign(f"{_RECORD}{found[1]}") != found[2]:
        return None
    return int(found[1])


def check_sign(text: str) -> str:
    """Return NOID's check character: it tells one wrong sign, and two that changed places."""
    total = sum(place * max(SIGNS.find(sign), 0) for place, sign in enumerate(text, 1))
    return SIGNS[total % len(SIGNS)]


def erc(
    *, who: str, what: str, when: str, where: Sequence[str], support: Sequence[tuple[str, str]] = ()
) -> str:
    """Return what a thing is as an Electronic Resource Citation, one element to a line.

    The four questions are always answered (ERC, draft-kunze-erc); `(:unkn)` says that nobody knows.
    """
    rows = [("who", who), ("what", what), ("when", when), *(("where", each) for each in where)]
    lines = [f"{name}: {_line(value) or '(:unkn)'}" for name, value in [*rows, *support]]
    return "\n".join(["erc:", *lines, ""])


def erc_date(at: datetime | None) -> str:
    """Return a moment as ERC writes days: 20261122."""
    return at.strftime("%Y%m%d") if at else ""


def _line(value: str) -> str:
    return " ".join(value.split())

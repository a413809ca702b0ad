"""The demo's readers: invented names, of every category, some of them children."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random

from tangthu.site.demo import words

READERS = 400
SHARES = {"DLK": 230, "EAKAO": 60, "BDON": 50, "THDEMO": 60}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """An invented reader."""

    card: str
    name: str
    category: str
    library: str
    birth_on: date
    phone: str
    address: str
    guardian_name: str = ""
    guardian_phone: str = ""
    days_left: int = 200


def readers() -> Iterator[Reader]:
    """Yield the demo's readers, always the same."""
    chance = Random(20260702)  # noqa: S311 (the same every time, on purpose)
    number = 0
    for library, count in SHARES.items():
        for _ in range(count):
            number += 1
            yield _reader(number, library, chance)


def _reader(number: int, library: str, chance: Random) -> Reader:
    school = library == "THDEMO"
    category = chance.choices(
        ("adult", "child", "student", "staff"), (0, 5, 4, 1) if school else (5, 3, 2, 1)
    )[0]
    born = {"adult": (1950, 2004), "child": (2013, 2019), "student": (2003, 2009)}
    first, last = born.get(category, (1965, 2000))
    child = category == "child"
    name = _name(chance)
    return Reader(
        card=f"DEMO{number:06}",
        name=name,
        category=category,
        library=library,
        birth_on=date(chance.randint(first, last), chance.randint(1, 12), chance.randint(1, 28)),
        phone="" if child else _phone(number),
        address=f"{chance.randint(1, 300)} đường Mẫu, {chance.choice(words.PLACES)}",
        guardian_name=_name(chance) if child else "",
        guardian_phone=_phone(number) if child else "",
        days_left=-30 if number % 25 == 0 else 200,
    )


def _name(chance: Random) -> str:
    if chance.random() < 0.2:
        particle = chance.choice(("Y ", "H’"))
        return f"{particle}{chance.choice(words.EDE_GIVEN)} {chance.choice(words.EDE_CLANS)}"
    return " ".join(
        (
            chance.choice(words.SURNAMES),
            chance.choice(words.MIDDLE_NAMES),
            chance.choice(words.GIVEN_NAMES),
        )
    )


def _phone(number: int) -> str:
    """Return a number of the right shape that nobody was given: 0900 000 xxx."""
    return f"0900{number:06}"

"""The rules of a card applied for from afar: its steps, its states, how long it is remembered."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tangthu.patrons.policy import age_on

CHILD_SPEAKS_FROM = 7
"""Years. From this age a child's own word is asked beside the guardian's."""

BEGUN_PER_HOUR = 20
TRIED_PER_HOUR = 30
PHOTOS_PER_HOUR = 60
"""From one address. A whole class may apply from the school's line; a flood may not."""

CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""No 0 and O, 1, I and L, nor U: a code is also read out over the telephone."""

CODE_LENGTH = 16


class ApplicationState(StrEnum):
    """Where an application stands."""

    DRAFT = "draft"
    WAITING = "waiting"
    RETURNED = "returned"
    APPROVED = "approved"
    REFUSED = "refused"


KEPT: Mapping[ApplicationState, timedelta] = {
    ApplicationState.DRAFT: timedelta(days=7),
    ApplicationState.RETURNED: timedelta(days=30),
    ApplicationState.REFUSED: timedelta(days=30),
    ApplicationState.APPROVED: timedelta(days=60),
}
"""How long after the last change it is remembered; while it waits for staff, as long as it waits.

Who stopped half-way has agreed to nothing yet. A decision can be looked up for a while; what is
needed of an approved one stands at its reader.
"""

CHANGEABLE = frozenset({ApplicationState.DRAFT, ApplicationState.RETURNED})
"""The applicant may still change it."""


class Step(StrEnum):
    """The pages of the form, in their order."""

    YOU = "you"
    CONTACT = "contact"
    PHOTO = "photo"
    CONSENTS = "consents"
    CHECK = "check"


class Purpose(StrEnum):
    """What a person may agree to, each by itself."""

    CARD = "card"
    REMINDERS = "reminders"
    ZALO = "zalo"
    PHOTO = "photo"
    STATISTICS = "statistics"


NEEDED = frozenset({Purpose.CARD})
"""Without it there is no card. All others are free, and none is agreed to beforehand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How much of an application is there."""

    name: str = ""
    birth_on: date | None = None
    phone: str = ""
    email: str = ""
    library: bool = False
    category: bool = False
    guardian_name: str = ""
    guardian_phone: str = ""
    has_photo: bool = False
    agreed: Collection[Purpose] = ()


def next_step(step: Step) -> Step:
    """Return the step that follows; the last follows itself."""
    steps = list(Step)
    return steps[min(steps.index(step) + 1, len(steps) - 1)]


def missing(told: Told, *, today: date, guardian_until_age: int) -> Mapping[Step, tuple[str, ...]]:
    """Return what is still needed, by step; nothing where the application can be sent.

    A photo is never needed: it can be taken at the desk. A photo without the consent to keep it
    is a contradiction that the applicant must solve.
    """
    lacks: dict[Step, tuple[str, ...]] = {
        Step.YOU: _absent(name=told.name, birth_on=told.birth_on),
        Step.CONTACT: _absent(
            phone=told.phone or told.email or told.guardian_phone,
            library=told.library,
            category=told.category,
        ),
        Step.CONSENTS: tuple(
            f"consent_{purpose}" for purpose in Purpose if purpose in NEEDED - set(told.agreed)
        ),
    }
    if is_child(told.birth_on, today=today, until_age=guardian_until_age):
        lacks[Step.CONTACT] += _absent(
            guardian_name=told.guardian_name, guardian_phone=told.guardian_phone
        )
    if told.has_photo and Purpose.PHOTO not in told.agreed:
        lacks[Step.CONSENTS] += (f"consent_{Purpose.PHOTO}",)
    return {step: names for step, names in lacks.items() if names}


def is_child(birth_on: date | None, *, today: date, until_age: int) -> bool:
    """Tell whether a guardian must speak for the applicant."""
    return birth_on is not None and age_on(birth_on, today) < until_age


def is_asked_too(birth_on: date | None, *, today: date, until_age: int) -> bool:
    """Tell whether the child's own word is asked beside the guardian's."""
    return (
        birth_on is not None
        and is_child(birth_on, today=today, until_age=until_age)
        and age_on(birth_on, today) >= CHILD_SPEAKS_FROM
    )


def normal_code(text: str) -> str:
    """Return a code as it is kept: spaces and hyphens away, upper case."""
    return "".join(letter for letter in text.upper() if letter in CODE_LETTERS)[: CODE_LENGTH + 1]


def spoken_code(code: str) -> str:
    """Return a code in groups of four, as people read and type it."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def temporary_until(*, today: date, days: int, full: date) -> date:
    """Return the last day of a card given without meeting the reader; `days` 0 gives all of it."""
    return full if days == 0 else min(full, today + timedelta(days=days))


def _absent(**values: object) -> tuple[str, ...]:
    return tuple(name for name, value in values.items() if not value)

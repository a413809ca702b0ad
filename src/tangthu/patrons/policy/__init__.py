"""The rules of cards and readers. Pure: no database, no clock, no language."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, date

from tangthu.text.folding import fold_token
from tangthu.text.names import given_name, valid_name
from tangthu.text.normal import normalise
from tangthu.text.phones import normalise_phone, read_citizen_number
from tangthu.text.words import tokens

LONGEST_CARD = 40
LONGEST_NAME = 150
OLDEST_READER = 125
"""Years. A date of birth further back is a slip of the keyboard."""

_CARD = re.compile(r"[0-9A-Z](?:[0-9A-Z._/-]*[0-9A-Z])?", re.ASCII)
_FOREIGN_PHONE = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_PHONE_SIGNS = re.compile(r"[\s.()/-]+")

PROBABLY_THE_SAME = 60
_SAME_NAME, _SAME_BIRTH, _SAME_PHONE = 35, 35, 25


def normal_card(text: str) -> str:
    """Return a card number as it is stored: no spaces or invisible characters, upper case."""
    return "".join(normalise(text).split()).upper()


def is_card(card: str) -> bool:
    """Tell whether this may be a card number: ASCII letters, digits and `. _ / -` inside.

    Other letters a scanner would not read and a bar code would not hold.
    """
    return len(card) <= LONGEST_CARD and _CARD.fullmatch(card) is not None


def card_number(prefix: str, number: int, *, digits: int) -> str:
    """Return a number of a series: `DLK` and 12 in six digits give `DLK000012`."""
    return normal_card(f"{prefix}{number:0{digits}}")


def number_in_series(card: str, prefix: str, *, digits: int) -> int | None:
    """Return the running number of a card, or None if it is not of this series."""
    beginning = normal_card(prefix)
    running = card.removeprefix(beginning)
    of_series = card.startswith(beginning) and len(running) == digits
    return int(running) if of_series and running.isascii() and running.isdigit() else None


def stored_phone(text: str) -> str | None:
    """Return a telephone number as it is stored, `+84…`; None for what cannot be one.

    A foreign number is taken with its `+` and its country.
    """
    known = normalise_phone(text)
    if known is not None:
        return known
    bare = _PHONE_SIGNS.sub("", text)
    return bare if _FOREIGN_PHONE.fullmatch(bare) else None


def is_email(text: str) -> bool:
    """Tell whether this may be an e-mail address."""
    return _EMAIL.fullmatch(text) is not None


def age_on(birth_on: date, day: date) -> int:
    """Return the age in whole years. Who was born on 29 February grows older on 1 March."""
    had_birthday = (day.month, day.day) >= (birth_on.month, birth_on.day)
    return day.year - birth_on.year - (0 if had_birthday else 1)


def months_after(day: date, months: int) -> date:
    """Return the same day so many months later, or the last one of a shorter month.

    After the last day that the calendar knows comes no other.
    """
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if year > MAXYEAR:
        return date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def renewed_until(*, today: date, expires_on: date, months: int) -> date:
    """Return until when a renewed card is valid: what is left of the old time is not lost."""
    return months_after(max(today, expires_on), months)


def search_words(name: str) -> str:
    """Return the folded words by which a name is found: `y blul nie blo`.

    The name by which Ê Đê people are called stands for itself too: H’Hen is found by `hen`.
    """
    words = [fold_token(word) for word in tokens(name)]
    called = [fold_token(word) for word in tokens(given_name(name))]
    return " ".join(dict.fromkeys([*words, *called]))


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryTerms:
    """What a category asks of its readers."""

    minimum_age: int | None = None
    maximum_age: int | None = None
    needs_guardian: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Guardian:
    """Who answers for a child: another reader, or somebody known by name."""

    name: str = ""
    phone: str = ""
    is_reader: bool = False
    is_the_child: bool = False
    birth_on: date | None = None
    has_a_guardian: bool = False

    @property
    def is_named(self) -> bool:
        """Whether anybody answers for the child at all."""
        return self.is_reader or bool(self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """What somebody says of a reader, as the rules look at it. An empty card asks for the next."""

    name: str
    today: date
    terms: CategoryTerms
    guardian: Guardian
    guardian_until_age: int
    card: str = ""
    birth_on: date | None = None
    phone: str = ""
    email: str = ""
    citizen_number: str = ""
    registered_on: date | None = None
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: where, its code, and a number that explains it."""

    field: str
    code: str
    limit: int | None = None


def faults(application: Application) -> tuple[Fault, ...]:
    """Return everything that is wrong with an application; nothing where it can be accepted."""
    return (
        *_faults_of_texts(application),
        *_faults_of_dates(application),
        *_faults_of_age(application),
        *_faults_of_guardian(application),
    )


def needs_guardian(application: Application) -> bool:
    """Tell whether somebody must answer for the reader: a child, by age or by category."""
    if application.terms.needs_guardian or application.birth_on is None:
        return application.terms.needs_guardian
    return age_on(application.birth_on, application.today) < application.guardian_until_age


def _faults_of_texts(application: Application) -> Iterator[Fault]:
    name = normalise(application.name)
    if not name:
        yield Fault("name", "name_missing")
    elif not valid_name(name):
        yield Fault("name", "name_invalid")
    elif len(name) > LONGEST_NAME:
        yield Fault("name", "name_too_long", LONGEST_NAME)
    if application.card and not is_card(normal_card(application.card)):
        yield Fault("card", "card_invalid")
    if application.phone and stored_phone(application.phone) is None:
        yield Fault("phone", "phone_invalid")
    if application.email and not is_email(application.email):
        yield Fault("email", "email_invalid")
    if application.citizen_number and read_citizen_number(application.citizen_number) is None:
        yield Fault("citizen_number", "citizen_number_invalid")


def _faults_of_dates(application: Application) -> Iterator[Fault]:
    born = application.birth_on
    if born is not None and born > application.today:
        yield Fault("birth_on", "birth_in_future")
    elif born is not None and age_on(born, application.today) > OLDEST_READER:
        yield Fault("birth_on", "birth_too_long_ago")
    begins, ends = application.registered_on, application.expires_on
    if begins is not None and begins > application.today:
        yield Fault("registered_on", "registered_in_future")
    if begins is not None and ends is not None and ends < begins:
        yield Fault("expires_on", "expires_before_registered")


def _faults_of_age(application: Application) -> Iterator[Fault]:
    if application.birth_on is None:
        return
    age = age_on(application.birth_on, application.today)
    lowest, highest = application.terms.minimum_age, application.terms.maximum_age
    if lowest is not None and 0 <= age < lowest:
        yield Fault("category", "too_young_for_category", lowest)
    if highest is not None and highest < age <= OLDEST_READER:
        yield Fault("category", "too_old_for_category", highest)


def _faults_of_guardian(application: Application) -> Iterator[Fault]:
    guardian = application.guardian
    if guardian.name and not valid_name(guardian.name):
        yield Fault("guardian_name", "name_invalid")
    if guardian.phone and stored_phone(guardian.phone) is None:
        yield Fault("guardian_phone", "phone_invalid")
    if guardian.is_the_child:
        yield Fault("guardian", "guardian_is_the_child")
    elif guardian.is_reader and _is_child(guardian, application):
        yield Fault("guardian", "guardian_is_a_child")
    if not guardian.is_named and needs_guardian(application):
        yield Fault("guardian_name", "guardian_needed", application.guardian_until_age)


def _is_child(guardian: Guardian, application: Application) -> bool:
    if guardian.has_a_guardian:
        return True
    born = guardian.birth_on
    return born is not None and age_on(born, application.today) < application.guardian_until_age


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What tells two readers apart: the folded words of the name, the birth date, the phone."""

    words: str
    birth_on: date | None = None
    phone: str = ""


def likeness(one: Identity, other: Identity) -> int:
    """Score from 0 to 100 how probable it is that two are the same person.

    From `PROBABLY_THE_SAME` on a person should look: the name with the birth date or the phone,
    or both of these without the name. A phone alone is often a family's; a name alone is nothing
    where every third reader is a Nguyễn. Different birth dates speak against it.
    """
    score = 0
    words = sorted(one.words.split())
    if words and words == sorted(other.words.split()):
        score += _SAME_NAME
    if one.phone and one.phone == other.phone:
        score += _SAME_PHONE
    if one.birth_on is not None and other.birth_on is not None:
        score += _SAME_BIRTH if one.birth_on == other.birth_on else -_SAME_BIRTH
    return max(score, 0)

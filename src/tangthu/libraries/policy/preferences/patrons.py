"""What libraries decide about readers and their cards."""

from __future__ import annotations

from tangthu.libraries.policy.preferences.definition import Preference, PreferenceKind


def _(message: str) -> str:
    # Marks the message for the translators. The faces translate it: rules know no language.
    return message


CARD_PREFIX = Preference(
    name="card_prefix",
    kind=PreferenceKind.TEXT,
    default="",
    label=_("Card numbers begin with"),
    help=_("A new reader gets the next free number with this beginning."),
    maximum=10,
)
CARD_DIGITS = Preference(
    name="card_digits",
    kind=PreferenceKind.INT,
    default=6,
    label=_("Digits of a card number"),
    minimum=4,
    maximum=12,
)
GUARDIAN_UNTIL_AGE = Preference(
    name="guardian_until_age",
    kind=PreferenceKind.INT,
    default=16,
    label=_("Readers need a guardian until the age of"),
    minimum=0,
    maximum=18,
)
APPLICATION_CATEGORIES = Preference(
    name="application_categories",
    kind=PreferenceKind.TEXT,
    default="adult child student",
    label=_("Cards that can be applied for from home"),
    help=_("Codes of patron categories, with spaces between. Empty: no applications are taken."),
    maximum=300,
)
TEMPORARY_CARD_DAYS = Preference(
    name="temporary_card_days",
    kind=PreferenceKind.INT,
    default=30,
    label=_("Days that a card given from afar is valid before the reader shows their papers"),
    help=_("0: it is valid for its full term at once."),
    minimum=0,
    maximum=180,
)
CARD_BACK = Preference(
    name="card_back",
    kind=PreferenceKind.TEXT,
    default="",
    label=_("Text on the back of printed cards"),
    help=_("Empty: the usual rules of a card, in two sentences."),
    maximum=400,
)

PATRONS = (
    CARD_PREFIX,
    CARD_DIGITS,
    GUARDIAN_UNTIL_AGE,
    APPLICATION_CATEGORIES,
    TEMPORARY_CARD_DAYS,
    CARD_BACK,
)

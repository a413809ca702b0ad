"""What a library may decide for itself: typed, with a default, inherited down the tree."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

Value = bool | int | str
"""A preference's value. Money is whole đồng."""

TEXT_LIMIT = 2000
_WHOLE = re.compile(r"-?[0-9]{1,15}")
_GROUPED = re.compile(r"[0-9]{1,3}(\.[0-9]{3})+")  # 25.000, as money is written in Vietnam


class PreferenceKind(StrEnum):
    """How a preference is entered and checked."""

    BOOL = "bool"
    INT = "int"
    TEXT = "text"
    CHOICE = "choice"
    MONEY = "money"


class PreferenceFault(StrEnum):
    """Why a text is no value for a preference."""

    NOT_A_BOOL = "not_a_bool"
    NOT_A_NUMBER = "not_a_number"
    NOT_A_CHOICE = "not_a_choice"
    TOO_SMALL = "too_small"
    TOO_LARGE = "too_large"
    TOO_LONG = "too_long"


class BadPreference(ValueError):
    """The text is no value for this preference; `fault` says why."""

    def __init__(self, name: str, fault: PreferenceFault) -> None:
        super().__init__(f"{name}: {fault}")
        self.name = name
        self.fault = fault


class UnknownPreference(LookupError):
    """No preference has this name."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the values of a choice, and its label for people."""

    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preference:
    """One thing to decide. Labels are English messages that the faces translate.

    For numbers and money `minimum` and `maximum` bound the value; for text, its length.
    """

    name: str
    kind: PreferenceKind
    default: Value
    label: str
    help: str = ""
    choices: tuple[Choice, ...] = ()
    minimum: int | None = None
    maximum: int | None = None

    def parse(self, text: str) -> Value:
        """Read a stored or typed text; raises BadPreference for what cannot be a value."""
        text = text.strip()
        match self.kind:
            case PreferenceKind.BOOL:
                return self._bool(text)
            case PreferenceKind.INT | PreferenceKind.MONEY:
                return self._number(text)
            case PreferenceKind.CHOICE:
                return self._choice(text)
            case PreferenceKind.TEXT:
                return self._text(text)

    def serialise(self, value: Value) -> str:
        """Write the value as the text that is stored; `parse` gives the same value back."""
        if isinstance(value, bool):
            return "true" if value else "false"
        return str(value)

    def _bool(self, text: str) -> bool:
        known = {"true": True, "1": True, "on": True, "false": False, "0": False, "": False}
        if text.lower() not in known:
            raise BadPreference(self.name, PreferenceFault.NOT_A_BOOL)
        return known[text.lower()]

    def _number(self, text: str) -> int:
        if self.kind is PreferenceKind.MONEY and _GROUPED.fullmatch(text):
            text = text.replace(".", "")
        if not _WHOLE.fullmatch(text):
            raise BadPreference(self.name, PreferenceFault.NOT_A_NUMBER)
        number = int(text)
        self._check_bounds(number, above=PreferenceFault.TOO_LARGE)
        return number

    def _choice(self, text: str) -> str:
        if all(choice.value != text for choice in self.choices):
            raise BadPreference(self.name, PreferenceFault.NOT_A_CHOICE)
        return text

    def _text(self, text: str) -> str:
        if len(text) > TEXT_LIMIT:
            raise BadPreference(self.name, PreferenceFault.TOO_LONG)
        self._check_bounds(len(text), above=PreferenceFault.TOO_LONG)
        return text

    def _check_bounds(self, number: int, *, above: PreferenceFault) -> None:
        if self.minimum is not None and number < self.minimum:
            raise BadPreference(self.name, PreferenceFault.TOO_SMALL)
        if self.maximum is not None and number > self.maximum:
            raise BadPreference(self.name, above)


@dataclass(frozen=True, slots=True)
class Effective:
    """The value that holds at a library, and the library that set it; `None` is the default."""

    value: Value
    source: int | None


def effective(
    preference: Preference, stored: Mapping[int, str], *, lineage: Sequence[int]
) -> Effective:
    """Give the value set nearest to the library, on the way up to the root.

    `stored` holds the texts set for this preference, by library. A stored text that
    is no value any more (its bounds were narrowed since) is passed over, not obeyed.
    """
    for library in lineage:
        if library not in stored:
            continue
        try:
            return Effective(preference.parse(stored[library]), library)
        except BadPreference:
            continue
    return Effective(preference.default, None)


def preference(name: str) -> Preference:
    """Find a preference by name; raises UnknownPreference."""
    try:
        return PREFERENCES[name]
    except KeyError:
        raise UnknownPreference(name) from None


def _(message: str) -> str:
    # Marks the message for the translators. The faces translate it: rules know no language.
    return message


LENDING_RULES_FROM = Preference(
    name="lending_rules_from",
    kind=PreferenceKind.CHOICE,
    default="item_library",
    label=_("Whose rules decide a loan"),
    help=_("The library whose lending rules and calendar apply at the desk."),
    choices=(
        Choice("item_library", _("The library that owns the copy")),
        Choice("patron_library", _("The reader's home library")),
        Choice("desk_library", _("The library of the desk")),
    ),
)
LOANS_END_WITH_CARD = Preference(
    name="loans_end_with_card",
    kind=PreferenceKind.BOOL,
    default=True,
    label=_("No loan ends later than the reader's card"),
    help=_("The due date is brought forward to the last day of the card."),
)
RENEWAL_STARTS_FROM = Preference(
    name="renewal_starts_from",
    kind=PreferenceKind.CHOICE,
    default="today",
    label=_("From when a renewed loan is counted"),
    choices=(
        Choice("today", _("The day of the renewal")),
        Choice("due_date", _("The former due date")),
    ),
)
OPENING_HOUR = Preference(
    name="opening_hour",
    kind=PreferenceKind.INT,
    default=8,
    label=_("Opening hour"),
    help=_("A loan by the hour that would end while the library is closed is due at this hour."),
    minimum=0,
    maximum=23,
)
LOANS_FORGOTTEN_AFTER = Preference(
    name="loans_forgotten_after",
    kind=PreferenceKind.INT,
    default=365,
    label=_("Days after which a returned loan forgets its reader"),
    help=_(
        "Until then damage that is found late can be laid before whoever had the copy. Readers "
        "may choose to keep their past loans for longer."
    ),
    minimum=0,
    maximum=1825,
)
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

NOTICES_QUIET_FROM = Preference(
    name="notices_quiet_from",
    kind=PreferenceKind.INT,
    default=21,
    label=_("No message rings from this hour"),
    help=_("SMS, Zalo and notifications wait for the morning; e-mail and codes do not."),
    minimum=0,
    maximum=23,
)
NOTICES_QUIET_UNTIL = Preference(
    name="notices_quiet_until",
    kind=PreferenceKind.INT,
    default=7,
    label=_("Messages ring again from this hour"),
    minimum=0,
    maximum=23,
)
NOTICES_DIGEST_HOUR = Preference(
    name="notices_digest_hour",
    kind=PreferenceKind.INT,
    default=8,
    label=_("Hour of the daily digest"),
    help=_("For readers who chose to be told once a day."),
    minimum=0,
    maximum=23,
)
SMS_WITHOUT_MARKS = Preference(
    name="sms_without_marks",
    kind=PreferenceKind.BOOL,
    default=True,
    label=_("Send SMS without Vietnamese marks"),
    help=_("A text with marks costs more than twice as much."),
)
REMIND_DAYS_BEFORE = Preference(
    name="remind_days_before",
    kind=PreferenceKind.INT,
    default=3,
    label=_("Remind so many days before the due date"),
    help=_("0: not at all."),
    minimum=0,
    maximum=30,
)
REMIND_OVERDUE_FIRST = Preference(
    name="remind_overdue_first",
    kind=PreferenceKind.INT,
    default=1,
    label=_("First overdue reminder after so many days"),
    help=_("0: not at all."),
    minimum=0,
    maximum=365,
)
REMIND_OVERDUE_SECOND = Preference(
    name="remind_overdue_second",
    kind=PreferenceKind.INT,
    default=7,
    label=_("Second overdue reminder after so many days"),
    help=_("0: not at all."),
    minimum=0,
    maximum=365,
)
REMIND_OVERDUE_LAST = Preference(
    name="remind_overdue_last",
    kind=PreferenceKind.INT,
    default=21,
    label=_("Last overdue reminder after so many days"),
    help=_("0: not at all."),
    minimum=0,
    maximum=365,
)
LETTER_FOR_LAST_REMINDER = Preference(
    name="letter_for_last_reminder",
    kind=PreferenceKind.BOOL,
    default=True,
    label=_("The last reminder is a letter for readers whom nothing else reaches"),
)
REMIND_CARD_DAYS = Preference(
    name="remind_card_days",
    kind=PreferenceKind.INT,
    default=30,
    label=_("Remind so many days before a card ends"),
    help=_("0: not at all."),
    minimum=0,
    maximum=120,
)
DELIVERY_OFFERED = Preference(
    name="delivery_offered",
    kind=PreferenceKind.BOOL,
    default=False,
    label=_("Books are brought to readers' homes"),
)
DELIVERY_FEE = Preference(
    name="delivery_fee",
    kind=PreferenceKind.MONEY,
    default=0,
    label=_("Fee for a home delivery"),
    minimum=0,
    maximum=10_000_000,
)
DELIVERY_COLLECTION_FEE = Preference(
    name="delivery_collection_fee",
    kind=PreferenceKind.MONEY,
    default=0,
    label=_("Fee for fetching books from a reader's home"),
    minimum=0,
    maximum=10_000_000,
)
DELIVERY_FREE_BELOW_AGE = Preference(
    name="delivery_free_below_age",
    kind=PreferenceKind.INT,
    default=16,
    label=_("Delivery is free for readers younger than"),
    help=_("0: age alone makes nobody free of the fee."),
    minimum=0,
    maximum=30,
)
DELIVERY_FREE_FROM_AGE = Preference(
    name="delivery_free_from_age",
    kind=PreferenceKind.INT,
    default=60,
    label=_("Delivery is free for readers from the age of"),
    help=_("0: age alone makes nobody free of the fee."),
    minimum=0,
    maximum=120,
)
DELIVERY_FREE_CATEGORIES = Preference(
    name="delivery_free_categories",
    kind=PreferenceKind.TEXT,
    default="",
    label=_("Delivery is free for these categories of readers"),
    help=_("Codes of patron categories, such as people with disabilities, with spaces between."),
    maximum=300,
)
DELIVERY_CONDITION = Preference(
    name="delivery_condition",
    kind=PreferenceKind.CHOICE,
    default="either",
    label=_("What a home delivery needs"),
    choices=(
        Choice("either", _("The address in the reader's file, or a deposit")),
        Choice("verified_address", _("The address in the reader's file")),
        Choice("deposit", _("A deposit")),
        Choice("none", _("Nothing but a valid card")),
    ),
)
DELIVERY_DEPOSIT = Preference(
    name="delivery_deposit",
    kind=PreferenceKind.MONEY,
    default=100_000,
    label=_("Deposit that secures a home delivery"),
    minimum=0,
    maximum=100_000_000,
)
DELIVERY_MOST_COPIES = Preference(
    name="delivery_most_copies",
    kind=PreferenceKind.INT,
    default=5,
    label=_("Books in one home delivery, at most"),
    minimum=1,
    maximum=50,
)
DELIVERY_KEPT_DAYS = Preference(
    name="delivery_kept_days",
    kind=PreferenceKind.INT,
    default=30,
    label=_("Days after which a finished delivery forgets its reader and address"),
    help=_("Until then the library can answer a complaint."),
    minimum=1,
    maximum=365,
)
STATION_PROOF = Preference(
    name="station_proof",
    kind=PreferenceKind.CHOICE,
    default="card",
    label=_("What a reader shows at a self-service station"),
    choices=(
        Choice("card", _("The card")),
        Choice("password", _("The card and the password")),
    ),
)
STATION_SECONDS = Preference(
    name="station_seconds",
    kind=PreferenceKind.INT,
    default=60,
    label=_("Seconds after which a self-service station forgets its reader"),
    minimum=20,
    maximum=300,
)
BANK_BIN = Preference(
    name="bank_bin",
    kind=PreferenceKind.TEXT,
    default="",
    label=_("Bank of the account for transfers (BIN)"),
    help=_(
        "Six digits: Vietcombank 970436, VietinBank 970415, BIDV 970418, Agribank 970405, "
        "MB 970422, Techcombank 970407, ACB 970416. Left empty, no QR code is shown."
    ),
    maximum=6,
)
BANK_ACCOUNT = Preference(
    name="bank_account",
    kind=PreferenceKind.TEXT,
    default="",
    label=_("Number of the account for transfers"),
    maximum=19,
)
BANK_HOLDER = Preference(
    name="bank_holder",
    kind=PreferenceKind.TEXT,
    default="",
    label=_("Holder of the account for transfers"),
    help=_("In capitals without marks, as the bank writes it: THU VIEN TINH DAK LAK."),
    maximum=100,
)

PREFERENCES: Mapping[str, Preference] = {
    each.name: each
    for each in (
        LENDING_RULES_FROM,
        LOANS_END_WITH_CARD,
        RENEWAL_STARTS_FROM,
        OPENING_HOUR,
        LOANS_FORGOTTEN_AFTER,
        CARD_PREFIX,
        CARD_DIGITS,
        GUARDIAN_UNTIL_AGE,
        NOTICES_QUIET_FROM,
        NOTICES_QUIET_UNTIL,
        NOTICES_DIGEST_HOUR,
        SMS_WITHOUT_MARKS,
        REMIND_DAYS_BEFORE,
        REMIND_OVERDUE_FIRST,
        REMIND_OVERDUE_SECOND,
        REMIND_OVERDUE_LAST,
        LETTER_FOR_LAST_REMINDER,
        REMIND_CARD_DAYS,
        APPLICATION_CATEGORIES,
        TEMPORARY_CARD_DAYS,
        CARD_BACK,
        DELIVERY_OFFERED,
        DELIVERY_FEE,
        DELIVERY_COLLECTION_FEE,
        DELIVERY_FREE_BELOW_AGE,
        DELIVERY_FREE_FROM_AGE,
        DELIVERY_FREE_CATEGORIES,
        DELIVERY_CONDITION,
        DELIVERY_DEPOSIT,
        DELIVERY_MOST_COPIES,
        DELIVERY_KEPT_DAYS,
        STATION_PROOF,
        STATION_SECONDS,
        BANK_BIN,
        BANK_ACCOUNT,
        BANK_HOLDER,
    )
}

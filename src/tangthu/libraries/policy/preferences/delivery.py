"""What libraries decide about home delivery."""

from __future__ import annotations

from tangthu.libraries.policy.preferences.definition import Choice, Preference, PreferenceKind


def _(message: str) -> str:
    # Marks the message for the translators. The faces translate it: rules know no language.
    return message


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

DELIVERY = (
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
)

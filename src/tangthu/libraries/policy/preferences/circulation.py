"""What libraries decide about lending and self-service."""

from __future__ import annotations

from tangthu.libraries.policy.preferences.definition import Choice, Preference, PreferenceKind


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

CIRCULATION = (
    LENDING_RULES_FROM,
    LOANS_END_WITH_CARD,
    RENEWAL_STARTS_FROM,
    OPENING_HOUR,
    LOANS_FORGOTTEN_AFTER,
    STATION_PROOF,
    STATION_SECONDS,
)

"""What libraries decide about the digital library."""

from __future__ import annotations

from tangthu.libraries.policy.preferences.definition import Choice, Preference, PreferenceKind


def _(message: str) -> str:
    # Marks the message for the translators. The faces translate it: rules know no language.
    return message


READING_ROOM_NETWORKS = Preference(
    name="reading_room_networks",
    kind=PreferenceKind.TEXT,
    default="",
    label=_("Network addresses of the reading room"),
    help=_(
        "Documents that are read in the library only open from these addresses, such as "
        "192.168.1.0/24, with spaces between."
    ),
    maximum=500,
)

ARK_NAAN = Preference(
    name="ark_naan",
    kind=PreferenceKind.TEXT,
    default="99999",
    label=_("Number for lasting names (ARK)"),
    help=_(
        "Under this number (NAAN, given free of charge by arks.org) the network names its records "
        "and digital objects for ever. 99999 is for trials. Only the network's own setting counts."
    ),
    minimum=5,
    maximum=10,
)

COPY_MARK_NAMES = Preference(
    name="copy_mark_names",
    kind=PreferenceKind.CHOICE,
    default="name",
    label=_("Whom the mark on borrowed files names"),
    help=_("What is written on every page of a document that is lent with a visible mark."),
    choices=(
        Choice("name", _("The reader's name and the end of the card number")),
        Choice("card", _("The end of the card number alone")),
    ),
)

REPOSITORY = (READING_ROOM_NETWORKS, ARK_NAAN, COPY_MARK_NAMES)

"""What libraries decide about the digital library."""

from __future__ import annotations

from tangthu.libraries.policy.preferences.definition import Preference, PreferenceKind


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

REPOSITORY = (READING_ROOM_NETWORKS,)

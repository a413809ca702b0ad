"""Why the tree of libraries says no.

Invalid
├── LibraryRefused      the library may not stand, move or end like this
├── CalendarRefused     the line names no day
└── PreferenceRefused   the value does not suit the preference
Each carries the `field` at fault and, in `data["fault"]`, the stable name of the fault.
"""

from __future__ import annotations

from tangthu.core.errors import Invalid


class LibraryRefused(Invalid):
    code = "library_refused"


class CalendarRefused(Invalid):
    code = "calendar_refused"


class PreferenceRefused(Invalid):
    code = "preference_refused"

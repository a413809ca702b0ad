"""Electronic lending takes its place in the house: what it opens, keeps, says and is asked."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from django.utils.translation import gettext_lazy as _

from tangthu.catalogue import scans
from tangthu.core import wording
from tangthu.notices import checks
from tangthu.notices.kinds import NoticeKind
from tangthu.patrons import holders
from tangthu.patrons.holders import Holder, Section
from tangthu.patrons.models import Patron
from tangthu.reading import lending, wording_lending
from tangthu.reading.actions.lending import forget_digital_lending_of, settle_copy
from tangthu.reading.models import DigitalHold, DigitalLoan, HoldState
from tangthu.reading.permissions import ReadingPermission
from tangthu.repository import opening
from tangthu.ui import navigation

_READY = re.compile(r"digital_hold:(\d+):\d+")


def set_up() -> None:
    """Register what lending opens, what it says, and what it keeps on readers."""
    wording.register(wording_lending.WORDING)
    wording.register(wording_lending.AUDIT)
    opening.register(lending.opens)
    scans.register_settler(settle_copy)
    checks.register([NoticeKind.DIGITAL_READY], outdated)
    holders.register(HOLDER)
    navigation.register(*ENTRIES)


def outdated(sources: Collection[str]) -> frozenset[str]:
    """Return the notices of a turn that was used, given up or missed meanwhile."""
    named = {source: int(match[1]) for source in sources if (match := _READY.fullmatch(source))}
    ready = DigitalHold.objects.filter(pk__in=named.values(), state=HoldState.READY)
    kept = set(ready.values_list("pk", flat=True))
    return frozenset(source for source, key in named.items() if key not in kept)


def tells(patron: Patron) -> Iterator[Section]:
    """Yield the reader's electronic loans and holds, as long as they are kept."""
    loans = DigitalLoan.objects.filter(patron=patron).select_related("object").order_by("pk")
    yield Section(
        key="digital_loans",
        title=_("Electronic loans"),
        columns={
            "title": _("Title"),
            "borrowed_at": _("Borrowed"),
            "due_at": _("Due"),
            "returned_at": _("Ended"),
        },
        rows=[
            {
                "title": loan.object.title,
                "borrowed_at": loan.borrowed_at,
                "due_at": loan.due_at,
                "returned_at": loan.returned_at,
            }
            for loan in loans
        ],
    )
    holds = DigitalHold.objects.filter(patron=patron).select_related("object").order_by("pk")
    yield Section(
        key="digital_holds",
        title=_("Electronic holds"),
        columns={"title": _("Title"), "state": _("State"), "placed_at": _("Placed")},
        rows=[
            {
                "title": hold.object.title,
                "state": hold.get_state_display(),
                "placed_at": hold.placed_at,
            }
            for hold in holds
        ],
    )


HOLDER = Holder(name="reading.lending", tells=tells, forgets=forget_digital_lending_of)

ENTRIES = (
    navigation.Entry(
        url="/desk/reading/licences/",
        label=_("Electronic licences"),
        icon="file-earmark-lock",
        group=navigation.Group.DIGITAL,
        order=47,
        permissions=(ReadingPermission.LICENCES, ReadingPermission.USAGE),
    ),
    navigation.Entry(
        url="/desk/reading/rules/",
        label=_("Electronic loan rules"),
        icon="sliders",
        group=navigation.Group.DIGITAL,
        order=48,
        permissions=(ReadingPermission.LICENCES,),
    ),
    navigation.Entry(
        url="/desk/reading/usage/",
        label=_("Digital usage"),
        icon="bar-chart",
        group=navigation.Group.DIGITAL,
        order=49,
        permissions=(ReadingPermission.USAGE,),
    ),
)

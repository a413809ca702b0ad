"""What holds keep on a reader: told when they ask, forgotten when they are erased."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from tangthu.circulation.actions import forget_holds_of
from tangthu.circulation.models import Hold
from tangthu.patrons.holders import Holder, Section
from tangthu.patrons.models import Patron


def tells(patron: Patron) -> Iterator[Section]:
    """Yield the reader's holds, open and ended, as long as they are kept."""
    yield Section(
        key="holds",
        title=_("Holds"),
        columns={
            "title": _("Title"),
            "pickup": _("To fetch at"),
            "state": _("State"),
            "placed_at": _("Placed"),
            "closed_at": _("Ended"),
        },
        rows=[
            {
                "title": hold.record.title,
                "pickup": hold.pickup.name,
                "state": hold.get_state_display(),
                "placed_at": hold.placed_at,
                "closed_at": hold.closed_at,
            }
            for hold in Hold.objects.filter(patron=patron).for_list().order_by("pk")
        ],
    )


HOLDER = Holder(name="circulation.holds", tells=tells, forgets=forget_holds_of)

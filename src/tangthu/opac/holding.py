"""What readers' accounts keep on them: told when they ask, forgotten when they are erased."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from tangthu.opac.actions import forget_reader
from tangthu.patrons.holders import Holder, Section
from tangthu.patrons.models import Patron


def tells(patron: Patron) -> Iterator[Section]:
    """Yield the lists, the searches, and where and how the reader logs in."""
    yield Section(
        key="lists",
        title=_("My lists"),
        columns={"name": _("Name"), "titles": _("Titles"), "created_at": _("Made")},
        rows=[
            {
                "name": each.name,
                "titles": "; ".join(each.entries.values_list("record__title", flat=True)),
                "created_at": each.created_at,
            }
            for each in patron.reading_lists.order_by("pk")
        ],
    )
    yield Section(
        key="searches",
        title=_("Kept searches"),
        columns={"name": _("Name"), "address": _("Search"), "created_at": _("Made")},
        rows=list(patron.saved_searches.order_by("pk").values("name", "address", "created_at")),
    )
    yield Section(
        key="sessions",
        title=_("Where you are logged in"),
        columns={"browser": _("Browser"), "address": _("Address"), "began_at": _("Since")},
        rows=[
            {"browser": each.browser_name, "address": each.address, "began_at": each.began_at}
            for each in patron.reader_sessions.order_by("-began_at")
        ],
    )
    yield Section(
        key="programs",
        title=_("E-readers in which you are logged in"),
        columns={"program": _("Program"), "address": _("Address"), "began_at": _("Since")},
        rows=[
            {"program": each.program_name, "address": each.address, "began_at": each.began_at}
            for each in patron.reader_programs.order_by("-began_at")
        ],
    )
    yield Section(
        key="identities",
        title=_("Linked accounts of other places"),
        columns={"issuer": _("Place"), "linked_at": _("Linked")},
        rows=list(patron.identities.order_by("pk").values("issuer", "linked_at")),
    )


HOLDER = Holder(name="opac", tells=tells, forgets=forget_reader)

"""What this app keeps on a reader beside the ledger: told to them, and forgotten with them."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from tangthu.fees.actions.forgetting import forget_reader
from tangthu.fees.models import PatronExemption, Receipt
from tangthu.patrons.holders import Holder, Section
from tangthu.patrons.models import Patron

_MOST = 2000


def tells(patron: Patron) -> Iterator[Section]:
    """Tell the reader's exemptions and receipts."""
    exemptions = PatronExemption.objects.filter(patron=patron).select_related("exemption")
    yield Section(
        key="exemptions",
        title=_("Exemptions"),
        columns={"name": _("Name"), "until": _("Until")},
        rows=[{"name": each.exemption.name, "until": each.until_on} for each in exemptions],
    )
    receipts = Receipt.objects.filter(entry__patron=patron).order_by("-issued_at")[:_MOST]
    yield Section(
        key="receipts",
        title=_("Receipts"),
        columns={
            "number": _("Number"),
            "at": _("When"),
            "amount": _("Amount (đồng)"),
            "name": _("Name"),
        },
        rows=[
            {
                "number": each.label,
                "at": each.issued_at,
                "amount": each.amount,
                "name": each.payer,
            }
            for each in receipts
        ],
    )


HOLDER = Holder(name="fees.papers", tells=tells, forgets=forget_reader)

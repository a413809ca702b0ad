"""Slips of what was borrowed and returned, for readers who chose to be sent them."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from tangthu.catalogue.models import Item
from tangthu.circulation.models import Loan
from tangthu.circulation.reminding import lent_source
from tangthu.libraries.models import Library
from tangthu.notices.actions import announce
from tangthu.notices.kinds import NoticeKind
from tangthu.notices.policy import KINDS
from tangthu.patrons.models import Patron


def send_loan_slip(loan: Loan, item: Item, patron: Patron, *, desk: Library, at: datetime) -> None:
    """Send the reader what they borrowed; what is borrowed in one visit makes one slip.

    None for what is read on site, or was borrowed so long ago that a slip is news to nobody.
    """
    if not loan.on_site and _is_news(NoticeKind.LOAN_SLIP, at):
        announce(
            NoticeKind.LOAN_SLIP,
            to=patron,
            library=desk,
            values={"title": item.record.title, "barcode": item.barcode, "due": loan.due_at},
            source=lent_source(loan.pk),
        )


def send_return_slip(loan: Loan, *, desk: Library, at: datetime) -> None:
    """Send the reader what came back, whoever brought it; one slip for all of one visit."""
    if loan.patron is not None and not loan.on_site and _is_news(NoticeKind.RETURN_SLIP, at):
        announce(
            NoticeKind.RETURN_SLIP,
            to=loan.patron,
            library=desk,
            values={"title": loan.item.record.title, "barcode": loan.item.barcode},
            source=f"loan:{loan.pk}:returned",
        )


def _is_news(kind: NoticeKind, at: datetime) -> bool:
    return timezone.now() - at < KINDS[kind].life

"""Receipts of payments, sent to readers who chose to have them.

The ledger and the letters stand side by side and do not see each other; here both are in view.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from django.utils.translation import override

from tangthu.core.money import Money
from tangthu.fees.models import Receipt
from tangthu.fees.presenting import purpose_of
from tangthu.fees.sequels import register_receipt_issued
from tangthu.notices import checks
from tangthu.notices.actions import announce
from tangthu.notices.kinds import NoticeKind, Topic
from tangthu.notices.models import Choice
from tangthu.notices.policy import DEFAULT_LANGUAGE

_SOURCE = re.compile(r"receipt:([0-9]+)")


def start() -> None:
    """Introduce the ledger and the letters to each other. Called once."""
    register_receipt_issued(send_receipt)
    checks.register([NoticeKind.PAYMENT_RECEIPT], cancelled_receipts)


def send_receipt(receipt: Receipt) -> None:
    """Send the reader their receipt, if they chose it: one query for who did not."""
    patron = receipt.entry.patron
    if (
        patron is None
        or not Choice.objects.for_topic(Topic.RECEIPTS).filter(patron=patron).exists()
    ):
        return
    with override(DEFAULT_LANGUAGE):
        what = purpose_of(receipt)
    announce(
        NoticeKind.PAYMENT_RECEIPT,
        to=patron,
        library=receipt.library,
        values={
            "number": receipt.label,
            "amount": Money(receipt.amount),
            "words": receipt.in_words,
            "what": what,
        },
        source=f"receipt:{receipt.pk}",
    )


def cancelled_receipts(sources: Collection[str]) -> frozenset[str]:
    """Return the receipts whose payment was reversed before they could be sent."""
    named = {source: int(match[1]) for source in sources if (match := _SOURCE.fullmatch(source))}
    reversed_ones = Receipt.objects.filter(pk__in=named.values(), entry__reversal__isnull=False)
    gone = set(reversed_ones.values_list("pk", flat=True))
    return frozenset(source for source, pk in named.items() if pk in gone)

"""What is true of the library at any moment, whatever was done: read from the database alone."""

from __future__ import annotations

from collections import Counter

from django.db.models import Count, F, Max, Q, Sum

from tangthu.catalogue.models import Item, ItemStatus
from tangthu.circulation.models import (
    Hold,
    HoldState,
    Loan,
    LoanEvent,
    LoanEventKind,
    SetAside,
    Transfer,
)
from tangthu.circulation.policy import local_day
from tangthu.fees.models import Account, CashSession, Entry, EntryKind, Posting, Receipt
from tangthu.fees.reading import account_lines, debt_of, outstanding
from tests.model.books import late_fee


def check() -> None:
    """Assert every law."""
    a_copy_is_in_one_place()
    holds_are_lawful()
    every_loan_is_counted()
    the_ledger_balances()
    deposits_are_not_debts()
    lateness_costs_what_the_rules_say()
    the_forgotten_are_forgotten()


def a_copy_is_in_one_place() -> None:
    lent = Counter(Loan.objects.open().values_list("item", flat=True))
    ways = Counter(Transfer.objects.open().values_list("item", flat=True))
    shelf = Counter(
        Hold.objects.exclude(state=HoldState.IN_TRANSIT)
        .filter(trapped__isnull=False)
        .values_list("trapped", flat=True)
    )
    coming = set(Hold.objects.filter(state=HoldState.IN_TRANSIT).values_list("trapped", flat=True))
    aside = set(SetAside.objects.values_list("item", flat=True))
    assert max((*lent.values(), *ways.values(), *shelf.values()), default=1) == 1
    assert not lent.keys() & (ways.keys() | shelf.keys() | coming | aside)
    assert coming <= ways.keys()
    kept = set(Hold.objects.filter(state=HoldState.ON_SHELF).values_list("trapped", flat=True))
    assert not kept & (ways.keys() | coming)
    assert not Item.objects.filter(pk__in=lent, status=ItemStatus.LOST).exists()


def holds_are_lawful() -> None:
    is_open = Hold.objects.open()
    assert not is_open.filter(patron__erased_at__isnull=False).exists()
    assert not is_open.exclude(trapped=None).exclude(trapped__record=F("record")).exists()
    assert not is_open.exclude(item=None).exclude(trapped=None).exclude(trapped=F("item")).exists()
    twice = is_open.values("patron", "record").annotate(n=Count("pk")).filter(n__gt=1).order_by()
    assert not twice.exists()
    assert not Hold.objects.filter(state=HoldState.FILLED, trapped__isnull=False).exists()
    strays = Transfer.objects.open().filter(hold__state=HoldState.ON_SHELF)
    assert not strays.exists()


def every_loan_is_counted() -> None:
    acts = Counter(LoanEvent.objects.values_list("kind", flat=True))
    loans = Loan.objects.aggregate(
        all=Count("pk"), ended=Count("pk", filter=~Q(returned_at=None)), renewals=Sum("renewals")
    )
    assert acts[LoanEventKind.CHECK_OUT] == loans["all"]
    assert acts[LoanEventKind.CHECK_IN] + acts[LoanEventKind.LOST] == loans["ended"]
    assert acts[LoanEventKind.RENEW] == (loans["renewals"] or 0)


def the_ledger_balances() -> None:
    assert not Posting.objects.values("entry").annotate(n=Sum("amount")).exclude(n=0).exists()
    assert not Entry.objects.filter(postings=None).exists()
    by_charge = (
        Posting.objects.filter(account=Account.OWED)
        .values("patron", "charge")
        .annotate(open=Sum("amount"))
        .exclude(open=0)
        .values_list("patron", "open")
        .order_by()
    )
    in_debt = {patron for patron, left in by_charge if left > 0}
    in_credit = {patron for patron, left in by_charge if left < 0}
    assert not in_debt & in_credit
    for patron in Posting.objects.exclude(patron=None).values_list("patron", flat=True).distinct():
        owed = debt_of(patron).amount
        assert sum(line.amount for line in account_lines(patron)) == owed
        assert sum(left for _, left in outstanding(patron)) == owed
    drawers = Posting.objects.filter(account=Account.DRAWER).values("session").order_by()
    sums = dict(drawers.annotate(n=Sum("amount")).values_list("session", "n"))
    for session in CashSession.objects.all():
        left = sums.get(session.pk, 0)
        assert left >= 0 if session.is_open else left == 0
    given = Receipt.objects.values("library", "kind", "year").order_by()
    for series in given.annotate(n=Count("pk"), last=Max("number")):
        assert series["last"] == series["n"]


DEPOSITS = (EntryKind.DEPOSIT_TAKEN, EntryKind.DEPOSIT_RETURNED, EntryKind.DEPOSIT_USED)


def deposits_are_not_debts() -> None:
    """A deposit is a liability: only its own deeds touch it, and it is never below nothing."""
    posted = Posting.objects.filter(account=Account.DEPOSIT)
    strange = posted.exclude(entry__kind__in=DEPOSITS).exclude(entry__reverses__kind__in=DEPOSITS)
    assert not strange.exists()
    assert not posted.values("patron").annotate(n=Sum("amount")).filter(n__gt=0).exists()


def lateness_costs_what_the_rules_say() -> None:
    owed = Sum("postings__amount", filter=Q(postings__account=Account.OWED))
    charges = Entry.objects.filter(source__contains=":overdue:").annotate(owed=owed)
    charged = dict(charges.values_list("source", "owed"))
    for loan in Loan.objects.filter(ending="", returned_at__isnull=False):
        until = min(loan.returned_at, loan.claimed_at or loan.returned_at)
        late = max((local_day(until) - local_day(loan.due_at)).days, 0)
        known = charged.get(f"loan:{loan.pk}:overdue:{loan.renewals}", 0)
        assert known == late_fee(late)


def the_forgotten_are_forgotten() -> None:
    assert not Loan.objects.filter(patron__erased_at__isnull=False).exists()
    assert not Hold.objects.filter(patron__erased_at__isnull=False).exists()
    assert not Loan.objects.filter(returned_at__isnull=False, fetched_by__isnull=False).exists()

"""A reader's account: what is owed and by what, paying, deposits, fees by hand."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tangthu.core.errors import TangthuError
from tangthu.core.numbers import whole_number
from tangthu.core.requests import LibraryRequest
from tangthu.fees import actions, presenting, reading
from tangthu.fees.actions import Till
from tangthu.fees.cardfees import assessment, source_of
from tangthu.fees.forms import (
    ChargeForm,
    ExemptionForm,
    MoneyForm,
    TransferForm,
)
from tangthu.fees.models import (
    BankTransfer,
    CashSession,
    Entry,
    Exemption,
    FeeKind,
    Means,
    PatronExemption,
    Receipt,
    TransferPurpose,
)
from tangthu.fees.views.frame import SEE, TAKE, library_here, page, reader
from tangthu.libraries.models import Library
from tangthu.patrons.actions import note_seen
from tangthu.patrons.models import Patron
from tangthu.patrons.permissions import PatronsPermission
from tangthu.ui import refusals
from tangthu.ui.staff import staff_page
from tangthu.ui.templatetags.ui import so

PAGE = 50


@staff_page(TAKE)
@require_safe
def home(request: LibraryRequest) -> HttpResponse:
    """Find the reader who pays."""
    text = request.GET.get("q", "")[:200].strip()
    found: list[Patron] = []
    if text:
        seen = Patron.objects.visible_to(request.actor)
        found = list(seen.matching(text, by=request.actor).for_list()[:20])
        if len(found) == 1:
            return redirect("fees:account", pk=found[0].pk)
    owed = reading.debts_of(patron.pk for patron in found)
    library = library_here(request, TAKE)
    context: dict[str, object] = {
        "q": text,
        "found": [(patron, owed.get(patron.pk)) for patron in found],
        "library": library,
        "sessions": CashSession.objects.open().filter(drawer__library=library).for_list(),
    }
    return page(request, "fees/home.html", context, tab="home")


@staff_page(SEE, TAKE)
@require_safe
def account(request: LibraryRequest, pk: int) -> HttpResponse:
    """Show a reader's account."""
    patron = reader(request, pk)
    note_seen(patron, by=request.actor)
    return _page(request, patron)


@staff_page(TAKE)
@require_POST
def charge(request: LibraryRequest, pk: int) -> HttpResponse:
    """Enter a fee by hand."""
    patron, library = reader(request, pk), library_here(request, TAKE)
    form = ChargeForm(request.POST)

    def deed() -> None:
        told = form.cleaned_data
        actions.charge(
            patron,
            kind=FeeKind(told["kind"]),
            amount=told["amount"],
            note=told["note"],
            library=library,
            by=request.actor,
        )
        messages.success(request, _("The fee is entered."))

    return _answer(request, patron, "charge_form", form, deed)


@staff_page(TAKE)
@require_POST
def charge_card(request: LibraryRequest, pk: int) -> HttpResponse:
    """Charge what the card costs by the rules."""
    patron = reader(request, pk)
    entry = actions.charge_card_fee(patron, by=request.actor)
    if entry is None:
        messages.info(request, _("By the rules this card costs nothing."))
    else:
        messages.success(request, _("The card fee is entered."))
    return redirect("fees:account", pk=pk)


@staff_page(TAKE)
@require_POST
def pay(request: LibraryRequest, pk: int) -> HttpResponse:
    """Take a payment."""
    patron, library = reader(request, pk), library_here(request, TAKE)
    form = MoneyForm(request.POST, library=library, prefix="pay")
    chosen = [whole_number(text) or 0 for text in request.POST.getlist("charge")]

    def deed() -> Receipt:
        told = form.cleaned_data
        return actions.pay(
            patron,
            amount=told["amount"],
            note=told["note"],
            charges=chosen,
            through=_till(library, told),
            by=request.actor,
        )

    return _answer(request, patron, "pay_form", form, deed, chosen=chosen)


@staff_page(TAKE)
@require_POST
def refund(request: LibraryRequest, pk: int) -> HttpResponse:
    """Give back what was paid too much."""
    patron, library = reader(request, pk), library_here(request, TAKE)
    form = MoneyForm(request.POST, library=library, note_needed=True, prefix="refund")

    def deed() -> Receipt:
        told = form.cleaned_data
        return actions.refund(
            patron,
            amount=told["amount"],
            reason=told["note"],
            through=_till(library, told),
            by=request.actor,
        )

    return _answer(request, patron, "refund_form", form, deed)


@staff_page(TAKE)
@require_POST
def take_deposit(request: LibraryRequest, pk: int) -> HttpResponse:
    """Take a deposit."""
    return _deposit(request, pk, "take_form", "take", actions.take_deposit)


@staff_page(TAKE)
@require_POST
def return_deposit(request: LibraryRequest, pk: int) -> HttpResponse:
    """Give a deposit back."""
    return _deposit(request, pk, "return_form", "return", actions.return_deposit)


@staff_page(TAKE)
@require_POST
def use_deposit(request: LibraryRequest, pk: int) -> HttpResponse:
    """Use a deposit for fees."""
    patron, library = reader(request, pk), library_here(request, TAKE)
    form = MoneyForm(
        {**request.POST.dict(), "use-means": Means.BANK}, library=library, prefix="use"
    )

    def deed() -> None:
        told = form.cleaned_data
        actions.use_deposit(
            patron, amount=told["amount"], note=told["note"], library=library, by=request.actor
        )
        messages.success(request, _("The deposit was used for fees."))

    return _answer(request, patron, "use_form", form, deed)


@staff_page(TAKE)
@require_POST
def ask_for_transfer(request: LibraryRequest, pk: int) -> HttpResponse:
    """Ask for a payment by bank, and show its code."""
    patron, library = reader(request, pk), library_here(request, TAKE)
    form = TransferForm(request.POST, prefix="transfer")
    asked: list[BankTransfer] = []

    def deed() -> None:
        told = form.cleaned_data
        asked.append(
            actions.ask_for_transfer(
                patron,
                library=library,
                amount=told["amount"],
                purpose=TransferPurpose(told["purpose"]),
                by=request.actor,
            )
        )

    answer = _answer(request, patron, "transfer_form", form, deed)
    return redirect("fees:transfer", pk=asked[0].pk) if asked else answer


@staff_page(PatronsPermission.EDIT_PATRONS)
@require_POST
def grant_exemption(request: LibraryRequest, pk: int) -> HttpResponse:
    """Note that a reader has proved an exemption."""
    patron = reader(request, pk)
    form = ExemptionForm(request.POST, prefix="exemption")

    def deed() -> None:
        told = form.cleaned_data
        actions.grant_exemption(
            patron, told["exemption"], until_on=told["until_on"], by=request.actor
        )
        messages.success(request, _("Noted. It counts from the next card fee on."))

    return _answer(request, patron, "exemption_form", form, deed)


@staff_page(PatronsPermission.EDIT_PATRONS)
@require_POST
def end_exemption(request: LibraryRequest, pk: int, granted_pk: int) -> HttpResponse:
    """Forget that a reader is exempt."""
    patron = reader(request, pk)
    granted = get_object_or_404(PatronExemption, pk=granted_pk, patron=patron)
    actions.end_exemption(granted, by=request.actor)
    messages.success(request, _("The exemption is ended."))
    return redirect("fees:account", pk=pk)


def _deposit(
    request: LibraryRequest, pk: int, name: str, prefix: str, action: Callable[..., Receipt]
) -> HttpResponse:
    patron, library = reader(request, pk), library_here(request, TAKE)
    form = MoneyForm(request.POST, library=library, prefix=prefix)

    def deed() -> Receipt:
        told = form.cleaned_data
        return action(
            patron,
            amount=told["amount"],
            note=told["note"],
            through=_till(library, told),
            by=request.actor,
        )

    return _answer(request, patron, name, form, deed)


def _till(library: Library, told: dict[str, object]) -> Till:
    session = told.get("session")
    return Till(
        library=library,
        means=Means(str(told["means"])),
        session=session if isinstance(session, CashSession) else None,
    )


def _answer(
    request: LibraryRequest,
    patron: Patron,
    name: str,
    form: forms.Form,
    deed: Callable[[], Receipt | None],
    **others: object,
) -> HttpResponse:
    """Do the deed of a form; then the receipt, the account, or the form with what is wrong."""
    if form.is_valid():
        try:
            receipt = deed()
        except TangthuError as refused:
            refusals.show(form, refused)
        else:
            if receipt is not None:
                messages.success(request, _("Entered. Print the receipt, or go on."))
                return redirect("fees:receipt", pk=receipt.pk)
            return redirect("fees:account", pk=patron.pk)
    return _page(request, patron, status=422, **{name: form}, **others)


def _page(
    request: LibraryRequest, patron: Patron, *, status: int = 200, **others: object
) -> HttpResponse:
    actor, today = request.actor, timezone.localdate()
    takes = actor.may(TAKE)
    balance = reading.debt_of(patron.pk)
    deposit = reading.deposit_of(patron.pk)
    entries = Entry.objects.of_patron(patron.pk).newest().for_list()
    shown = Paginator(entries, PAGE).get_page(request.GET.get("page"))
    fee = assessment(patron, on=today)
    context: dict[str, object] = {
        "patron": patron,
        "balance": balance,
        "credit": -balance,
        "deposit": deposit,
        "charges": presenting.open_lines(patron.pk),
        "page": shown,
        "lines": [presenting.entry_line(entry) for entry in shown.object_list],
        "card_fee": fee,
        "card_fee_charged": Entry.objects.filter(source=source_of(patron)).exists(),
        "exemptions": patron.fee_exemptions.select_related("exemption"),
        "waiting": BankTransfer.objects.open().filter(patron=patron).order_by("-id"),
        "takes": takes,
        "edits": actor.may(PatronsPermission.EDIT_PATRONS, at=patron.library_id),
        "has_exemptions": Exemption.objects.filter(is_active=True).exists(),
        "exemption_form": ExemptionForm(prefix="exemption"),
        **(_forms(request, balance.amount, deposit.amount) if takes else {}),
        **others,
    }
    return page(request, "fees/account.html", context, tab="home", status=status)


def _forms(request: LibraryRequest, owed: int, held: int) -> dict[str, object]:
    library = library_here(request, TAKE)

    def money(prefix: str, amount: int, *, note_needed: bool = False) -> MoneyForm:
        initial = {"amount": so(amount) if amount > 0 else ""}
        return MoneyForm(library=library, note_needed=note_needed, prefix=prefix, initial=initial)

    return {
        "charge_form": ChargeForm(),
        "pay_form": money("pay", owed),
        "refund_form": money("refund", -owed, note_needed=True),
        "take_form": money("take", 0),
        "return_form": money("return", held),
        "use_form": money("use", min(owed, held)),
        "transfer_form": TransferForm(prefix="transfer"),
        "till_library": library,
    }

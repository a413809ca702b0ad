"""Bank files: brought in, and what they leave for a person to decide."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tangthu.core.errors import TangthuError
from tangthu.core.requests import LibraryRequest
from tangthu.fees import actions
from tangthu.fees.errors import BankFileUnreadable, SameBankFile
from tangthu.fees.forms import BankFileForm, LineForm
from tangthu.fees.models import BankFile, BankLine, BankLineState, BankTransfer
from tangthu.fees.policy import references_in
from tangthu.fees.views.frame import BANK, page
from tangthu.fees.wording import FILE_FAULTS, LINE_REASONS
from tangthu.patrons.reading import patron_by_card
from tangthu.ui import refusals
from tangthu.ui.staff import staff_page

PAGE = 25
LINES_PAGE = 100


@staff_page(BANK)
@require_http_methods(["GET", "HEAD", "POST"])
def files(request: LibraryRequest) -> HttpResponse:
    """Bring a file in, and list those that came before."""
    initial = {"library": request.actor.library_id}
    form = BankFileForm(
        request.POST or None, request.FILES or None, actor=request.actor, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        brought = _bring_in(request, form)
        if brought is not None:
            return redirect("fees:bank_file", pk=brought)
    known = BankFile.objects.visible_to(request.actor).select_related("library")
    counted = known.annotate(
        paid=Count("lines", filter=Q(lines__state=BankLineState.PAID)),
        waiting=Count("lines", filter=Q(lines__state=BankLineState.WAITING)),
        wrong=Count("lines", filter=Q(lines__state=BankLineState.WRONG)),
    )
    context: dict[str, object] = {
        "form": form,
        "page": Paginator(counted.order_by("-id"), PAGE).get_page(request.GET.get("page")),
    }
    status = 422 if form.errors else 200
    return page(request, "fees/bank_files.html", context, tab="bank", status=status)


@staff_page(BANK)
@require_safe
def file(request: LibraryRequest, pk: int) -> HttpResponse:
    """Show what became of a file, line by line."""
    seen = BankFile.objects.visible_to(request.actor).select_related("library")
    shown = get_object_or_404(seen, pk=pk)
    state = request.GET.get("state", "")
    lines = shown.lines.select_related("transfer__patron", "entry__patron", "entry__receipt")
    if state in BankLineState.values:
        lines = lines.filter(state=state)
    listed = Paginator(lines, LINES_PAGE).get_page(request.GET.get("page"))
    sums = dict(shown.lines.values_list("state").annotate(n=Count("id")).order_by())
    context: dict[str, object] = {
        "file": shown,
        "state": state,
        "page": listed,
        "lines": [(line, _reason(line)) for line in listed.object_list],
        "sums": [(each.label, sums.get(each, 0), each.value) for each in BankLineState],
    }
    return page(request, "fees/bank_file.html", context, tab="bank")


@staff_page(BANK)
@require_http_methods(["GET", "HEAD", "POST"])
def line(request: LibraryRequest, pk: int) -> HttpResponse:
    """Decide on a line: whose money it is, or that it is no reader's payment."""
    shown = _line(request, pk)
    form = LineForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _decide(request, shown, form):
        return redirect("fees:bank_file", pk=shown.file_id)
    return _line_page(request, shown, form)


@staff_page(BANK)
@require_POST
def accept(request: LibraryRequest, pk: int) -> HttpResponse:
    """Enter a line as the transfer that its reference names, at the amount that came."""
    shown = _line(request, pk)
    form = LineForm()
    if shown.transfer is not None:
        try:
            actions.match_line(shown, shown.transfer, by=request.actor)
        except TangthuError as refused:
            form = LineForm({})
            form.is_valid()
            refusals.show(form, refused)
            return _line_page(request, shown, form)
        messages.success(request, _("Entered."))
    return redirect("fees:bank_file", pk=shown.file_id)


def _bring_in(request: LibraryRequest, form: BankFileForm) -> int | None:
    """Return the id of the file that is there now; None after a refusal, said in the form."""
    raw, name = form.raw()
    library = form.cleaned_data["library"]
    try:
        brought = actions.bring_in(raw, name=name, library=library, by=request.actor)
    except SameBankFile as same:
        messages.info(request, _("This very file came before. Nothing was entered again."))
        return int(str(same.data["file"]))
    except BankFileUnreadable as refused:
        form.add_error("file", str(FILE_FAULTS[str(refused.data["fault"])]))
        return None
    messages.success(request, _("The file is brought in."))
    return brought.pk


def _decide(request: LibraryRequest, shown: BankLine, form: forms.Form) -> bool:
    whose, reason = form.cleaned_data["whose"].strip(), form.cleaned_data["reason"].strip()
    try:
        if reason and not whose:
            actions.set_line_aside(shown, reason=reason, by=request.actor)
        else:
            return _give(request, shown, form, whose)
    except TangthuError as refused:
        refusals.show(form, refused)
        return False
    messages.success(request, _("The line is set aside."))
    return True


def _give(request: LibraryRequest, shown: BankLine, form: forms.Form, whose: str) -> bool:
    """Enter the line as a transfer that was asked for, or as a reader's money."""
    named = BankTransfer.objects.visible_to(request.actor).filter(
        reference__in=references_in(whose)
    )
    asked = named.select_related("patron", "library").first()
    patron = patron_by_card(whose, by=request.actor) if whose else None
    if asked is not None:
        actions.match_line(shown, asked, by=request.actor)
    elif patron is not None:
        actions.credit_line(shown, patron, by=request.actor)
    else:
        form.add_error("whose", _("There is no such reference, and no reader with this card."))
        return False
    messages.success(request, _("Entered."))
    return True


def _line(request: LibraryRequest, pk: int) -> BankLine:
    seen = BankLine.objects.visible_to(request.actor)
    wanted = seen.select_related("file", "library", "transfer__patron", "entry__receipt")
    return get_object_or_404(wanted, pk=pk)


def _line_page(request: LibraryRequest, shown: BankLine, form: LineForm) -> HttpResponse:
    context: dict[str, object] = {"line": shown, "reason": _reason(shown), "form": form}
    status = 422 if form.errors else 200
    return page(request, "fees/bank_line.html", context, tab="bank", status=status)


def _reason(shown: BankLine) -> str:
    if shown.state == BankLineState.ASIDE:
        return shown.reason
    return str(LINE_REASONS.get(shown.reason, shown.reason))

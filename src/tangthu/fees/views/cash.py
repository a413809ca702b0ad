"""The cash desk: drawers that are open, their moves, the count, the report of a session."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tangthu.core.errors import TangthuError
from tangthu.core.money import Money
from tangthu.core.requests import LibraryRequest
from tangthu.fees import actions, reporting
from tangthu.fees.errors import DifferenceUnexplained
from tangthu.fees.forms import CountForm, DrawerForm, MoveForm, OpenForm
from tangthu.fees.models import Account, CashDrawer, CashSession
from tangthu.fees.views.frame import CASH, RULES, TAKE, library_here, page
from tangthu.libraries.fields import libraries_for
from tangthu.text.amounts import format_dong
from tangthu.ui import refusals
from tangthu.ui.staff import staff_page

PAGE = 30


@staff_page(CASH, TAKE)
@require_safe
def sessions(request: LibraryRequest) -> HttpResponse:
    """List the open drawers and the closed sessions."""
    return _sessions(request)


@staff_page(CASH)
@require_POST
def open_session(request: LibraryRequest) -> HttpResponse:
    """Open a drawer with its float."""
    library = library_here(request, CASH)
    form = OpenForm(request.POST, library=library)
    if form.is_valid():
        start = form.cleaned_data["float"] or Money(0)
        try:
            session = actions.open_session(
                form.cleaned_data["drawer"], start=start, by=request.actor
            )
        except TangthuError as refused:
            refusals.show(form, refused)
        else:
            messages.success(request, _("The drawer is open. Cash you take goes into it."))
            return redirect("fees:session", pk=session.pk)
    return _sessions(request, open_form=form, status=422)


@staff_page(CASH, TAKE)
@require_safe
def session(request: LibraryRequest, pk: int) -> HttpResponse:
    """Show a session: what came and went, and, when it is closed, the count."""
    return _page(request, _session(request, pk))


@staff_page(CASH)
@require_POST
def move(request: LibraryRequest, pk: int) -> HttpResponse:
    """Bring cash in or take it out."""
    shown, form = _session(request, pk), MoveForm(request.POST)
    if form.is_valid():
        told = form.cleaned_data
        deed = actions.bring_cash if told["direction"] == "in" else actions.take_cash
        try:
            deed(
                shown,
                amount=told["amount"],
                account=Account(told["account"]),
                reason=told["reason"],
                by=request.actor,
            )
        except TangthuError as refused:
            refusals.show(form, refused)
        else:
            messages.success(request, _("Entered."))
            return redirect("fees:session", pk=pk)
    return _page(request, shown, status=422, move_form=form)


@staff_page(CASH)
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: LibraryRequest, pk: int) -> HttpResponse:
    """Count the drawer and close it. What the books expect is told only after a first count."""
    shown, form = _session(request, pk), CountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.close_session(
                shown,
                notes=form.notes(),
                explanation=form.cleaned_data["explanation"],
                by=request.actor,
            )
        except DifferenceUnexplained as refused:
            form.add_error("explanation", _difference(refused))
        except TangthuError as refused:
            refusals.show(form, refused)
        else:
            messages.success(request, _("The drawer is counted and closed."))
            return redirect("fees:session", pk=pk)
    context: dict[str, object] = {"session": shown, "form": form}
    status = 422 if form.errors else 200
    return page(request, "fees/count.html", context, tab="cash", status=status)


@staff_page(CASH, TAKE)
@require_safe
def report(request: LibraryRequest, pk: int) -> HttpResponse:
    """Print the report of a session."""
    shown = _session(request, pk)
    context = {"session": shown, **reporting.of_session(shown)}
    return render(request, "fees/session_report.html", context)


@staff_page(RULES)
@require_http_methods(["GET", "HEAD", "POST"])
def drawers(request: LibraryRequest) -> HttpResponse:
    """List the drawers of a library, and put up another."""
    library = library_here(request, RULES)
    form = DrawerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_drawer(library, form.cleaned_data["name"], by=request.actor)
        except TangthuError as refused:
            refusals.show(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("fees:drawers")
    context: dict[str, object] = {
        "form": form,
        "library": library,
        "drawers": CashDrawer.objects.filter(library=library).order_by("-is_active", "name"),
    }
    status = 422 if form.errors else 200
    return page(request, "fees/drawers.html", context, tab="drawers", status=status)


@staff_page(RULES)
@require_http_methods(["GET", "HEAD", "POST"])
def drawer(request: LibraryRequest, pk: int) -> HttpResponse:
    """Rename a drawer, or take it out of use."""
    ours = CashDrawer.objects.filter(library__in=libraries_for(request.actor, RULES))
    shown = get_object_or_404(ours, pk=pk)
    initial = {"name": shown.name, "is_active": shown.is_active}
    form = DrawerForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_drawer(shown, **form.cleaned_data, by=request.actor)
        except TangthuError as refused:
            refusals.show(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("fees:drawers")
    context: dict[str, object] = {"form": form, "drawer": shown}
    status = 422 if form.errors else 200
    return page(request, "fees/drawer.html", context, tab="drawers", status=status)


def _difference(refused: DifferenceUnexplained) -> str:
    """Tell how much the count is off, so that it is looked at again before it is explained."""
    expected, counted = refused.data["expected"], refused.data["counted"]
    words = _("Counted %(counted)s, by the books %(expected)s. Count again, or say why.")
    told = {"counted": counted, "expected": expected}
    return words % {name: format_dong(int(str(value))) for name, value in told.items()}


def _session(request: LibraryRequest, pk: int) -> CashSession:
    seen = CashSession.objects.visible_to(request.actor).for_list()
    return get_object_or_404(seen, pk=pk)


def _sessions(
    request: LibraryRequest, *, open_form: OpenForm | None = None, status: int = 200
) -> HttpResponse:
    permission = CASH if request.actor.may(CASH) else TAKE
    library = library_here(request, permission)
    seen = CashSession.objects.visible_to(request.actor).filter(drawer__library=library)
    closed = seen.exclude(closed_at=None).for_list()
    form = open_form or OpenForm(library=library)
    context: dict[str, object] = {
        "library": library,
        "open_sessions": reporting.with_sums(seen.open().for_list()),
        "page": Paginator(closed, PAGE).get_page(request.GET.get("page")),
        "form": form,
        "opens": request.actor.may(CASH, at=library.pk),
        "may_open": form.fields["drawer"].queryset.exists(),  # type: ignore[attr-defined]
        "has_drawers": CashDrawer.objects.filter(library=library).exists(),
        "rules": request.actor.may(RULES, at=library.pk),
    }
    return page(request, "fees/sessions.html", context, tab="cash", status=status)


def _page(
    request: LibraryRequest, shown: CashSession, *, status: int = 200, **others: object
) -> HttpResponse:
    context: dict[str, object] = {
        "session": shown,
        "counts": shown.is_open and request.actor.may(CASH, at=shown.drawer.library_id),
        "move_form": MoveForm(),
        **reporting.of_session(shown),
        **others,
    }
    return page(request, "fees/session.html", context, tab="cash", status=status)

"""The desk's pages of licences: what may be lent, who has it, and by which rules."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tangthu.core import audit, wording
from tangthu.core.errors import TangthuError
from tangthu.core.numbers import whole_number
from tangthu.core.requests import LibraryRequest
from tangthu.reading.actions import lending as deeds
from tangthu.reading.lending import availability_of
from tangthu.reading.lending_forms import DigitalRuleForm, LicenceForm
from tangthu.reading.models import DigitalHold, DigitalLoan, DigitalRule, Licence
from tangthu.reading.permissions import ReadingPermission
from tangthu.reading.refusals import LicenceRefused
from tangthu.repository.models import DigitalObject
from tangthu.repository.policy.kinds import Access
from tangthu.text.folding import fold
from tangthu.ui import refusals
from tangthu.ui.staff import staff_page

PAGE = 30
OFFERED = 20


@staff_page(ReadingPermission.LICENCES, ReadingPermission.USAGE)
@never_cache
@require_safe
def licences(request: LibraryRequest) -> HttpResponse:
    """List the licences, the newest first, with what is out and who waits."""
    rows = Licence.objects.visible_to(request.actor).for_list()
    wanted = request.GET.get("q", "").strip()
    if wanted:
        rows = rows.filter(object__folded_title__contains=fold(wanted))
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    told = availability_of({row.object_id for row in page}, now=timezone.now())
    context = {
        "page": page,
        "q": wanted,
        "lines": [(row, told[row.object_id]) for row in page],
        "may_buy": request.actor.may(ReadingPermission.LICENCES),
    }
    return render(request, "reading/licences.html", context)


@staff_page(ReadingPermission.LICENCES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: LibraryRequest) -> HttpResponse:
    """Choose a document that is lent, then enter a licence of it."""
    offered = DigitalObject.objects.visible_to(request.actor).filter(access=Access.LENT)
    chosen = offered.filter(identifier=request.GET.get("object", "")).first()
    wanted = request.GET.get("q", "").strip()
    if chosen is None:
        if wanted:
            offered = offered.filter(folded_title__contains=fold(wanted))
        context = {"q": wanted, "objects": offered.order_by("-id")[:OFFERED]}
        return render(request, "reading/licence_of.html", context)
    form = LicenceForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            row = deeds.add_licence(chosen, form.told(), by=request.actor)
        except TangthuError as refused:
            _show(form, refused)
        else:
            messages.success(request, _("The licence is entered."))
            return redirect("reading_desk:licence", row.pk)
    entering: dict[str, object] = {"object": chosen, "form": form}
    return render(request, "reading/licence_new.html", entering, status=422 if form.errors else 200)


@staff_page(ReadingPermission.LICENCES, ReadingPermission.USAGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: LibraryRequest, pk: int) -> HttpResponse:
    """Show a licence with its use, change its terms, and stop it or lend on it again."""
    row = _row(request, pk)
    may_change = request.actor.may(ReadingPermission.LICENCES, at=row.library_id)
    form = LicenceForm(request.POST or None, actor=request.actor, licence=row)
    if request.method == "POST" and form.is_valid():
        try:
            deeds.change_licence(
                row, form.told(), version=form.cleaned_data["version"] or 0, by=request.actor
            )
        except TangthuError as refused:
            _show(form, refused)
        else:
            messages.success(request, _("The licence is changed."))
            return redirect("reading_desk:licence", row.pk)
    now = timezone.now()
    context = {
        "licence": row,
        "form": form if may_change else None,
        "told": availability_of([row.object_id], now=now)[row.object_id],
        "out": DigitalLoan.objects.live(now).filter(licence=row).count(),
        "may_look": request.actor.may(ReadingPermission.LOANS, at=row.library_id),
    }
    return render(request, "reading/licence.html", context, status=422 if form.errors else 200)


@staff_page(ReadingPermission.LICENCES)
@require_POST
def switch(request: LibraryRequest, pk: int) -> HttpResponse:
    """Stop lending on a licence, or lend on it again."""
    row = _row(request, pk)
    if request.POST.get("deed") == "stop":
        deeds.stop_licence(row, by=request.actor)
        messages.success(request, _("Nothing more is lent on it. Loans under way go on."))
    else:
        deeds.restart_licence(row, by=request.actor)
        messages.success(request, _("It is lent again."))
    return redirect("reading_desk:licence", row.pk)


@staff_page(ReadingPermission.LOANS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def borrowers(request: LibraryRequest, pk: int) -> HttpResponse:
    """Show who has the document and who waits for it. Who looks is written down."""
    obj = get_object_or_404(DigitalObject.objects.visible_to(request.actor), pk=pk)
    now = timezone.now()
    loans = DigitalLoan.objects.visible_to(request.actor).live(now).filter(object=obj)
    holds = DigitalHold.objects.visible_to(request.actor).open(now).filter(object=obj)
    if request.method == "POST":
        key = whole_number(request.POST.get("loan", "")) or 0
        return _ended(request, obj, get_object_or_404(loans, pk=key))
    audit.record(
        "digital_loan.looked", by=request.actor, kind="object", key=obj.pk, library=obj.library_id
    )
    context = {
        "object": obj,
        "loans": loans.select_related("patron", "item").order_by("due_at", "pk"),
        "holds": holds.for_shelf().select_related("patron"),
    }
    return render(request, "reading/borrowers.html", context)


@staff_page(ReadingPermission.LICENCES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: LibraryRequest) -> HttpResponse:
    """Show what libraries decide about electronic loans, and decide it."""
    form = DigitalRuleForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        deeds.set_digital_rule(said.pop("library"), said.pop("category"), by=request.actor, **said)
        messages.success(request, _("Decided."))
        return redirect("reading_desk:digital_rules")
    rows = DigitalRule.objects.select_related("library", "category")
    context = {"form": form, "rows": rows.order_by("library__path", "category__name")}
    return render(
        request, "reading/digital_rules.html", context, status=422 if form.errors else 200
    )


@staff_page(ReadingPermission.LICENCES)
@require_POST
def clear_rule(request: LibraryRequest, pk: int) -> HttpResponse:
    """Decide nothing any more for this library and category."""
    deeds.clear_digital_rule(get_object_or_404(DigitalRule, pk=pk), by=request.actor)
    messages.success(request, _("What holds above the library holds again."))
    return redirect("reading_desk:digital_rules")


def _row(request: LibraryRequest, pk: int) -> Licence:
    rows = Licence.objects.visible_to(request.actor).for_list()
    return get_object_or_404(rows.select_related("object__library"), pk=pk)


def _ended(request: LibraryRequest, obj: DigitalObject, loan: DigitalLoan) -> HttpResponse:
    try:
        deeds.give_back(loan, by=request.actor)
    except TangthuError as refused:
        messages.warning(request, wording.explain(refused))
    else:
        messages.success(request, _("The loan is ended."))
    return redirect("reading_desk:borrowers", obj.pk)


def _show(form: LicenceForm, refused: TangthuError) -> None:
    """Put the words of a refusal where it belongs: each fault of the terms has its own."""
    if not isinstance(refused, LicenceRefused):
        refusals.show(form, refused)
        return
    field = "limit" if refused.field == "by_copies" else refused.field
    field = {"expires_at": "expires_on"}.get(field, field)
    words = wording.sentence(str(refused.data["fault"]), refused.data)
    form.add_error(field if field in form.fields else None, words)

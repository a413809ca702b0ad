"""The rules of the card fees, and the exemptions that they name."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tangthu.core.errors import TangthuError
from tangthu.core.requests import LibraryRequest
from tangthu.fees import actions
from tangthu.fees.errors import BadCardFee
from tangthu.fees.forms import CardFeeForm, ExemptionKindForm
from tangthu.fees.models import CardFeeRule, Exemption
from tangthu.fees.views.frame import RULES, page
from tangthu.fees.wording import CARD_FEE_FAULTS
from tangthu.libraries.fields import libraries_for
from tangthu.ui import refusals
from tangthu.ui.staff import staff_page


@staff_page(RULES)
@require_safe
def card_fees(request: LibraryRequest) -> HttpResponse:
    """List the rules that hold, and on request those that have ended."""
    today, ended = timezone.localdate(), request.GET.get("ended") == "1"
    ours = libraries_for(request.actor, RULES)
    inherited = {pk for library in ours for pk in library.chain}
    rules = CardFeeRule.objects.filter(library__in=inherited)
    rules = rules.select_related("library", "category", "exemption")
    if not ended:
        rules = rules.filter(Q(until_on=None) | Q(until_on__gte=today))
    own = set(ours.values_list("pk", flat=True))
    context: dict[str, object] = {
        "rules": [(rule, rule.library_id in own) for rule in rules],
        "exemptions": Exemption.objects.order_by("name"),
        "exemption_form": ExemptionKindForm(),
        "ended": ended,
        "today": today,
    }
    return page(request, "fees/card_fees.html", context, tab="card_fees")


@staff_page(RULES)
@require_http_methods(["GET", "HEAD", "POST"])
def new_card_fee(request: LibraryRequest) -> HttpResponse:
    """Add a rule."""
    initial = {"library": request.actor.library_id, "from_on": timezone.localdate()}
    form = CardFeeForm(request.POST or None, actor=request.actor, initial=initial)
    return _edit(request, form, rule=None)


@staff_page(RULES)
@require_http_methods(["GET", "HEAD", "POST"])
def card_fee(request: LibraryRequest, pk: int) -> HttpResponse:
    """Change a rule."""
    rule = _rule(request, pk)
    initial = {name: getattr(rule, name) for name in CardFeeForm.base_fields}
    form = CardFeeForm(request.POST or None, actor=request.actor, initial=initial)
    form.fields["library"].disabled = True
    return _edit(request, form, rule=rule)


@staff_page(RULES)
@require_POST
def drop_card_fee(request: LibraryRequest, pk: int) -> HttpResponse:
    """Take back a rule that was a mistake."""
    actions.drop_card_fee(_rule(request, pk), by=request.actor)
    messages.success(request, _("The rule is taken back."))
    return redirect("fees:card_fees")


@staff_page(RULES)
@require_POST
def add_exemption(request: LibraryRequest) -> HttpResponse:
    """Name another exemption."""
    form = ExemptionKindForm(request.POST)
    if form.is_valid():
        try:
            actions.add_exemption(**form.cleaned_data, by=request.actor)
        except TangthuError as refused:
            refusals.show(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("fees:card_fees")
    context: dict[str, object] = {"exemption_form": form}
    return page(request, "fees/exemption.html", context, tab="card_fees", status=422)


def _edit(request: LibraryRequest, form: CardFeeForm, *, rule: CardFeeRule | None) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        library = rule.library if rule else form.cleaned_data["library"]
        try:
            actions.set_card_fee(library, form.told(), rule=rule, by=request.actor)
        except BadCardFee as refused:
            form.add_error(refused.field, str(CARD_FEE_FAULTS[str(refused.data["fault"])]))
        else:
            messages.success(request, _("Saved. It holds from its day on."))
            return redirect("fees:card_fees")
    context: dict[str, object] = {"form": form, "rule": rule}
    status = 422 if form.errors else 200
    return page(request, "fees/card_fee.html", context, tab="card_fees", status=status)


def _rule(request: LibraryRequest, pk: int) -> CardFeeRule:
    ours = CardFeeRule.objects.filter(library__in=libraries_for(request.actor, RULES))
    return get_object_or_404(ours.select_related("library"), pk=pk)

"""The lending rules of a library: what holds for whom, setting a value, taking it back."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tangthu.circulation import actions
from tangthu.circulation.forms.rules import RuleForm, ScopeForm
from tangthu.circulation.models import LendingRule
from tangthu.circulation.permissions import CirculationPermission
from tangthu.circulation.policy import (
    DEFINITIONS,
    BadRule,
    RuleDefinition,
    RuleGroup,
    RuleName,
    check_rule,
)
from tangthu.circulation.policy.sentences import Statement, say
from tangthu.circulation.reading.rulebook import Holding, Scope, holding, holdings, rules_of
from tangthu.circulation.reading.trials import Change, vocabulary
from tangthu.circulation.wording.lending import GROUPS, RULE_FAULTS, rule_value_words
from tangthu.circulation.wording.trials import MONTHS, Trial, try_out
from tangthu.core.numbers import whole_number
from tangthu.core.requests import LibraryRequest
from tangthu.libraries.fields import libraries_for
from tangthu.libraries.models import Library
from tangthu.ui.staff import staff_page

MANAGE = CirculationPermission.MANAGE_RULES
_LENGTHS = (RuleName.LOAN_LENGTH, RuleName.RENEWAL_LENGTH)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A value that holds for the chosen readers and copies, in words."""

    name: RuleName
    label: str
    value: str
    holding: Holding
    edit_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """The rules about one thing; it stands open where this library has set some of them."""

    title: str
    lines: list[Line]
    own: int
    opened: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SetLine:
    """A value that this library or one above has set, in words."""

    label: str
    value: str
    rule: LendingRule
    own: bool
    edit_url: str


@staff_page(MANAGE)
@require_safe
def rules(request: LibraryRequest) -> HttpResponse:
    library = managed_library(request)
    form = ScopeForm(request.GET, actor=request.actor, library=library)
    scope = form.scope()
    found = rules_of(library)
    held = holdings(found, library, scope)
    context = {
        "form": form,
        "library": library,
        "scope": scope,
        "chapters": _chapters(held, library, scope),
        "spoken": _spoken(held, scope),
        "summary": _summary({each.definition.name: each for each in held}),
        "set_lines": [_set_line(rule, library) for rule in found],
    }
    return render(request, "circulation/rules.html", context)


@staff_page(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_rule(request: LibraryRequest, name: str) -> HttpResponse:
    definition = _definition(name)
    library = managed_library(request)
    scope = ScopeForm(request.GET, actor=request.actor, library=library).scope()
    held = holding(definition.name, rules_of(library), library, scope)
    form = RuleForm(request.POST or None, definition=definition, initial=_initial(held, scope))
    trial = None
    if request.method == "POST" and form.is_valid():
        scope = form.scope()
        trial = _tried(form, definition, library, scope)
        if trial is not None and _may_set(request, trial):
            actions.set_rule(
                library,
                name,
                form.cleaned_data["value"],
                category=scope.category,
                item_type=scope.item_type,
                by=request.actor,
            )
            messages.success(request, _("Saved. It holds from the next loan on."))
            return _back(library, scope)
    context = {
        "form": form,
        "library": library,
        "scope": scope,
        "line": _line(held, library, scope),
        "definition": definition,
        "blank": _(definition.blank) if definition.blank else "",
        "back_url": _address(library, scope),
        "trial": trial,
        "months": MONTHS,
    }
    return render(request, "circulation/rule.html", context, status=422 if form.errors else 200)


def _tried(
    form: RuleForm, definition: RuleDefinition, library: Library, scope: Scope
) -> Trial | None:
    """Try the value before it is set; one that cannot be set is said under its field."""
    value = form.cleaned_data["value"]
    item_type = scope.item_type.code if scope.item_type else None
    try:
        check_rule(definition.name, value, item_type=item_type)
    except BadRule as bad:
        form.add_error("value", str(RULE_FAULTS[bad.fault]))
        return None
    change = Change(
        name=definition.name,
        value=value.strip(),
        category=scope.category.code if scope.category else None,
        item_type=item_type,
    )
    return try_out(library, [change], vocabulary(), now=timezone.now())


def _may_set(request: LibraryRequest, trial: Trial) -> bool:
    """Tell whether it is to be set now: not only tried, and nothing expected breaks unseen."""
    if request.POST.get("step") == "try":
        return False
    return not trial.broken or bool(request.POST.get("acknowledged"))


@staff_page(MANAGE)
@require_POST
def clear_rule(request: LibraryRequest, pk: int) -> HttpResponse:
    ours = LendingRule.objects.filter(library__in=libraries_for(request.actor, MANAGE))
    rule = get_object_or_404(ours.select_related("library", "category", "item_type"), pk=pk)
    scope = Scope(category=rule.category, item_type=rule.item_type)
    actions.clear_rule(rule, by=request.actor)
    messages.success(request, _("The value was taken back. What holds above holds here again."))
    return _back(rule.library, scope)


def managed_library(request: LibraryRequest) -> Library:
    """Return the library asked for, or the one where the actor works; 404 for all others."""
    ours = libraries_for(request.actor, MANAGE)
    asked = request.GET.get("library", "")
    if asked:
        return get_object_or_404(ours, pk=whole_number(asked) or 0)
    here = ours.filter(pk=request.actor.library_id or 0).first() or ours.first()
    if here is None:
        raise Http404
    return here


def _definition(name: str) -> RuleDefinition:
    if name not in set(RuleName):
        raise Http404
    return DEFINITIONS[RuleName(name)]


def _initial(held: Holding, scope: Scope) -> dict[str, object]:
    value = held.resolved.value
    return {
        "value": "" if value is None else value,
        "category": scope.category,
        "item_type": scope.item_type,
    }


def _line(held: Holding, library: Library, scope: Scope, *, unit: str = "") -> Line:
    name = held.definition.name
    value = rule_value_words(held.definition, held.resolved)
    if name in _LENGTHS and held.resolved.number is not None:
        value = f"{value} {unit}".strip()
    return Line(
        name=name,
        label=_(held.definition.label),
        value=value,
        holding=held,
        edit_url=_edit_address(name, library, scope),
    )


def _chapters(held: list[Holding], library: Library, scope: Scope) -> list[Chapter]:
    """Lay the rules apart by what they are about."""
    unit = _unit(held)
    groups: dict[RuleGroup, list[Line]] = {group: [] for group in GROUPS}
    for each in held:
        line = _line(each, library, scope, unit=unit)
        groups.setdefault(each.definition.group, []).append(line)
    return [
        Chapter(
            title=str(GROUPS.get(group, group)),
            lines=lines,
            own=sum(line.holding.own for line in lines),
            opened=group is RuleGroup.LOAN or any(line.holding.own for line in lines),
        )
        for group, lines in groups.items()
        if lines
    ]


def _spoken(held: list[Holding], scope: Scope) -> str:
    """Return what somebody has set, as a sentence that may be written as well."""
    values = {
        each.definition.name: each.resolved.source.value
        for each in held
        if each.resolved.source is not None
    }
    if RuleName.LOAN_LENGTH in values:
        values.setdefault(RuleName.LOAN_UNIT, "days")
    statement = Statement(
        category=scope.category.code if scope.category else None,
        item_type=scope.item_type.code if scope.item_type else None,
        values=values,
    )
    return say(statement, vocabulary())


def _unit(held: list[Holding]) -> str:
    """Return what lengths are counted in: days or hours."""
    units = (each for each in held if each.definition.name is RuleName.LOAN_UNIT)
    return "".join(rule_value_words(each.definition, each.resolved) for each in units)


def _set_line(rule: LendingRule, library: Library) -> SetLine:
    definition = DEFINITIONS[RuleName(rule.name)]
    scope = Scope(category=rule.category, item_type=rule.item_type)
    held = holding(definition.name, [rule], rule.library, scope)
    return SetLine(
        label=_(definition.label),
        value=rule_value_words(definition, held.resolved),
        rule=rule,
        own=rule.library_id == library.pk,
        edit_url=_edit_address(definition.name, library, scope),
    )


def _summary(held: dict[RuleName, Holding]) -> str:
    """Say in one sentence what a loan would be like, from the values that matter most."""
    length = held[RuleName.LOAN_LENGTH].resolved.value
    if held[RuleName.MAX_LOANS].rule is None or length is None:
        return ""
    words = {
        name: rule_value_words(held[name].definition, held[name].resolved)
        for name in (RuleName.MAX_LOANS, RuleName.LOAN_UNIT, RuleName.RENEWALS)
    }
    return _("Copies at most: %(max)s · for %(length)s %(unit)s · renewals: %(renewals)s") % {
        "max": words[RuleName.MAX_LOANS],
        "length": length,
        "unit": words[RuleName.LOAN_UNIT],
        "renewals": words[RuleName.RENEWALS],
    }


def _edit_address(name: RuleName, library: Library, scope: Scope) -> str:
    address = reverse("circulation:edit_rule", args=[name])
    return f"{address}?{_query(library, scope)}"


def _address(library: Library, scope: Scope) -> str:
    return f"{reverse('circulation:rules')}?{_query(library, scope)}"


def _query(library: Library, scope: Scope) -> str:
    category, item_type = scope.category, scope.item_type
    asked = {
        "library": library.pk,
        "category": category.pk if category else "",
        "item_type": item_type.pk if item_type else "",
    }
    return urlencode({name: value for name, value in asked.items() if value})


def _back(library: Library, scope: Scope) -> HttpResponseRedirect:
    return redirect(_address(library, scope))

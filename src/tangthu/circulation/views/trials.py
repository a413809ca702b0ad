"""Rules written as sentences, tried before they are saved; and what a library expects of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tangthu.circulation import actions
from tangthu.circulation.forms.lending import SentencesForm
from tangthu.circulation.models import Expectation
from tangthu.circulation.permissions import CirculationPermission
from tangthu.circulation.policy.sentences import Misunderstood, Vocabulary, understand
from tangthu.circulation.reading.rulebook import rows_of
from tangthu.circulation.reading.trials import (
    Change,
    changes_of,
    differences,
    unmet,
    vocabulary,
)
from tangthu.circulation.views.rules import managed_library
from tangthu.circulation.wording.trials import (
    MONTHS,
    Line,
    broken_sentences,
    fault_sentence,
    lines_of,
    try_out,
)
from tangthu.core.requests import LibraryRequest
from tangthu.libraries.fields import libraries_for
from tangthu.libraries.models import Library
from tangthu.ui.staff import staff_page

MANAGE = CirculationPermission.MANAGE_RULES


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A sentence: what it sets, or why it was not understood."""

    sentence: str
    lines: list[Line] = field(default_factory=list)
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """A kept expectation, and whether it holds."""

    row: Expectation
    faults: list[str]


@staff_page(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def sentences(request: LibraryRequest) -> HttpResponse:
    """Take sentences, show what they would do, and save them once they were tried."""
    library = managed_library(request)
    form = SentencesForm(request.POST or None)
    words = vocabulary()
    said: list[Said] = []
    trial = None
    if request.method == "POST" and form.is_valid():
        changes, said = heard(form.lines, library, words)
        if all(not each.fault for each in said):
            trial = try_out(library, changes, words, now=timezone.now())
            if form.cleaned_data["step"] == "save":
                if not trial.broken or form.cleaned_data["acknowledged"]:
                    return saved(request, library, form, changes)
                form.add_error("acknowledged", _("Say that you know what is no longer true."))
    context = {
        "form": form,
        "library": library,
        "libraries": libraries_for(request.actor, MANAGE),
        "said": said,
        "trial": trial,
        "words": words,
        "months": MONTHS,
        "expected": expected_of(library, words),
    }
    status = 422 if form.errors or any(each.fault for each in said) else 200
    return render(request, "circulation/sentences.html", context, status=status)


@staff_page(MANAGE)
@require_POST
def keep(request: LibraryRequest) -> HttpResponse:
    """Keep a sentence as an expectation, if it means something."""
    library = managed_library(request)
    sentence = request.POST.get("sentence", "").strip()[:300]
    try:
        understand(sentence, vocabulary())
    except Misunderstood as error:
        messages.error(request, f"{sentence}: {fault_sentence(error)}")
    else:
        actions.keep_expectation(library, sentence, by=request.actor)
        messages.success(request, _("Kept. Every change of the rules is tried against it."))
    return back(library)


@staff_page(MANAGE)
@require_POST
def drop(request: LibraryRequest, pk: int) -> HttpResponse:
    ours = Expectation.objects.filter(library__in=libraries_for(request.actor, MANAGE))
    kept = get_object_or_404(ours.select_related("library"), pk=pk)
    actions.drop_expectation(kept, by=request.actor)
    messages.success(request, _("It is no longer expected."))
    return back(kept.library)


def heard(
    lines: Sequence[str], library: Library, words: Vocabulary
) -> tuple[list[Change], list[Said]]:
    """Read the sentences; those that are not understood say why."""
    changes: list[Change] = []
    said: list[Said] = []
    for line in lines:
        try:
            found = changes_of(understand(line, words))
        except Misunderstood as error:
            said.append(Said(sentence=line, fault=fault_sentence(error)))
            continue
        changes.extend(found)
        said.append(Said(sentence=line, lines=lines_of(differences(library, found), words)))
    return changes, said


def saved(
    request: LibraryRequest, library: Library, form: SentencesForm, changes: Sequence[Change]
) -> HttpResponseRedirect:
    rules = [
        actions.RuleData(
            name=each.name,
            value=each.value,
            category=each.category,
            item_type=each.item_type,
        )
        for each in changes
    ]
    actions.set_rules(library, rules, by=request.actor)
    if form.cleaned_data["expect"]:
        for line in form.lines:
            actions.keep_expectation(library, line, by=request.actor)
    messages.success(request, _("Saved. It holds from the next loan on."))
    return back(library)


def expected_of(library: Library, words: Vocabulary) -> list[Expected]:
    """Return the library's expectations, and what of each does not hold now."""
    rows = rows_of(library)
    kept = Expectation.objects.filter(library=library).select_related("library")
    return [Expected(row=each, faults=broken_sentences(unmet(each, rows, words))) for each in kept]


def back(library: Library) -> HttpResponseRedirect:
    return redirect(f"{reverse('circulation:sentences')}?library={library.pk}")

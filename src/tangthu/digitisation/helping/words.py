"""Which documents readers can help with, and one word after the other."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tangthu.core import wording
from tangthu.core.errors import TangthuError
from tangthu.core.requests import LibraryRequest
from tangthu.digitisation import picturing
from tangthu.digitisation.actions.volunteers import Taken, answer_word
from tangthu.digitisation.actions.volunteers.answers import set_aside, still_there
from tangthu.digitisation.errors import VolunteerStopped
from tangthu.digitisation.models import (
    Volunteer,
    VolunteerCall,
    WordAnswer,
    WordTask,
)
from tangthu.digitisation.policy.letters import letters_for
from tangthu.repository.models import DigitalObject, DigitalObjectQuerySet
from tangthu.repository.reading import may_see
from tangthu.ui.readers import reader_page

LOOKED_AT = 20


@reader_page
@require_safe
def calls(request: LibraryRequest) -> HttpResponse:
    """Show the documents that wait for help, and what this reader has done."""
    patron = request.actor.patron_id or 0
    found = VolunteerCall.objects.open().filter(object__in=_seen(request)).with_progress()
    own = WordAnswer.objects.of(patron)
    context = {
        "calls": [call for call in found[:50] if call.done_words < call.all_words],
        "right": own.right().count(),
        "given": own.count(),
        "volunteer": Volunteer.objects.filter(patron=patron).first(),
    }
    return render(request, "digitisation/volunteers/calls.html", context)


@reader_page
@require_safe
def word(request: LibraryRequest, identifier: str) -> HttpResponse:
    """Show the next word of a document that this reader has not read yet."""
    obj = get_object_or_404(_seen(request), identifier=identifier)
    call = VolunteerCall.objects.open().filter(object=obj).first()
    if call is None or not may_see(obj, request.actor, address=None, now=timezone.now()):
        messages.info(request, _("This document needs no help now."))
        return redirect("helping:calls")
    task = _next(obj, request.actor.patron_id or 0)
    context = {
        "object": obj,
        "call": call,
        "task": task,
        "today": WordAnswer.objects.of(request.actor.patron_id or 0)
        .since(timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0))
        .count(),
        "language": (obj.language_codes or ("vie",))[0],
        "letters": letters_for(obj.language_codes),
    }
    return render(request, "digitisation/volunteers/word.html", context)


@reader_page
@require_POST
def answer(request: LibraryRequest, pk: int) -> HttpResponse:
    """Take what the reader read, and show the next word."""
    task = _given(request, pk)
    typed = "" if request.POST.get("skip") else request.POST.get("word", "").strip()
    if not typed and not request.POST.get("skip"):
        messages.warning(request, _("Type what you read, or say that you cannot read it."))
        return redirect("helping:word", task.object.identifier)
    try:
        taken = answer_word(task, typed, by=request.actor)
    except VolunteerStopped as stopped:
        reason = f"volunteer_{stopped.data['reason']}"
        messages.warning(request, wording.sentence(reason, stopped.data))
        return redirect("helping:calls")
    except TangthuError as refused:
        messages.error(request, wording.explain(refused))
    else:
        if taken == Taken.AGREED:
            messages.success(request, _("Somebody else read the same: the word is corrected."))
    return redirect("helping:word", task.object.identifier)


@reader_page
@require_safe
def piece(request: LibraryRequest, pk: int) -> HttpResponse:
    """Answer the picture of one word that is given out, and of no more of its page."""
    task = _given(request, pk)
    seen = may_see(task.object, request.actor, address=None, now=timezone.now())
    if not seen or task.text.page is None:
        raise Http404
    return picturing.piece(task.text.page, task.text.layout(), task.box)


def _given(request: LibraryRequest, pk: int) -> WordTask:
    """Return a word of a document that is open to volunteers. Raises Http404."""
    called = VolunteerCall.objects.open().filter(object__in=_seen(request)).values("object")
    rows = WordTask.objects.filter(object__in=called)
    return get_object_or_404(rows.select_related("object", "text__page__delivery"), pk=pk)


def _next(obj: DigitalObject, patron: int) -> WordTask | None:
    """Return a word to read; what was corrected meanwhile is put aside."""
    for task in WordTask.objects.for_volunteer(patron).filter(object=obj)[:LOOKED_AT]:
        if still_there(task):
            return task
        set_aside(task)
    return None


def _seen(request: LibraryRequest) -> DigitalObjectQuerySet:
    return DigitalObject.objects.visible_to(request.actor).published()

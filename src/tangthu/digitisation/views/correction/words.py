"""Word by word: the doubtful ones of an object, one after the other."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from tangthu.core import wording
from tangthu.core.errors import TangthuError
from tangthu.core.requests import LibraryRequest
from tangthu.digitisation import picturing
from tangthu.digitisation.actions.correction import Spot, correct_word
from tangthu.digitisation.doubtful import Cursor, left_of, next_doubt
from tangthu.digitisation.models import Correction
from tangthu.digitisation.policy.letters import letters_for
from tangthu.digitisation.views.correction.finding import CORRECT, box_of, object_of, page_of
from tangthu.repository.models import DigitalObject, PageText
from tangthu.ui.staff import staff_page


@staff_page(CORRECT)
@require_safe
def doubtful(request: LibraryRequest, identifier: str) -> HttpResponse:
    """Show the next doubtful word."""
    obj = object_of(request, identifier)
    return _card(request, obj, Cursor.read(request.GET.get("after", "")))


@staff_page(CORRECT)
@require_POST
def word(request: LibraryRequest, identifier: str) -> HttpResponse:
    """Take what was typed for a word, and show the next one."""
    obj = object_of(request, identifier)
    page = page_of(request, identifier, request.POST.get("page", ""))
    box = box_of(request.POST.get("box", ""))
    if box is None:
        raise Http404
    typed = "" if request.POST.get("drop") else request.POST.get("word", "")
    said, last = "", None
    if typed or request.POST.get("drop"):
        try:
            spot = Spot(box, request.POST.get("read", ""))
            kept = correct_word(page, spot, typed, by=request.actor)
            own = Correction.objects.of_staff(request.actor.user_id or 0)
            last = own.of_revision(kept).first() if kept else None
        except TangthuError as refused:
            said = wording.explain(refused)
    cursor = Cursor.read(request.POST.get("here", ""))
    if request.htmx:
        return _card(request, obj, cursor, said=said, last=last)
    if said:
        messages.warning(request, said)
    answer = redirect("digitisation:doubtful", identifier)
    answer["Location"] += f"?after={cursor}"
    return answer


@staff_page(CORRECT)
@require_safe
def piece(request: LibraryRequest, identifier: str, page: str, box: str) -> HttpResponse:
    """Answer the picture of a word with what stands beside it."""
    row = page_of(request, identifier, page)
    place = box_of(box)
    if place is None:
        raise Http404
    text = get_object_or_404(PageText, page=row)
    return picturing.piece(row, text.layout(), place)


@staff_page(CORRECT)
@require_safe
def picture(request: LibraryRequest, identifier: str, page: str) -> HttpResponse:
    """Answer the picture of a whole page."""
    return picturing.whole(page_of(request, identifier, page))


def _card(
    request: LibraryRequest,
    obj: DigitalObject,
    cursor: Cursor,
    *,
    said: str = "",
    last: Correction | None = None,
) -> HttpResponse:
    doubt = next_doubt(obj, cursor)
    started_late = cursor != Cursor() and doubt is None
    context = {
        "object": obj,
        "doubt": doubt,
        "box": ",".join(str(side) for side in doubt.word.box) if doubt else "",
        "left": left_of(obj),
        "started_late": started_late,
        "said": said,
        "letters": letters_for(obj.language_codes),
        "last": last,
        "last_here": cursor,
    }
    name = (
        "digitisation/correction/card.html"
        if request.htmx
        else ("digitisation/correction/doubtful.html")
    )
    return render(request, name, context)

"""Who corrected what, and taking it back."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tangthu.core import wording
from tangthu.core.errors import TangthuError
from tangthu.core.numbers import whole_number
from tangthu.core.requests import LibraryRequest
from tangthu.digitisation.actions.correction import (
    TakenBack,
    undo,
    undo_all_of_staff,
    undo_page,
)
from tangthu.digitisation.doubtful import Cursor
from tangthu.digitisation.models import Correction, How
from tangthu.digitisation.views.correction.finding import CORRECT, object_of, page_of
from tangthu.ui.staff import staff_page

PAGE = 50


@staff_page(CORRECT)
@require_safe
def history(request: LibraryRequest, identifier: str) -> HttpResponse:
    """Show the corrections of an object, the newest first."""
    obj = object_of(request, identifier)
    rows = Correction.objects.of_object(obj).for_list()
    chosen = obj.pages.filter(identifier=request.GET.get("of", "")).first()
    if chosen is not None:
        rows = rows.filter(text__page=chosen)
    people = (
        Correction.objects.of_object(obj)
        .standing()
        .exclude(user_id=None)
        .values("user_id", "by")
        .annotate(count=Count("pk"))
        .order_by("-count")[:20]
    )
    context = {
        "object": obj,
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "of": chosen,
        "people": people,
        "undone": How.UNDONE,
        "volunteers": How.VOLUNTEERS,
    }
    return render(request, "digitisation/correction/history.html", context)


@staff_page(CORRECT)
@require_POST
def take_back(request: LibraryRequest, identifier: str, pk: int) -> HttpResponse:
    """Take one correction back; whoever corrects word by word is shown that word again."""
    obj = object_of(request, identifier)
    row = get_object_or_404(Correction.objects.of_object(obj).select_related("text"), pk=pk)
    try:
        _say(request, undo(row, by=request.actor))
    except TangthuError as refused:
        messages.error(request, wording.explain(refused))
    if "then" in request.POST:
        answer = redirect("digitisation:doubtful", identifier)
        answer["Location"] += f"?after={Cursor.read(request.POST['then'])}"
        return answer
    return redirect("digitisation:corrections", identifier)


@staff_page(CORRECT)
@require_POST
def take_page_back(request: LibraryRequest, identifier: str, page: str) -> HttpResponse:
    """Take back what was corrected on a page from a revision on."""
    row = page_of(request, identifier, page)
    since = whole_number(request.POST.get("since", "")) or 0
    try:
        _say(request, undo_page(row, since=since, by=request.actor))
    except TangthuError as refused:
        messages.error(request, wording.explain(refused))
    return redirect("digitisation:corrections", identifier)


@staff_page(CORRECT)
@require_POST
def take_person_back(request: LibraryRequest, identifier: str) -> HttpResponse:
    """Take back all that one member of staff corrected in this object."""
    obj = object_of(request, identifier)
    user = whole_number(request.POST.get("user", ""))
    if user:
        _say(request, undo_all_of_staff(user, by=request.actor, obj=obj))
    return redirect("digitisation:corrections", identifier)


def _say(request: LibraryRequest, found: TakenBack) -> None:
    messages.success(request, _("Taken back: %(count)s.") % {"count": found.done})
    if found.left:
        told = _("Changed again since, so left as they are: %(count)s.") % {"count": found.left}
        messages.warning(request, told)

"""A whole page: its picture and its text side by side, line by line or typed as one."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tangthu.core import wording
from tangthu.core.errors import TangthuError
from tangthu.core.numbers import whole_number
from tangthu.core.requests import LibraryRequest
from tangthu.digitisation.actions.correction import Typed, save_page
from tangthu.digitisation.policy.letters import letters_for
from tangthu.digitisation.views.correction.finding import CORRECT, page_of
from tangthu.formats.alto import EMPTY, Box, Layout
from tangthu.formats.alto import plain as plain_of
from tangthu.repository.models import Page, PageText
from tangthu.repository.policy.texts import DOUBTFUL_BELOW
from tangthu.ui.staff import staff_page

MOST_LINES = 1000


@dataclass(frozen=True, slots=True)
class Row:
    """A line as it is shown: its text, its piece of the picture, and its doubtful words there."""

    number: int
    text: str
    view: str
    box: Box
    doubtful: tuple[Box, ...]
    words: str


@staff_page(CORRECT)
@require_http_methods(["GET", "HEAD", "POST"])
def page_text(request: LibraryRequest, identifier: str, page: str) -> HttpResponse:
    """Show a page's text beside its picture, and keep what is typed."""
    row = page_of(request, identifier, page)
    as_whole = request.GET.get("as") == "whole"
    typed = _typed(request) if request.method == "POST" else None
    refused = ""
    if typed is not None:
        try:
            save_page(row, typed, by=request.actor)
        except TangthuError as refusal:
            refused = wording.explain(refusal)
        else:
            messages.success(request, _("Saved. It can be searched at once."))
            return redirect(_next(request, row, as_whole=as_whole))
    context = _context(request, row, typed if refused else None, as_whole=as_whole)
    context["refused"] = refused
    return render(
        request, "digitisation/correction/page.html", context, status=409 if refused else 200
    )


def _context(
    request: LibraryRequest, page: Page, typed: Typed | None, *, as_whole: bool
) -> dict[str, object]:
    text = PageText.objects.filter(page=page).first()
    fits = text is None or text.fits(page)
    layout = text.layout() if text and fits else EMPTY
    rows = _rows(layout)
    # What was typed is not lost with a refusal: it is shown as one text, over the newest.
    as_whole = as_whole or typed is not None or not rows
    shown = plain_of(layout)
    return {
        "object": page.object,
        "page": page,
        "fits": fits,
        "layout": layout,
        "rows": rows,
        "as_whole": as_whole,
        "base": shown,
        "shown": " ".join(typed.words) if typed and typed.lines is None else _of(typed, shown),
        "revision": text.revision if text else 0,
        "doubtful": text.doubtful if text else 0,
        "before": _beside(page, -1),
        "after": _beside(page, 1),
        "language": (page.object.language_codes or ("vie",))[0],
        "letters": letters_for(page.object.language_codes),
    }


def _of(typed: Typed | None, shown: str) -> str:
    return "\n".join(typed.lines) if typed and typed.lines is not None else shown


def _rows(layout: Layout) -> list[Row]:
    rows: list[Row] = []
    for line in layout.lines():
        if not line.words:
            continue
        left, top, width, height = line.box
        space = max(height // 4, 2)
        doubtful = tuple(word.box for word in line.words if word.is_doubtful(DOUBTFUL_BELOW))
        rows.append(
            Row(
                number=len(rows) + 1,
                text=line.text,
                view=f"{left - space} {top - space} {width + 2 * space} {height + 2 * space}",
                box=line.box,
                doubtful=doubtful,
                words=", ".join(w.text for w in line.words if w.is_doubtful(DOUBTFUL_BELOW)),
            )
        )
    return rows


def _typed(request: LibraryRequest) -> Typed:
    count = min(whole_number(request.POST.get("lines", "")) or 0, MOST_LINES)
    lines = tuple(request.POST.get(f"line-{number}", "") for number in range(1, count + 1))
    return Typed(
        text=request.POST.get("text", ""),
        lines=lines if count else None,
        base=request.POST.get("base", ""),
        revision=whole_number(request.POST.get("revision", "")) or 0,
        is_read=bool(request.POST.get("is_read")),
    )


def _next(request: LibraryRequest, page: Page, *, as_whole: bool) -> str:
    """Return where to go on: the page behind, if that is wanted and there is one."""
    behind = _beside(page, 1) if request.POST.get("then") == "next" else ""
    here = reverse("digitisation:page_text", args=[page.object.identifier, page.identifier])
    return f"{behind or here}{'?as=whole' if as_whole else ''}"


def _beside(page: Page, step: int) -> str:
    rows = page.object.pages.ready()
    if step < 0:
        found = rows.filter(position__lt=page.position).order_by("-position").first()
    else:
        found = rows.filter(position__gt=page.position).order_by("position").first()
    if found is None:
        return ""
    return reverse("digitisation:page_text", args=[page.object.identifier, found.identifier])

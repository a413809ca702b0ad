"""Letters: those that wait, gathered on sheets, and marked when they are printed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tangthu.core.numbers import whole_number
from tangthu.core.requests import LibraryRequest
from tangthu.libraries.models import Library
from tangthu.notices import checks
from tangthu.notices.actions import outbox as deeds
from tangthu.notices.kinds import KIND_LABELS, NoticeKind
from tangthu.notices.models import Notice
from tangthu.notices.rendering import Message, compose
from tangthu.notices.views import frame
from tangthu.notices.views.outbox import may_read
from tangthu.ui.staff import staff_page

MOST = 200
SIZES = ("a4", "a5")


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One sheet: what one reader is told of one kind, by one library."""

    notices: tuple[Notice, ...]
    kind: str
    message: Message
    library: Library

    @property
    def keys(self) -> str:
        return ",".join(str(notice.pk) for notice in self.notices)


@staff_page(frame.SEE)
@require_safe
def letters(request: LibraryRequest) -> HttpResponse:
    context: dict[str, object] = {"letters": _waiting(request), "sizes": SIZES, "most": MOST}
    return frame.page(request, "notices/letters.html", context, tab="letters")


@staff_page(frame.SEE)
@never_cache
@require_safe
def sheets(request: LibraryRequest) -> HttpResponse:
    """Show the chosen letters as they are printed, a sheet for each."""
    size = request.GET.get("size", "")
    chosen = _chosen(request, request.GET.getlist("letter"))
    context = {
        "letters": chosen,
        "size": size if size in SIZES else SIZES[0],
        "today": timezone.localdate(),
    }
    return render(request, "notices/sheets.html", context)


@staff_page(frame.SEE)
@require_POST
def printed(request: LibraryRequest) -> HttpResponse:
    chosen = _chosen(request, request.POST.getlist("letter"))
    notices = [notice for letter in chosen for notice in letter.notices]
    count = deeds.mark_printed(notices, by=request.actor) and len(chosen)
    words = ngettext(
        "%(count)s letter marked as printed.", "%(count)s letters marked as printed.", count
    )
    messages.success(request, words % {"count": count})
    return redirect("notices:letters")


def _waiting(request: LibraryRequest) -> list[Letter]:
    """Return the letters that wait and still hold, of readers whom this person may see."""
    rows = Notice.objects.visible_to(request.actor).letters()[: MOST * 4]
    readable = [row for row in rows if may_read(row, request.actor)]
    gone = frozenset[int]()
    for kind in {row.kind for row in readable}:
        of_kind = {row.source: row.pk for row in readable if row.kind == kind}
        gone |= {of_kind[source] for source in checks.outdated(NoticeKind(kind), of_kind.keys())}
    groups = defaultdict[tuple[str, str, int], list[Notice]](list)
    for row in readable:
        if row.pk not in gone:
            groups[row.reader, row.kind, row.library_id].append(row)
    return [_letter(rows) for rows in list(groups.values())[:MOST]]


def _letter(rows: list[Notice]) -> Letter:
    return Letter(
        notices=tuple(rows),
        kind=str(KIND_LABELS[NoticeKind(rows[0].kind)]),
        message=compose(rows).message,
        library=rows[0].library,
    )


def _chosen(request: LibraryRequest, keys: list[str]) -> list[Letter]:
    wanted = {whole_number(key) for line in keys for key in line.split(",")}
    return [
        letter
        for letter in _waiting(request)
        if all(notice.pk in wanted for notice in letter.notices)
    ]

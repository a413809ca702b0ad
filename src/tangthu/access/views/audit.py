"""The audit log: who did what, when, with the values before and after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from tangthu.access.forms import AuditFilterForm
from tangthu.access.models import User
from tangthu.access.permissions import AccessPermission
from tangthu.access.reading import audit_visible_to
from tangthu.access.wording import AUDIT_KINDS
from tangthu.core import wording
from tangthu.core.models import AuditEntry, AuditEntryQuerySet
from tangthu.core.requests import LibraryRequest
from tangthu.libraries.models import Library
from tangthu.ui.staff import staff_page

PAGE = 50

_PAGES = {
    "patron": "patrons:detail",
    "record": "catalogue:record",
    "user": "staff_users:user",
    "role": "staff_users:role",
    "library": "libraries:library",
}


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as the page shows it."""

    entry: AuditEntry
    deed: str
    about: str
    url: str
    library: str
    changes: list[tuple[str, object, object]]


@staff_page(AccessPermission.SEE_AUDIT)
@require_safe
def audit(request: LibraryRequest) -> HttpResponse:
    kinds = sorted(((kind, str(label)) for kind, label in AUDIT_KINDS.items()), key=lambda k: k[1])
    form = AuditFilterForm(request.GET, actor=request.actor, kinds=kinds)
    entries = audit_visible_to(request.actor)
    if form.is_valid():
        entries = _narrowed(entries, form.cleaned_data)
    rows = list(entries[: PAGE + 1])
    names = _names(rows[:PAGE])
    older = rows[PAGE - 1].pk if len(rows) > PAGE else None
    context = {
        "form": form,
        "lines": [_line(entry, names) for entry in rows[:PAGE]],
        "older_url": _with(request, before=older) if older else "",
        "newest_url": _with(request) if request.GET.get("before") else "",
        "narrowed": any(request.GET.get(name) for name in form.fields),
    }
    return render(request, "access/audit.html", context)


def _with(request: LibraryRequest, **values: object) -> str:
    kept = {name: value for name, value in request.GET.items() if name != "before" and value}
    return f"?{urlencode({**kept, **values})}"


def _narrowed(entries: AuditEntryQuerySet, wanted: dict[str, object]) -> AuditEntryQuerySet:
    conditions = {
        "actor__icontains": wanted["who"],
        "object_kind": wanted["kind"],
        "object_key": wanted["key"],
        "library_id": getattr(wanted["library"], "pk", None),
        "at__gte": _midnight(wanted["since"]),
        "at__lt": _midnight(wanted["until"], days=1),
        "pk__lt": wanted["before"],
    }
    return entries.filter(**{name: value for name, value in conditions.items() if value})


def _midnight(day: object, *, days: int = 0) -> datetime | None:
    if not isinstance(day, date):
        return None
    return timezone.make_aware(datetime.combine(day, time())) + timedelta(days=days)


def _names(entries: list[AuditEntry]) -> dict[tuple[str, str], str]:
    """Return the names of the libraries and of the staff that the entries are about."""
    names = {("library", str(pk)): name for pk, name in Library.objects.values_list("pk", "name")}
    keys = {entry.object_key for entry in entries if entry.object_kind == "user"}
    for pk, name in User.objects.filter(pk__in=keys).values_list("pk", "name"):
        names["user", str(pk)] = name
    return names


def _line(entry: AuditEntry, names: dict[tuple[str, str], str]) -> Line:
    code = f"audit.{entry.action}"
    kind = AUDIT_KINDS.get(entry.object_kind, entry.object_kind)
    changed = [(name, *pair) for name, pair in entry.changes.items() if len(pair) == 2]
    return Line(
        entry=entry,
        deed=wording.sentence(code) if code in wording.known() else entry.action,
        about=names.get((entry.object_kind, entry.object_key), f"{kind} {entry.object_key}"),
        url=_url(entry),
        library=names.get(("library", str(entry.library_id)), ""),
        changes=changed,
    )


def _url(entry: AuditEntry) -> str:
    page = _PAGES.get(entry.object_kind)
    try:
        return reverse(page, args=[int(entry.object_key)]) if page else ""
    except (NoReverseMatch, ValueError):
        return ""

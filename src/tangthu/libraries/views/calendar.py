"""The calendar of a library: its months, the lines that make them, the public holidays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tangthu.core.errors import Invalid
from tangthu.core.requests import LibraryRequest
from tangthu.libraries import actions, policy
from tangthu.libraries.errors import CalendarRefused
from tangthu.libraries.forms import DAY_FORMS, DayForm, MonthForm, YearForm
from tangthu.libraries.models import Library
from tangthu.libraries.months import Line, lines_of, month_of
from tangthu.libraries.permissions import LibrariesPermission
from tangthu.libraries.policy import DayEntry, DayRule, HolidaySuggestion
from tangthu.libraries.reading import calendar_of
from tangthu.libraries.views import frame
from tangthu.libraries.views.frame import ANY
from tangthu.ui.staff import staff_page
from tangthu.ui.templatetags.ui import ngay

KEEP = LibrariesPermission.MANAGE_CALENDAR


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggested:
    """A holiday of the preview, and whether the calendar has it already."""

    holiday: HolidaySuggestion
    is_there: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """A line of the calendar in words."""

    line: Line
    day: str


@staff_page(*ANY)
@require_safe
def calendar(request: LibraryRequest, pk: int) -> HttpResponse:
    return _page(request, frame.library_to_see(pk))


@staff_page(KEEP)
@require_POST
def add_day(request: LibraryRequest, pk: int, rule: str) -> HttpResponse:
    library = frame.library_to_change(request, pk, KEEP)
    form = _form(rule, request)
    if form.is_valid():
        try:
            _write(library, form, request)
        except CalendarRefused as refused:
            frame.show_refusal(form, refused)
        else:
            messages.success(request, _("The calendar has been changed."))
            return _back(library, form.entries()[0].on)
    return _page(request, library, form)


@transaction.atomic
def _write(library: Library, form: DayForm, request: LibraryRequest) -> None:
    for entry in form.entries():
        note = form.cleaned_data["note"]
        actions.set_calendar_entry(library, entry, note=note, by=request.actor)


@staff_page(KEEP)
@require_POST
def remove_day(request: LibraryRequest, pk: int, entry_pk: int) -> HttpResponse:
    library = frame.library_to_change(request, pk, KEEP)
    entry = get_object_or_404(library.calendar_entries, pk=entry_pk)
    on = entry.on
    actions.remove_calendar_entry(entry, by=request.actor)
    messages.success(request, _("The line was removed from the calendar."))
    return _back(library, on)


@staff_page(KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
def holidays(request: LibraryRequest, pk: int) -> HttpResponse:
    library = frame.library_to_change(request, pk, KEEP)
    asked = request.POST if request.method == "POST" else request.GET
    form = YearForm({"year": asked.get("year") or timezone.localdate().year})
    if not form.is_valid():
        return frame.page(request, "libraries/holidays.html", library, {"form": form})
    year: int = form.cleaned_data["year"]
    preview = _preview(library, year)
    if request.method == "POST":
        return _take_over(request, library, year, preview)
    context: dict[str, object] = {
        "form": form,
        "year": year,
        "preview": preview,
        "nothing_new": all(each.is_there for each in preview),
    }
    return frame.page(request, "libraries/holidays.html", library, context, tab="calendar")


def _take_over(
    request: LibraryRequest, library: Library, year: int, preview: list[Suggested]
) -> HttpResponse:
    chosen = set(request.POST.getlist("days"))
    days = [
        each.holiday.on
        for each in preview
        if not each.is_there and each.holiday.on.isoformat() in chosen
    ]
    if not days:
        messages.info(request, _("No day was chosen, so nothing was taken over."))
        return _back(library, None)
    try:
        taken = actions.take_over_holidays(library, year, days=days, by=request.actor)
    except Invalid as refused:
        form = YearForm({"year": year})
        frame.show_refusal(form, refused)
        return frame.page(request, "libraries/holidays.html", library, {"form": form})
    count = len(taken)
    words = ngettext(
        "%(count)s day was taken over into the calendar.",
        "%(count)s days were taken over into the calendar.",
        count,
    )
    messages.success(request, words % {"count": count})
    return _back(library, days[0])


def _preview(library: Library, year: int) -> list[Suggested]:
    there = {line.rule for line in lines_of(library)}
    return [
        Suggested(holiday=holiday, is_there=holiday.as_entry() in there)
        for holiday in policy.vietnam_holidays(year)
    ]


def _form(rule: str, request: LibraryRequest) -> DayForm:
    if rule not in set(DayRule):
        raise Http404
    return DAY_FORMS[DayRule(rule)](request.POST)


def _page(request: LibraryRequest, library: Library, failed: DayForm | None = None) -> HttpResponse:
    today = timezone.localdate()
    month = _month_asked_for(request) or today.replace(day=1)
    lines = lines_of(library)
    weeks = month_of(calendar_of(library), lines, year=month.year, month=month.month)
    context: dict[str, object] = {
        "today": today,
        "month": month,
        "before": (month - timedelta(days=1)).replace(day=1),
        "after": (month + timedelta(days=31)).replace(day=1),
        "weekdays": [(WEEKDAYS_ABBR[n], capfirst(WEEKDAYS[n])) for n in range(7)],
        "weeks": weeks,
        "lines": _described(lines, today),
        "day_forms": [
            failed if failed is not None and failed.rule is rule else form()
            for rule, form in DAY_FORMS.items()
        ],
        "failed": failed,
        "form": failed,
        "keeps": request.actor.may(KEEP, at=library.pk),
    }
    return frame.page(request, "libraries/calendar.html", library, context, tab="calendar")


def _month_asked_for(request: LibraryRequest) -> date | None:
    form = MonthForm(request.GET)
    month: date | None = form.cleaned_data["month"] if form.is_valid() else None
    # Beyond these years the weeks at the edges of a month would leave the calendar.
    return month if month is not None and 1900 <= month.year <= 2999 else None


def _described(lines: Iterable[Line], today: date) -> list[Described]:
    """Put the lines into words; single days that have long passed are left out."""
    since = today.replace(month=1, day=1)
    return [
        Described(line=line, day=_words(line.rule))
        for line in lines
        if line.rule.on is None or line.rule.on >= since
    ]


def _words(rule: DayEntry) -> str:
    if rule.weekday is not None:
        return str(capfirst(WEEKDAYS[rule.weekday]))
    if rule.on is not None:
        return ngay(rule.on)
    return f"{rule.day:02}/{rule.month:02}"


def _back(library: Library, on: date | None) -> HttpResponseRedirect:
    address = reverse("libraries:calendar", args=[library.pk])
    return redirect(f"{address}?month={on:%Y-%m}" if on else address)

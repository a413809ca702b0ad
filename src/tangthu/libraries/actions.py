"""What is done to the tree of libraries, their stacks, calendars and preferences."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Value
from django.db.models.functions import Concat, Substr
from django.utils import timezone

from tangthu.core import audit, changes
from tangthu.core.actor import Actor
from tangthu.libraries import policy
from tangthu.libraries.errors import CalendarRefused, LibraryRefused, PreferenceRefused
from tangthu.libraries.models import (
    CalendarEntry,
    Library,
    Location,
    PreferenceValue,
    StackAccess,
)
from tangthu.libraries.permissions import LibrariesPermission

LIBRARY_CHANGED = "library"

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*")

_FIELDS = {
    policy.TreeFault.ENDS_BEFORE_IT_BEGINS: "valid_to",
    policy.TreeFault.LIVING_BRANCHES: "valid_to",
    policy.TreeFault.SUCCESSOR_CYCLE: "successor",
    policy.TreeFault.SUCCESSOR_DISSOLVED: "successor",
    policy.TreeFault.SUCCESSOR_UNKNOWN: "successor",
    policy.TreeFault.SUCCESSOR_WITHOUT_END: "successor",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryData:
    """What is said of a library when it is founded or changed."""

    code: str
    name: str
    kind: policy.LibraryKind
    parent: Library | None = None
    ward_code: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    valid_from: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LocationData:
    """What is said of a stack."""

    code: str
    name: str
    access: StackAccess = StackAccess.OPEN
    on_site_only: bool = False
    is_active: bool = True


def create_library(data: LibraryData, *, by: Actor) -> Library:
    """Found a library under its parent, or a new tree, which only the machine may.

    Raises LibraryRefused when it may not stand there, or its code is taken, empty or not plain.
    """
    try:
        return _create_library(data, by=by)
    except IntegrityError:
        raise LibraryRefused("code", fault="taken") from None


def change_library(library: Library, data: LibraryData, *, by: Actor) -> Library:
    """Change what is said of a library; with another parent, move it and all below it.

    Needs the permission at the library, and at its new parent. Raises LibraryRefused as
    `create_library`.
    """
    try:
        return _change_library(library, data, by=by)
    except IntegrityError:
        raise LibraryRefused("code", fault="taken") from None


@transaction.atomic
def dissolve_library(
    library: Library, *, on: date, successor: Library | None = None, by: Actor
) -> Library:
    """Let a library end on that day, its last, and name the one that carries on.

    Its copies and readers stay on record and keep their numbers. Refused while libraries
    below it would live on, and with a successor that does not.
    """
    by.require(LibrariesPermission.MANAGE_LIBRARIES, at=library.pk)
    tree = _locked_tree()
    library = tree[library.pk]
    before = audit.snapshot(library)
    library.valid_to, library.successor = on, successor
    # Judged as of the day after: that is when its branches would hang in the air.
    _require_place(library, tree, on=on + timedelta(days=1))
    library.save(update_fields=["valid_to", "successor"])
    _leave_traces("library.dissolve", library, by=by, before=before)
    return library


@transaction.atomic
def revive_library(library: Library, *, by: Actor) -> Library:
    """Take back the end of a library that was entered by mistake or put off."""
    by.require(LibrariesPermission.MANAGE_LIBRARIES, at=library.pk)
    tree = _locked_tree()
    library = tree[library.pk]
    before = audit.snapshot(library)
    library.valid_to, library.successor = None, None
    _require_place(library, tree, on=_today())
    library.save(update_fields=["valid_to", "successor"])
    _leave_traces("library.revive", library, by=by, before=before)
    return library


def add_location(library: Library, data: LocationData, *, by: Actor) -> Location:
    """Open a stack in the library; raises LibraryRefused when its code is taken there."""
    by.require(LibrariesPermission.MANAGE_LIBRARIES, at=library.pk)
    return _save_location(Location(library=library), data, by=by)


def change_location(location: Location, data: LocationData, *, by: Actor) -> Location:
    """Change a stack, or take it out of use: its copies keep it. Refused as `add_location`."""
    by.require(LibrariesPermission.MANAGE_LIBRARIES, at=location.library_id)
    return _save_location(location, data, by=by)


@transaction.atomic
def set_calendar_entry(
    library: Library, entry: policy.DayEntry, *, note: str = "", by: Actor
) -> CalendarEntry:
    """Add a line to the library's calendar, for it and those below; the same line is one.

    Raises CalendarRefused when the line names no day.
    """
    by.require(LibrariesPermission.MANAGE_CALENDAR, at=library.pk)
    _require_day(entry)
    Library.objects.select_for_update(no_key=True).get(pk=library.pk)
    return _set_entry(library, entry, note=note, by=by)


@transaction.atomic
def remove_calendar_entry(entry: CalendarEntry, *, by: Actor) -> None:
    """Strike a line from a library's calendar."""
    by.require(LibrariesPermission.MANAGE_CALENDAR, at=entry.library_id)
    _audit("calendar.remove", entry, by=by, before=audit.snapshot(entry), after=None)
    changes.append(LIBRARY_CHANGED, [entry.library_id], library=entry.library_id)
    entry.delete()


@transaction.atomic
def take_over_holidays(
    library: Library, year: int, *, by: Actor, days: Collection[date] | None = None
) -> list[CalendarEntry]:
    """Write Vietnam's public holidays of the year into the calendar, all or the chosen days.

    They are ordinary lines from then on. Those already there are left alone. Raises
    CalendarRefused for a year whose holidays are unknown.
    """
    by.require(LibrariesPermission.MANAGE_CALENDAR, at=library.pk)
    try:
        suggestions = policy.vietnam_holidays(year)
    except ValueError:
        raise CalendarRefused("year", fault="year_unknown", year=year) from None
    Library.objects.select_for_update(no_key=True).get(pk=library.pk)
    return [
        _set_entry(library, suggestion.as_entry(), note=suggestion.name_vi, by=by)
        for suggestion in suggestions
        if days is None or suggestion.on in days
    ]


@transaction.atomic
def set_preference(library: Library, name: str, value: str, *, by: Actor) -> PreferenceValue:
    """Set a preference for the library and those below it that set none themselves.

    Raises PreferenceRefused for a name that no preference has, or a value that does not suit.
    """
    by.require(LibrariesPermission.MANAGE_PREFERENCES, at=library.pk)
    try:
        wanted = policy.preference(name)
        text = wanted.serialise(wanted.parse(value))
    except policy.UnknownPreference:
        raise PreferenceRefused("name", fault="unknown_name", name=name) from None
    except policy.BadPreference as bad:
        raise PreferenceRefused("value", fault=str(bad.fault), name=name) from None
    Library.objects.select_for_update(no_key=True).get(pk=library.pk)
    row = PreferenceValue.objects.filter(library=library, name=name).first()
    before = audit.snapshot(row) if row else None
    row = row or PreferenceValue(library=library, name=name)
    row.value = text
    row.save()
    _audit("preference.set", row, by=by, before=before, after=audit.snapshot(row))
    return row


@transaction.atomic
def clear_preference(library: Library, name: str, *, by: Actor) -> None:
    """Take back a preference, so that the library inherits again."""
    by.require(LibrariesPermission.MANAGE_PREFERENCES, at=library.pk)
    for row in PreferenceValue.objects.select_for_update(no_key=True).filter(
        library=library, name=name
    ):
        _audit("preference.clear", row, by=by, before=audit.snapshot(row), after=None)
        row.delete()


@transaction.atomic
def _create_library(data: LibraryData, *, by: Actor) -> Library:
    _require_right_over(data.parent, by=by)
    tree = _locked_tree()
    _require_words(code=data.code, name=data.name)
    _require_plain(data.code)
    library = Library(**_texts(data), parent=data.parent)
    _require_place(library, tree, on=_today())
    library.save(force_insert=True)
    library.path = f"{_path(data.parent)}{library.pk}/"
    library.save(update_fields=["path"])
    _leave_traces("library.create", library, by=by, before=None)
    return library


@transaction.atomic
def _change_library(library: Library, data: LibraryData, *, by: Actor) -> Library:
    by.require(LibrariesPermission.MANAGE_LIBRARIES, at=library.pk)
    tree = _locked_tree()
    library = tree[library.pk]
    before = audit.snapshot(library)
    _require_words(code=data.code, name=data.name)
    _require_plain(data.code)
    parent = tree[data.parent.pk] if data.parent else None
    moves = library.parent_id != (parent.pk if parent else None)
    if moves:
        _require_right_over(parent, by=by)
    for name, value in _texts(data).items():
        setattr(library, name, value)
    library.parent = parent
    _require_place(library, tree, on=_today())
    library.save()
    if moves:
        _move_branch(library, to=f"{_path(parent)}{library.pk}/")
    _leave_traces("library.change", library, by=by, before=before)
    return library


def _move_branch(library: Library, *, to: str) -> None:
    below = Concat(Value(to), Substr("path", len(library.path) + 1))
    Library.objects.under(library).update(path=below)
    library.refresh_from_db(fields=["path"])


def _require_right_over(parent: Library | None, *, by: Actor) -> None:
    # Nobody's roles reach beyond the tree: a tree of its own is for the machine to plant.
    at = parent.pk if parent else 0
    by.require(LibrariesPermission.MANAGE_LIBRARIES, at=at)


def _require_place(library: Library, tree: dict[int, Library], *, on: date) -> None:
    others = (_node(each) for each in tree.values() if each.pk != library.pk)
    nodes = {node.key: node for node in others}
    faults = policy.placement_faults(_node(library), nodes, on=on)
    if faults:
        raise LibraryRefused(
            _FIELDS.get(faults[0], "parent"),
            fault=str(faults[0]),
            faults=[str(fault) for fault in faults],
        )


def _node(library: Library) -> policy.LibraryNode:
    return policy.LibraryNode(
        key=str(library.pk),
        kind=policy.LibraryKind(library.kind),
        parent=str(library.parent_id) if library.parent_id else None,
        valid_from=library.valid_from,
        valid_to=library.valid_to,
        successor=str(library.successor_id) if library.successor_id else None,
    )


def _locked_tree() -> dict[int, Library]:
    """Lock all libraries in the order of their keys: the tree is judged as a whole."""
    rows = Library.objects.select_for_update(no_key=True).order_by("pk")
    return {library.pk: library for library in rows}


def _texts(data: LibraryData) -> dict[str, object]:
    return {
        "code": data.code.strip(),
        "name": data.name.strip(),
        "kind": str(data.kind),
        "ward_code": data.ward_code.strip(),
        "address": data.address.strip(),
        "phone": data.phone.strip(),
        "email": data.email.strip(),
        "valid_from": data.valid_from,
    }


def _path(parent: Library | None) -> str:
    return parent.path if parent else "/"


def _today() -> date:
    return timezone.localdate()


def _save_location(location: Location, data: LocationData, *, by: Actor) -> Location:
    try:
        return _saved_location(location, data, by=by)
    except IntegrityError:
        raise LibraryRefused("code", fault="taken") from None


@transaction.atomic
def _saved_location(location: Location, data: LocationData, *, by: Actor) -> Location:
    before = audit.snapshot(location) if location.pk else None
    for name, value in asdict(data).items():
        setattr(location, name, value)
    _require_words(code=location.code, name=location.name)
    location.save()
    action = "location.change" if before else "location.add"
    _audit(action, location, by=by, before=before, after=audit.snapshot(location))
    return location


def _require_words(**words: str) -> None:
    for field, text in words.items():
        if not text.strip():
            raise LibraryRefused(field, fault="blank")


def _require_plain(code: str) -> None:
    """Refuse a code that could not stand in a barcode, in an address and in a file's name."""
    if not _CODE.fullmatch(code.strip()):
        raise LibraryRefused("code", fault="not_plain")


def _require_day(entry: policy.DayEntry) -> None:
    rule, on = entry.rule, entry.on
    yearly = entry.month is not None and entry.day is not None
    fits = {
        policy.DayRule.WEEKLY: entry.weekday in range(7) and not yearly and on is None,
        policy.DayRule.YEARLY: yearly and entry.weekday is None and on is None,
        policy.DayRule.SINGLE: on is not None and entry.weekday is None and not yearly,
        policy.DayRule.REOPENED: on is not None and entry.weekday is None and not yearly,
    }
    if not fits[rule]:
        raise CalendarRefused("rule", fault="names_no_day")
    if yearly:
        try:
            date(2024, entry.month or 0, entry.day or 0)  # a leap year knows every day
        except ValueError:
            raise CalendarRefused("day", fault="names_no_day") from None


def _set_entry(library: Library, entry: policy.DayEntry, *, note: str, by: Actor) -> CalendarEntry:
    line = {
        "library": library,
        "kind": str(entry.rule),
        "weekday": entry.weekday,
        "month": entry.month,
        "day": entry.day,
        "on": entry.on,
    }
    there = CalendarEntry.objects.filter(**line).first()
    if there is not None:
        return there
    row = CalendarEntry.objects.create(**line, note=note[:120])
    _audit("calendar.add", row, by=by, before=None, after=audit.snapshot(row))
    changes.append(LIBRARY_CHANGED, [library.pk], library=library.pk)
    return row


def _leave_traces(
    action: str, library: Library, *, by: Actor, before: dict[str, object] | None
) -> None:
    audit.record(
        action,
        by=by,
        kind="library",
        key=library.pk,
        library=library.pk,
        before=before,
        after=audit.snapshot(library),
    )
    changes.append(LIBRARY_CHANGED, [library.pk], library=library.pk)


def _audit(
    action: str,
    row: Location | CalendarEntry | PreferenceValue,
    *,
    by: Actor,
    before: dict[str, object] | None,
    after: dict[str, object] | None,
) -> None:
    audit.record(
        action,
        by=by,
        kind=row._meta.model_name or "",
        key=row.pk,
        library=row.library_id,
        before=before,
        after=after,
    )

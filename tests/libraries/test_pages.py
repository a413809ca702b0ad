"""The administration of libraries, through its pages."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from tangthu.access.models import User
from tangthu.core.actor import Actor
from tangthu.core.models import AuditEntry
from tangthu.libraries import actions
from tangthu.libraries.models import CalendarEntry, Library, LibraryKind, Location, PreferenceValue
from tangthu.libraries.permissions import LibrariesPermission
from tangthu.libraries.policy import DayEntry, DayRule
from tests.conftest import client_of
from tests.factories import ItemFactory, LibraryFactory, LocationFactory, PatronFactory, grant

SUNDAY = DayEntry(rule=DayRule.WEEKLY, weekday=6)


@pytest.fixture
def manager(neighbour_user: User, commune: Library, province: Library) -> Client:
    """Who manages the commune's library, and none besides."""
    return client_of(grant(neighbour_user, commune, *LibrariesPermission))


def page_of(name: str, *args: object) -> str:
    return reverse(f"libraries:{name}", args=args)


def told(library: Library, **others: object) -> dict[str, object]:
    """Return what the form of the library sends when nothing is changed."""
    return {
        "name": library.name,
        "code": library.code,
        "kind": library.kind,
        "parent": library.parent_id or "",
        **others,
    }


def state() -> list[list[object]]:
    """Return all that these pages may change."""
    models = (Library, Location, CalendarEntry, PreferenceValue, AuditEntry)
    return [list(model.objects.order_by("pk").values()) for model in models]


# The tree


def test_the_list_shows_the_tree_with_its_figures(administrator_client, network, province):
    LocationFactory(library=province)
    LocationFactory(library=province, is_active=False)
    for _ in range(2):
        ItemFactory(library=province, location=None)
    ItemFactory(library=province, location=None, status="withdrawn")
    PatronFactory(library=province)

    page = administrator_client.get(page_of("list"))

    rows = page.context["rows"]
    assert [(row.library, row.level) for row in rows] == [(network, 0), (province, 1)]
    figures = rows[1].figures
    assert (figures.stacks, figures.copies, figures.readers, figures.staff) == (1, 2, 1, 1)


def test_neighbours_stand_in_the_order_of_their_names(administrator_client, network):
    for name in ("Thư viện xã Ea Súp", "Thư viện xã Dang Kang", "Thư viện xã Đắk Liêng"):
        LibraryFactory(name=name, parent=network)

    page = administrator_client.get(page_of("list"))

    names = [row.library.name for row in page.context["rows"] if row.library.kind == "ward"]
    assert names == ["Thư viện xã Dang Kang", "Thư viện xã Đắk Liêng", "Thư viện xã Ea Súp"]


@pytest.mark.parametrize("q", ["ea kao", "EAKAO", "Ea Kao phuong"])
def test_a_library_is_found_without_marks_and_by_its_code(manager, commune, q):
    page = manager.get(page_of("list"), {"q": q})

    assert [row.library for row in page.context["rows"]] == [commune]


def test_the_list_costs_the_same_for_few_and_for_many(
    administrator_client, network, django_assert_max_num_queries
):
    with django_assert_max_num_queries(12) as few:
        administrator_client.get(page_of("list"))
    for _ in range(5):
        LibraryFactory(parent=network)

    with django_assert_max_num_queries(len(few.captured_queries)):
        administrator_client.get(page_of("list"))


def test_a_dissolved_library_is_marked_and_leads_to_its_successor(
    administrator_client, province, commune, machine
):
    actions.dissolve_library(commune, on=date(2026, 6, 30), successor=province, by=machine)

    page = administrator_client.get(page_of("library", commune.pk)).content.decode()
    tree = administrator_client.get(page_of("list")).content.decode()

    assert "Đã giải thể ngày 30/06/2026" in page
    assert f'href="{page_of("library", province.pk)}"' in page
    assert "Đã giải thể" in tree


def test_a_library_is_founded_under_another(administrator_client, province):
    response = administrator_client.post(
        page_of("new"),
        {
            "name": "Phòng đọc buôn Akŏ Dhông",
            "code": "AKD",
            "kind": LibraryKind.BOOK_ROOM,
            "parent": province.pk,
            "valid_from": "01/03/2026",
        },
    )

    founded = Library.objects.get(code="AKD")
    assert response["Location"] == page_of("library", founded.pk)
    assert founded.parent == province
    assert founded.path == f"{province.path}{founded.pk}/"
    assert founded.valid_from == date(2026, 3, 1)
    assert AuditEntry.objects.newest().first().action == "library.create"


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"code": "DLK"}, "code", "Mã này đã được dùng."),
        ({"name": ""}, "name", None),
        ({"kind": "province"}, "parent", None),
        ({"kind": "palace"}, "kind", None),
        ({"parent": "999999"}, "parent", None),
        ({"valid_from": "31/02/2026"}, "valid_from", None),
    ],
)
def test_a_library_that_cannot_be_is_refused_at_its_field(
    administrator_client, province, wrong, field, sentence
):
    asked = {"name": "Mới", "code": "MOI", "kind": "ward", "parent": province.pk}
    before = state()

    response = administrator_client.post(page_of("new"), asked | wrong)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert sentence is None or response.context["form"].errors[field] == [sentence]
    assert state() == before


def test_a_library_moves_with_all_below_it(administrator_client, network, province, commune):
    room = LibraryFactory(kind=LibraryKind.BOOK_ROOM, parent=commune)

    administrator_client.post(page_of("edit", commune.pk), told(commune, parent=province.pk))

    room.refresh_from_db()
    assert room.path == f"{province.path}{commune.pk}/{room.pk}/"


def test_a_library_cannot_be_put_below_itself(administrator_client, network, province, commune):
    room = LibraryFactory(kind=LibraryKind.WARD, parent=province)
    before = state()

    response = administrator_client.post(
        page_of("edit", province.pk), told(province, parent=room.pk)
    )

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["parent"]
    assert state() == before


def test_the_top_of_the_tree_can_be_renamed(administrator_client, network):
    response = administrator_client.post(
        page_of("edit", network.pk), told(network, name="Mạng lưới mới")
    )

    assert response.status_code == 302
    network.refresh_from_db()
    assert (network.name, network.parent) == ("Mạng lưới mới", None)


def test_a_manager_changes_the_library_but_leaves_it_where_it_is(manager, network, commune):
    response = manager.post(page_of("edit", commune.pk), told(commune, phone="0262 3 850 000"))

    assert response.status_code == 302
    commune.refresh_from_db()
    assert (commune.phone, commune.parent) == ("0262 3 850 000", network)


def test_a_manager_cannot_move_it_out_of_reach(manager, province, commune):
    before = state()

    response = manager.post(page_of("edit", commune.pk), told(commune, parent=province.pk))

    assert response.status_code == 422
    assert state() == before


# The end of a library


def test_a_library_is_dissolved_and_revived(administrator_client, province, commune):
    asked = {"valid_to": "30/06/2026", "successor": province.pk}

    administrator_client.post(page_of("dissolve", commune.pk), asked)
    commune.refresh_from_db()
    ended = (commune.valid_to, commune.successor)
    administrator_client.post(page_of("revive", commune.pk))

    commune.refresh_from_db()
    assert ended == (date(2026, 6, 30), province)
    assert (commune.valid_to, commune.successor) == (None, None)


def test_a_library_with_living_branches_is_not_dissolved(administrator_client, province):
    room = LibraryFactory(kind=LibraryKind.BOOK_ROOM, parent=province)
    before = state()

    shown = administrator_client.get(page_of("dissolve", province.pk)).content.decode()
    response = administrator_client.post(
        page_of("dissolve", province.pk), {"valid_to": "30/06/2026"}
    )

    assert page_of("edit", room.pk) in shown
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["valid_to"]
    assert state() == before


def test_what_cannot_live_on_stays_dissolved_and_says_why(
    administrator_client, province, commune, machine
):
    room = LibraryFactory(kind=LibraryKind.BOOK_ROOM, parent=commune)
    actions.dissolve_library(room, on=date(2026, 5, 31), by=machine)
    actions.dissolve_library(commune, on=date(2026, 6, 30), by=machine)
    before = state()

    response = administrator_client.post(page_of("revive", room.pk), follow=True)

    assert "Thư viện cấp trên" in response.content.decode()
    assert state() == before


# Stacks


def test_a_stack_is_added_and_taken_out_of_use(manager, commune):
    asked = {"name": "Kho mượn", "code": "M", "access": "open", "is_active": "on"}
    manager.post(page_of("new_stack", commune.pk), asked)
    stack = Location.objects.get(library=commune)

    del asked["is_active"]
    manager.post(page_of("stack", commune.pk, stack.pk), asked | {"on_site_only": "on"})

    stack.refresh_from_db()
    assert (stack.code, stack.access, stack.on_site_only) == ("M", "open", True)
    assert not stack.is_active


def test_the_code_of_a_stack_is_used_once(manager, commune):
    LocationFactory(library=commune, code="M")
    before = state()

    response = manager.post(
        page_of("new_stack", commune.pk), {"name": "Kho", "code": "M", "access": "open"}
    )

    assert response.status_code == 422
    assert response.context["form"].errors == {"code": ["Mã này đã được dùng."]}
    assert state() == before


def test_a_stack_is_found_only_in_its_own_library(manager, province, commune):
    stack = LocationFactory(library=province)

    assert manager.get(page_of("stack", commune.pk, stack.pk)).status_code == 404


# The calendar


def days_of(page: object) -> dict[date, object]:
    weeks = page.context["weeks"]  # type: ignore[attr-defined]
    return {day.on: day for week in weeks for day in week}


def test_a_month_tells_which_days_are_open_and_who_says_so(
    manager, network, commune, machine: Actor
):
    actions.set_calendar_entry(network, SUNDAY, note="Nghỉ chủ nhật", by=machine)
    open_sunday = DayEntry(rule=DayRule.REOPENED, on=date(2026, 3, 8))
    actions.set_calendar_entry(commune, open_sunday, note="Ngày hội sách", by=machine)

    page = manager.get(page_of("calendar", commune.pk), {"month": "2026-03"})

    days = days_of(page)
    first, reopened = days[date(2026, 3, 1)], days[date(2026, 3, 8)]
    assert (first.is_open, reopened.is_open, days[date(2026, 3, 2)].is_open) == (False, True, True)
    assert [line.entry.note for line in first.why] == ["Nghỉ chủ nhật"]
    assert first.why[0].inherited
    assert [line.entry.note for line in reopened.why] == ["Ngày hội sách"]
    assert network.name in page.content.decode()


def test_the_own_weekly_rest_hides_the_inherited_one(manager, network, commune, machine):
    actions.set_calendar_entry(network, SUNDAY, by=machine)

    manager.post(page_of("add_day", commune.pk, "weekly"), {"weekday": "0"})

    page = manager.get(page_of("calendar", commune.pk), {"month": "2026-03"})
    days = days_of(page)
    assert (days[date(2026, 3, 1)].is_open, days[date(2026, 3, 2)].is_open) == (True, False)
    assert [each.line.rule.weekday for each in page.context["lines"]] == [0]


@pytest.mark.parametrize(
    ("rule", "asked", "kept"),
    [
        ("weekly", {"weekday": "5"}, {"weekday": 5}),
        ("yearly", {"day": "10", "month": "3"}, {"day": 10, "month": 3}),
        ("single", {"on": "10/03/2026"}, {"on": date(2026, 3, 10)}),
        ("reopened", {"on": "10/03/2026"}, {"on": date(2026, 3, 10)}),
    ],
)
def test_each_kind_of_day_is_added_and_removed(manager, commune, rule, asked, kept):
    manager.post(page_of("add_day", commune.pk, rule), asked | {"note": "Lễ"})
    entry = CalendarEntry.objects.get()
    added = {name: getattr(entry, name) for name in kept}

    manager.post(page_of("remove_day", commune.pk, entry.pk))

    assert (entry.kind, entry.note, added) == (rule, "Lễ", kept)
    assert not CalendarEntry.objects.exists()


def test_several_days_are_closed_in_one_step(manager, commune):
    manager.post(
        page_of("add_day", commune.pk, "single"),
        {"on": "30/03/2026", "until": "02/04/2026", "note": "Kiểm kê"},
    )

    closed = CalendarEntry.objects.order_by("on").values_list("on", flat=True)
    assert list(closed) == [
        date(2026, 3, 30),
        date(2026, 3, 31),
        date(2026, 4, 1),
        date(2026, 4, 2),
    ]


@pytest.mark.parametrize(
    ("rule", "asked", "field"),
    [
        ("weekly", {"weekday": "7"}, "weekday"),
        ("weekly", {}, "weekday"),
        ("yearly", {"day": "31", "month": "2"}, "day"),
        ("single", {"on": "hôm nay"}, "on"),
        ("single", {"on": "10/03/2026", "until": "09/03/2026"}, "until"),
        ("single", {"on": "10/03/2026", "until": "10/03/2027"}, "until"),
        ("reopened", {"on": ""}, "on"),
    ],
)
def test_a_line_that_names_no_day_is_refused_at_its_field(manager, commune, rule, asked, field):
    before = state()

    response = manager.post(page_of("add_day", commune.pk, rule), asked)

    assert response.status_code == 422
    assert list(response.context["failed"].errors) == [field]
    assert state() == before


def test_an_inherited_line_is_not_removed_from_below(manager, network, commune, machine):
    entry = actions.set_calendar_entry(network, SUNDAY, by=machine)

    response = manager.post(page_of("remove_day", commune.pk, entry.pk))

    assert response.status_code == 404
    assert CalendarEntry.objects.exists()


def test_holidays_are_shown_first_and_then_taken_over(manager, commune):
    shown = manager.get(page_of("holidays", commune.pk), {"year": "2027"})
    before = CalendarEntry.objects.count()

    manager.post(
        page_of("holidays", commune.pk), {"year": "2027", "days": ["2027-01-01", "2027-04-16"]}
    )

    assert before == 0
    assert date(2027, 1, 1) in {each.holiday.on for each in shown.context["preview"]}
    kept = CalendarEntry.objects.order_by("kind").values_list("kind", "month", "day", "on")
    assert list(kept) == [("single", None, None, date(2027, 4, 16)), ("yearly", 1, 1, None)]


def test_holidays_of_the_library_above_are_there_already(manager, network, commune, machine):
    actions.take_over_holidays(network, 2027, by=machine)

    shown = manager.get(page_of("holidays", commune.pk), {"year": "2027"})
    manager.post(page_of("holidays", commune.pk), {"year": "2027", "days": ["2027-01-01"]})

    assert all(each.is_there for each in shown.context["preview"])
    assert not CalendarEntry.objects.filter(library=commune).exists()


@pytest.mark.parametrize("year", ["1900", "năm nay", "99999"])
def test_a_year_without_known_holidays_is_refused(manager, commune, year):
    before = state()

    answers = [
        manager.get(page_of("holidays", commune.pk), {"year": year}),
        manager.post(page_of("holidays", commune.pk), {"year": year}),
    ]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert state() == before


@pytest.mark.parametrize("month", ["", "2026-13", "0001-01", "9999-12", "x", "2026-02-30"])
def test_whatever_month_is_asked_for_a_month_is_shown(manager, commune, month):
    with time_machine.travel("2026-03-15T02:00:00Z", tick=False):
        page = manager.get(page_of("calendar", commune.pk), {"month": month})

    assert page.status_code == 200
    assert page.context["month"] == date(2026, 3, 1)


# Preferences


def held(page: object, name: str) -> object:
    (found,) = [
        each
        for each in page.context["held"]  # type: ignore[attr-defined]
        if each.preference.name == name
    ]
    return found


def test_a_preference_shows_its_value_and_who_set_it(manager, network, commune, machine):
    actions.set_preference(network, "opening_hour", "7", by=machine)
    actions.set_preference(commune, "card_digits", "5", by=machine)

    page = manager.get(page_of("preferences", commune.pk))

    inherited, own = held(page, "opening_hour"), held(page, "card_digits")
    default = held(page, "guardian_until_age")
    assert (inherited.value, inherited.source, inherited.own) == ("7", network, False)
    assert (own.value, own.source, own.own) == ("5", commune, True)
    assert (default.value, default.source) == ("16", None)


def test_a_preference_is_set_and_inherited_again(manager, network, commune):
    manager.post(page_of("preference", commune.pk, "loans_end_with_card"), {"value": "false"})
    kept = PreferenceValue.objects.get().value
    history = manager.get(page_of("preference", commune.pk, "loans_end_with_card"))

    manager.post(page_of("inherit_preference", commune.pk, "loans_end_with_card"))

    assert kept == "false"
    assert [each["after"] for each in history.context["history"]] == ["Không"]
    assert not PreferenceValue.objects.exists()


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("opening_hour", "24", "Số quá lớn."),
        ("card_digits", "3", "Số quá nhỏ."),
        ("opening_hour", "tám", "Hãy nhập một số nguyên."),
        ("lending_rules_from", "nobody", "Hãy chọn một trong các giá trị."),
        ("card_prefix", "x" * 11, "Văn bản quá dài."),
    ],
)
def test_a_value_that_does_not_suit_is_refused_under_it(manager, commune, name, value, sentence):
    before = state()

    response = manager.post(page_of("preference", commune.pk, name), {"value": value})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["value"]
    assert response.context["form"].errors["value"] == [sentence]
    assert state() == before


def test_there_is_no_page_for_what_is_no_preference(manager, commune):
    assert manager.get(page_of("preference", commune.pk, "fines")).status_code == 404


# Who may


def test_others_libraries_may_be_looked_at_but_not_changed(manager, province, machine):
    stack = LocationFactory(library=province)
    entry = actions.set_calendar_entry(province, SUNDAY, by=machine)
    actions.set_preference(province, "opening_hour", "7", by=machine)
    before = state()
    shut = [
        page_of("edit", province.pk),
        page_of("dissolve", province.pk),
        page_of("revive", province.pk),
        page_of("new_stack", province.pk),
        page_of("stack", province.pk, stack.pk),
        page_of("add_day", province.pk, "weekly"),
        page_of("remove_day", province.pk, entry.pk),
        page_of("holidays", province.pk),
        page_of("preference", province.pk, "opening_hour"),
        page_of("inherit_preference", province.pk, "opening_hour"),
    ]

    seen = [manager.get(page_of(name, province.pk)) for name in ("library", "calendar")]
    seen.append(manager.get(page_of("preferences", province.pk)))
    refused = {manager.post(path, {"weekday": "0", "value": "9"}).status_code for path in shut}

    assert [page.status_code for page in seen] == [200, 200, 200]
    assert all(path not in page.content.decode() for page in seen for path in shut)
    assert refused == {404}
    assert state() == before


def test_a_library_is_not_founded_below_anothers(manager, province):
    before = state()

    response = manager.post(
        page_of("new"), {"name": "Mới", "code": "MOI", "kind": "ward", "parent": province.pk}
    )

    assert response.status_code == 422
    assert state() == before


def test_who_only_keeps_the_calendar_keeps_nothing_else(neighbour_user, commune):
    keeper = client_of(grant(neighbour_user, commune, LibrariesPermission.MANAGE_CALENDAR))
    before = state()

    kept = keeper.get(page_of("calendar", commune.pk))
    shut = [
        keeper.post(page_of("edit", commune.pk), told(commune)),
        keeper.post(page_of("preference", commune.pk, "opening_hour"), {"value": "9"}),
    ]

    assert kept.context["keeps"]
    assert [answer.status_code for answer in shut] == [403, 403]
    assert state() == before


def test_the_desk_has_no_business_here(desk_client, province):
    assert desk_client.get(page_of("list")).status_code == 403


def test_the_menu_leads_here(manager, commune):
    assert f'href="{page_of("list")}"' in manager.get(page_of("list")).content.decode()

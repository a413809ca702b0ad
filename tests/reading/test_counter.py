"""COUNTER 5.1: double clicks, unique items, robots, turned away readers, and the reports."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from tangthu.access.actions import issue_token
from tangthu.access.grants import actor_for
from tangthu.access.models import User
from tangthu.core.actor import Face
from tangthu.libraries.models import Library
from tangthu.patrons.models import Patron
from tangthu.reading.actions.usage import note_use, salt_of, sum_up
from tangthu.reading.counter_asking import Question, ask
from tangthu.reading.counter_report import ReportId, as_json, as_table
from tangthu.reading.models import UsageEvent, UsageMonth, UsageSalt
from tangthu.reading.policy.counter import Event, Metric, Use, is_robot, months, tallies
from tangthu.reading.usage import rows_between
from tangthu.repository.models import DigitalObject
from tests.conftest import client_of, client_of_reader
from tests.factories import RecordFactory
from tests.reading.counter_schema import faults
from tests.reading.lending import as_reader, ebook, licensed, readers

NOON = datetime(2026, 11, 10, 5, 0, tzinfo=UTC)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture(autouse=True)
def no_salt_of_other_tests() -> None:
    salt_of.cache_clear()


def event(second: int, *, use: Use = Use.REQUEST, session: str = "a", item: int = 1) -> Event:
    return Event(item, "Controlled", use, session, NOON + timedelta(seconds=second))


def counts(*events: Event) -> dict[Metric, int]:
    return {each.metric: each.count for each in tallies(events)}


def test_a_request_is_an_investigation_too() -> None:
    assert counts(event(0)) == {
        Metric.TOTAL_INVESTIGATIONS: 1,
        Metric.UNIQUE_INVESTIGATIONS: 1,
        Metric.TOTAL_REQUESTS: 1,
        Metric.UNIQUE_REQUESTS: 1,
    }


def test_two_clicks_within_thirty_seconds_are_one() -> None:
    assert counts(event(0), event(30))[Metric.TOTAL_REQUESTS] == 1
    assert counts(event(0), event(31))[Metric.TOTAL_REQUESTS] == 2
    assert counts(event(0), event(20), event(40))[Metric.TOTAL_REQUESTS] == 1


def test_a_session_counts_an_item_once_for_the_unique_metrics() -> None:
    found = counts(event(0), event(100), event(200), event(0, session="b"))

    assert found[Metric.TOTAL_REQUESTS] == 4
    assert found[Metric.UNIQUE_REQUESTS] == 2


def test_who_is_turned_away_used_nothing() -> None:
    found = counts(event(0, use=Use.LIMIT_EXCEEDED), event(60, use=Use.NO_LICENSE))

    assert found == {Metric.LIMIT_EXCEEDED: 1, Metric.NO_LICENSE: 1}


events = st.lists(
    st.builds(
        event,
        st.integers(0, 300),
        use=st.sampled_from(Use),
        session=st.sampled_from("ab"),
        item=st.integers(1, 2),
    ),
    max_size=12,
)


@settings(max_examples=50)
@given(events)
def test_unique_is_never_more_than_total_nor_requests_than_investigations(
    found: list[Event],
) -> None:
    for item in (1, 2):
        told = counts(*(each for each in found if each.item == item))
        get = told.get
        assert get(Metric.UNIQUE_REQUESTS, 0) <= get(Metric.TOTAL_REQUESTS, 0)
        assert get(Metric.UNIQUE_INVESTIGATIONS, 0) <= get(Metric.TOTAL_INVESTIGATIONS, 0)
        assert get(Metric.TOTAL_REQUESTS, 0) <= get(Metric.TOTAL_INVESTIGATIONS, 0)


@settings(max_examples=50)
@given(events)
def test_the_order_in_which_events_are_read_changes_nothing(found: list[Event]) -> None:
    assert tallies(found) == tallies(reversed(found))


@pytest.mark.parametrize(
    ("program", "robot"),
    [
        (FIREFOX, False),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15", False),
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", True),
        ("curl/8.5.0", True),
        ("python-requests/2.32", True),
        ("GPTBot/1.1", True),
        ("Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)", True),
        ("Mozilla/5.0 (Linux; Android 13; CUBOT NOTE 50) AppleWebKit/537.36 Mobile", False),
        ("", True),
    ],
)
def test_robots_are_told_by_what_they_call_themselves(program: str, robot: bool) -> None:
    assert is_robot(program) is robot


def test_months_are_whole() -> None:
    assert months(date(2025, 11, 1), date(2026, 2, 1)) == [
        date(2025, 11, 1),
        date(2025, 12, 1),
        date(2026, 1, 1),
        date(2026, 2, 1),
    ]


@pytest.fixture
def used(province: Library, patron: Patron) -> DigitalObject:
    """Read twice by a reader and once by another, on one day of November."""
    obj = ebook(province, title="Sử thi Đam San")
    record = RecordFactory(library=province, author="Dân gian", publisher="NXB Văn hoá", year=2024)
    obj.links.create(record=record)
    (other,) = readers(province, number=1)
    for minute, reader in ((0, patron), (2, patron), (3, other)):
        with time_machine.travel(NOON + timedelta(minutes=minute), tick=False):
            read(obj, reader)
    return obj


def read(obj: DigitalObject, reader: Patron, use: Use = Use.REQUEST) -> None:
    note_use(obj, use, by=as_reader(reader), address="", program=FIREFOX)


NOVEMBER = Question(date(2026, 11, 1), date(2026, 11, 1))


@pytest.mark.django_db
def test_events_name_nobody_and_the_salt_goes_with_the_day(
    used: DigitalObject, patron: Patron
) -> None:
    sessions = list(UsageEvent.objects.order_by("at").values_list("session", flat=True))
    columns = {field.name for field in UsageEvent._meta.fields}

    with time_machine.travel(NOON + timedelta(days=1), tick=False):
        read(used, patron)
        sum_up(now=NOON + timedelta(days=1))

    latest = UsageEvent.objects.latest("at").session
    assert sessions[0] == sessions[1] != sessions[2]
    assert latest != sessions[0]
    assert columns == {"id", "object", "library", "use", "access", "session", "at"}
    assert [each.day for each in UsageSalt.objects.all()] == [date(2026, 11, 11)]


@pytest.mark.django_db
def test_a_month_that_is_over_is_summed_once_and_its_events_go(
    used: DigitalObject, province: Library
) -> None:
    before = rows_between([province.pk], first=NOVEMBER.first, last=NOVEMBER.last)

    early = sum_up(now=datetime(2026, 12, 3, 5, 0, tzinfo=UTC))
    first = sum_up(now=datetime(2026, 12, 5, 5, 0, tzinfo=UTC))
    again = sum_up(now=datetime(2026, 12, 6, 5, 0, tzinfo=UTC))

    after = rows_between([province.pk], first=NOVEMBER.first, last=NOVEMBER.last)
    assert (early, first, again) == (0, 3, 0)
    assert before == after
    assert not UsageEvent.objects.exists()
    assert UsageMonth.objects.get(metric=Metric.TOTAL_REQUESTS).count == 3


@pytest.mark.django_db
def test_the_title_report_as_json(used: DigitalObject, province: Library) -> None:
    told = as_json(ask(ReportId.TITLES, province, NOVEMBER, site="http://thuvien.example"))

    header, (item,) = told["Report_Header"], told["Report_Items"]
    (performance,) = item["Attribute_Performance"]
    assert header["Release"] == "5.1"
    assert header["Report_ID"] == "TR"
    assert header["Institution_ID"] == {"Proprietary": ["tangthu:DLK"]}
    assert header["Report_Filters"] == {"Begin_Date": "2026-11-01", "End_Date": "2026-11-30"}
    assert "Exceptions" not in header
    assert item["Title"] == "Sử thi Đam San"
    assert item["Publisher"] == "NXB Văn hoá"
    assert item["Item_ID"]["URI"] == f"http://thuvien.example/read/{used.identifier}/"
    assert performance == {
        "Data_Type": "Book",
        "YOP": "2024",
        "Access_Type": "Controlled",
        "Access_Method": "Regular",
        "Performance": {
            "Total_Item_Investigations": {"2026-11": 3},
            "Unique_Item_Investigations": {"2026-11": 2},
            "Total_Item_Requests": {"2026-11": 3},
            "Unique_Item_Requests": {"2026-11": 2},
            "Unique_Title_Investigations": {"2026-11": 2},
            "Unique_Title_Requests": {"2026-11": 2},
        },
    }


@pytest.mark.django_db
def test_the_item_report_as_a_table(used: DigitalObject, province: Library) -> None:
    question = Question(date(2026, 10, 1), date(2026, 11, 1), (Metric.TOTAL_REQUESTS,))

    lines = as_table(ask(ReportId.ITEMS, province, question)).splitlines()

    assert lines[0] == "Report_Name\tItem Report"
    assert lines[5] == "Metric_Types\tTotal_Item_Requests"
    assert lines[9] == "Reporting_Period\tBegin_Date=2026-10-01; End_Date=2026-11-30"
    assert lines[13] == ""
    assert lines[14].endswith("Metric_Type\tReporting_Period_Total\tOct-2026\tNov-2026")
    assert lines[15].startswith("Sử thi Đam San\tNXB Văn hoá\t\tTàng Thư\tDân gian")
    assert lines[15].endswith("Total_Item_Requests\t3\t0\t3")
    assert len(lines) == 16


@pytest.mark.django_db
def test_a_library_above_sees_the_use_of_those_below(
    used: DigitalObject, province: Library, commune: Library
) -> None:
    def total(library: Library) -> int:
        return len(ask(ReportId.TITLES, library, NOVEMBER).rows)

    assert (total(province.parent), total(province), total(commune)) == (1, 1, 0)


@pytest.mark.django_db
def test_pages_are_counted_but_not_what_robots_open(
    patron: Patron, new_object: Callable[..., DigitalObject]
) -> None:
    book, lent = new_object(), new_object(access="lent")
    licensed(lent)
    (other,) = readers(patron.library, number=1)
    reader = client_of_reader(patron)

    reader.get(f"/read/{book.identifier}/", HTTP_USER_AGENT=FIREFOX)
    reader.get(f"/read/{book.identifier}/", HTTP_USER_AGENT="Googlebot/2.1")
    reader.head(f"/read/{book.identifier}/", HTTP_USER_AGENT=FIREFOX)
    Client().get(f"/read/{lent.identifier}/", HTTP_USER_AGENT=FIREFOX)
    client_of_reader(other).post(f"/read/{lent.identifier}/lending", {"deed": "borrow"})
    reader.post(f"/read/{lent.identifier}/lending", {"deed": "borrow"}, HTTP_USER_AGENT=FIREFOX)

    told = UsageEvent.objects.order_by("pk").values_list("object", "use", "access")
    assert list(told) == [
        (book.pk, "request", "Open"),
        (lent.pk, "investigation", "Controlled"),
        (lent.pk, "limit_exceeded", "Controlled"),
    ]


@pytest.mark.django_db
def test_a_harvester_asks_by_the_paths_of_the_standard(
    used: DigitalObject, administrator_user: User
) -> None:
    harvester = api(administrator_user)
    asked = "customer_id=DLK&begin_date=2026-11&end_date=2026-11"

    offered = harvester.get("/api/v1/counter/r51/reports").json()
    members = harvester.get("/api/v1/counter/r51/members").json()
    status = harvester.get("/api/v1/counter/r51/status").json()
    report = harvester.get(f"/api/v1/counter/r51/reports/tr?{asked}").json()
    by_item = harvester.get(f"/api/v1/counter/r51/reports/ir?{asked}").json()

    assert [each["Path"] for each in offered] == ["/r51/reports/tr", "/r51/reports/ir"]
    assert {"Customer_ID": "DLK", "Institution_Name": "Thư viện tỉnh"} in members
    assert status[0]["Service_Active"] is True
    assert report["Report_Items"][0]["Title"] == "Sử thi Đam San"
    (items,) = by_item["Report_Items"]
    performance = items["Items"][0]["Attribute_Performance"][0]["Performance"]
    assert performance["Total_Item_Requests"] == {"2026-11": 3}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("reports/pr?customer_id=DLK&begin_date=2026-11&end_date=2026-11", 404, 3000),
        ("reports/tr?customer_id=XX&begin_date=2026-11&end_date=2026-11", 403, 2010),
        ("reports/tr?customer_id=DLK&begin_date=2026-12&end_date=2026-11", 400, 3020),
        ("reports/tr?customer_id=DLK&begin_date=soon&end_date=2026-11", 400, 3020),
    ],
)
def test_a_wrong_question_is_answered_by_an_exception_of_the_standard(
    administrator_user: User, path: str, status: int, code: int
) -> None:
    answer = api(administrator_user).get(f"/api/v1/counter/r51/{path}")

    assert (answer.status_code, answer.json()["Code"]) == (status, code)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "more",
    [
        "",
        "&granularity=Totals",
        "&metric_type=Total_Item_Requests|Unique_Item_Requests|Searches_Platform",
        "&begin_date=2026-01&end_date=2026-01",
    ],
    ids=["months", "no totals", "some metrics", "nothing used"],
)
@pytest.mark.parametrize("report", ["tr", "ir"])
def test_the_standards_own_description_finds_no_fault_with_our_reports(
    used: DigitalObject, administrator_user: User, report: str, more: str
) -> None:
    asked = f"customer_id=DLK&begin_date=2026-11&end_date=2026-11{more}"

    answer = api(administrator_user).get(f"/api/v1/counter/r51/reports/{report}?{asked}")

    assert faults(f"/r51/reports/{report}", answer.json()) == []
    assert bool(answer.json()["Report_Items"]) == ("2026-01" not in more)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["status", "members", "reports"])
def test_the_standards_own_description_finds_no_fault_with_our_lists(
    used: DigitalObject, administrator_user: User, path: str
) -> None:
    answer = api(administrator_user).get(f"/api/v1/counter/r51/{path}")

    assert faults(f"/r51/{path}", answer.json()) == []
    assert answer.json()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("customer_id=XX&begin_date=2026-11&end_date=2026-11", 403),
        ("customer_id=DLK&begin_date=2026-12&end_date=2026-11", 400),
        ("customer_id=DLK&begin_date=soon&end_date=2026-11", 400),
        ("customer_id=DLK&end_date=2026-11", 400),
        ("begin_date=2026-11&end_date=2026-11", 400),
    ],
)
def test_the_standards_own_description_finds_no_fault_with_our_refusals(
    used: DigitalObject, administrator_user: User, asked: str, status: int
) -> None:
    answer = api(administrator_user).get(f"/api/v1/counter/r51/reports/tr?{asked}")

    assert answer.status_code == status
    assert faults("/r51/reports/tr", answer.json(), status=status) == []


@pytest.mark.django_db
def test_usage_is_for_those_who_may_see_it(desk_user: User) -> None:
    assert api(desk_user).get("/api/v1/counter/r51/members").status_code == 403
    assert client_of(desk_user).get("/desk/reading/usage/").status_code == 403


def api(user: User) -> Client:
    _token, plain = issue_token(user, "harvester", by=actor_for(user, face=Face.STAFF))
    return Client(headers={"Authorization": f"Bearer {plain}"})

"""The demo network: as large as promised, the same every time, and none of it real."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from tangthu.access.actions import log_in
from tangthu.catalogue.models import Item, Record
from tangthu.circulation.models import (
    Expectation,
    HarmReport,
    Hold,
    LendingRule,
    Loan,
    LoanEvent,
)
from tangthu.circulation.reading.trials import broken_by, vocabulary
from tangthu.community.models import Exhibition
from tangthu.digitisation.models import Capture, Finding, Step
from tangthu.fees.models import Entry, Receipt
from tangthu.libraries.models import Library
from tangthu.patrons.actions.logins import log_in as log_in_reader
from tangthu.patrons.models import Patron, PatronCategory
from tangthu.reading.models import AccessRequest
from tangthu.repository.models import DigitalObject
from tangthu.site.demo import load, people, records
from tangthu.site.demo.reader import READER


def test_the_records_are_the_same_every_time():
    once, again = list(records.marc_records()), list(records.marc_records())

    assert once == again
    assert len(once) == 3000
    assert sum(1 for record in once for _ in record.data("952")) == 8000


def test_every_record_is_marked_and_every_reader_invented():
    assert all("[DEMO]" in (r.value("245", "a") or "") for r in records.marc_records())
    readers = list(people.readers())
    assert len(readers) == 400
    assert all(reader.card.startswith("DEMO") for reader in readers)
    assert all(r.guardian_name for r in readers if r.category == "child")


def test_the_languages_of_the_province_are_there():
    languages = {record.value("041", "a") for record in records.marc_records()}

    assert languages == {"vie", "rad", "eng", "fre"}


@pytest.mark.django_db
def test_the_network_loads_whole_and_a_second_time_changes_nothing(capsys, tmp_path):
    call_command("demo")
    first = whole()
    call_command("demo")
    second = whole()

    assert first == second
    assert first[0]["records"] == 3000
    assert first[0]["items"] == 8000
    assert first[0]["readers"] == 400
    assert first[0]["loans"] > 4000
    assert "cataloguer" in capsys.readouterr().out
    check_network()
    check_mishaps()
    check_documents()
    check_digitisation()


def whole() -> tuple[dict[str, int], list[str], list[int]]:
    money = [model.objects.count() for model in (Entry, Receipt, HarmReport, LendingRule)]
    return load.counts(), list(Record.objects.order_by("pk").values_list("title", flat=True)), money


def check_mishaps() -> None:
    assert set(HarmReport.objects.values_list("kind", "note")) == {
        ("lost", "[DEMO] Rơi xuống suối"),
        ("damaged", "[DEMO] Rách bìa"),
    }
    assert Loan.objects.open().exclude(claimed_at=None).exists()
    assert Entry.objects.filter(fee_kind="overdue", source__startswith="loan:").exists()
    province = Library.objects.get(code="DLK")
    assert Expectation.objects.filter(library=province).count() == 2
    assert broken_by(province, [], vocabulary()) == []


def check_documents() -> None:
    shown = DigitalObject.objects.filter(state="published", title__endswith="[DEMO]")
    assert set(shown.values_list("kind", flat=True)) == {
        "page_images",
        "pdf",
        "epub",
        "audio",
        "video",
        "data",
    }
    assert shown.get(title__startswith="Báo").pages.ready().count() == 4
    assert shown.get(title__startswith="Bản đồ").pages.ready().count() == 1
    assert Exhibition.objects.get().blocks.count() == 8
    asked = AccessRequest.objects.get()
    assert (asked.patron.card, asked.object.access) == (READER[0], "on_request")


def check_digitisation() -> None:
    captures = Capture.objects.filter(batch__project__code="DEMO26")
    places = captures.open().values_list("stage__position", flat=True).distinct()
    steps = Step.objects.filter(capture__in=captures)
    scanned = steps.filter(stage__effect="scan", outcome="finished")
    assert captures.values("batch").distinct().count() == 2
    assert set(places) == {0, 1, 2, 3, 4, 5, 6}
    assert captures.filter(state="done").count() == 3
    assert steps.open().exclude(sent_back_by="").get().reason.startswith("Trang 3")
    assert steps.overdue(today=timezone.localdate()).exists()
    assert set(scanned.values_list("worker", flat=True)) == {"Số hoá Demo", "Biên mục Demo"}
    assert set(Finding.objects.values_list("kind", flat=True)) == {
        "blank",
        "blurred",
        "skewed",
        "double",
        "missing",
    }


def check_network() -> None:
    now = timezone.now()
    assert Library.objects.get(code="DLK").kind == "province"
    assert set(PatronCategory.objects.values_list("code", flat=True)) >= {
        "adult",
        "child",
        "student",
        "staff",
    }
    assert Record.objects.filter(title__startswith="Văn hoá cồng chiêng").exists()
    assert Record.objects.filter(call_number="V23").exists()
    assert Patron.objects.filter(category__code="child").exclude(guardian_name="").exists()
    assert Loan.objects.open().count() > 50
    assert Loan.objects.overdue(now).exists()
    assert LoanEvent.objects.filter(at__lt=now - timedelta(days=300)).exists()
    assert not Item.objects.filter(location=None).exists()
    card, password = READER
    logged_in = log_in_reader(card, password, address=None)
    assert Loan.objects.open().filter(patron=logged_in).count() >= 2
    assert Hold.objects.open().filter(patron=logged_in).exists()
    for username, *_middle, password in load.STAFF:
        assert log_in(username, password, address="127.0.0.1").username == username

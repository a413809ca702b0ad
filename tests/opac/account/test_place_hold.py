"""A reader places a hold from the page of a record."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tangthu.circulation.models import Hold, HoldState
from tests.factories import ItemFactory, LibraryFactory, PatronFactory, RecordFactory, lending_rules


@pytest.fixture
def record(province):
    record = RecordFactory(library=province, title="Đất rừng phương Nam")
    ItemFactory(library=province, record=record)
    return record


@pytest.fixture
def address(record):
    return f"/record/{record.pk}/hold"


def text(response) -> str:
    return response.content.decode()


def test_the_record_offers_it(client, record, address):
    assert address in text(client.get(f"/record/{record.pk}"))


def test_a_record_without_copies_does_not(client, province):
    bare = RecordFactory(library=province)

    assert "/hold" not in text(client.get(f"/record/{bare.pk}"))


def test_a_stranger_logs_in_first_and_comes_back(client, address):
    answer = client.get(address)

    assert answer.status_code == 302
    assert answer.headers["Location"].endswith(f"?next={address.replace('/', '%2F')}")
    assert client.post(address).status_code == 302
    assert not Hold.objects.exists()


def test_the_page_offers_the_readers_own_library_first(reader_client, address, province, network):
    ward = LibraryFactory(code="EAK", name="Thư viện xã Ea Kar", parent=province)

    page = text(reader_client.get(address))

    assert f'<option value="{province.pk}" selected>' in page
    assert ward.name in page
    assert network.name not in page


def test_a_hold_is_placed_and_the_place_in_the_queue_told(
    reader_client, address, record, patron, province, machine
):
    Hold.objects.create(
        record=record,
        patron=PatronFactory(library=province),
        pickup=province,
        placed_at=timezone.now(),
        rank=1,
    )

    answer = reader_client.post(address, {"pickup": province.pk}, follow=True)

    hold = Hold.objects.get(patron=patron)
    assert (hold.pickup, hold.state) == (province, HoldState.WAITING)
    assert "bạn đứng thứ 2 trong hàng chờ" in text(answer)


def test_one_copy_of_a_set_and_days_may_be_named(reader_client, address, record, patron, province):
    second = ItemFactory(library=province, record=record, note="Tập 2")
    last = timezone.localdate() + timedelta(days=20)

    reader_client.post(
        address, {"pickup": province.pk, "item": second.pk, "expires_on": f"{last:%d/%m/%Y}"}
    )

    hold = Hold.objects.get()
    assert (hold.item, hold.expires_on) == (second, last)


def test_the_reader_reads_why_not_before_asking_and_after(reader_client, address, province, patron):
    lending_rules(province, on_shelf_holds="all_out")

    before = reader_client.get(address)
    after = reader_client.post(address, {"pickup": province.pk})

    assert (before.status_code, after.status_code) == (200, 409)
    assert "Có bản trên kệ: có thể mượn ngay." in text(before)
    assert "Có bản trên kệ: có thể mượn ngay." in text(after)
    assert not Hold.objects.exists()


def test_readers_override_nothing(reader_client, address, province):
    lending_rules(province, holds_allowed="no")

    answer = reader_client.post(address, {"pickup": province.pk, "override": "holds_not_allowed"})

    assert answer.status_code == 409
    assert not Hold.objects.exists()


def test_a_hidden_record_is_not_there(reader_client, address, record):
    record.suppressed = True
    record.save()

    assert reader_client.get(address).status_code == 404


def test_a_copy_of_another_title_is_no_choice(reader_client, address, province):
    other = ItemFactory(library=province)
    ItemFactory(library=province, record_id=int(address.split("/")[2]))

    answer = reader_client.post(address, {"pickup": province.pk, "item": other.pk})

    assert answer.status_code == 422
    assert not Hold.objects.exists()

"""The desk's pages of holds and transports, and what the desk says of a copy that is waited for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tangthu.catalogue.actions import withdraw_item
from tangthu.circulation.actions import cancel_hold, check_in, place_hold, request_transfer
from tangthu.circulation.errors import ItemOnHold
from tangthu.circulation.models import CancelReason, Hold, HoldState, Recall, Transfer
from tests.circulation.test_desk import scan
from tests.factories import ItemFactory, PatronFactory, lending_rules


@pytest.fixture
def hold(title, lent, patron, province, desk) -> Hold:
    return place_hold(record=title, for_=patron, pickup=province, by=desk)


@pytest.fixture
def ready(hold, copy, desk) -> Hold:
    check_in(copy, by=desk)
    hold.refresh_from_db()
    return hold


def text(response) -> str:
    return response.content.decode()


class TestReturn:
    def test_the_desk_says_aloud_for_whom_to_keep_it(self, desk_client, hold, copy, patron):
        page = text(scan(desk_client, copy.barcode, mode="return"))

        assert f"Giữ cho bạn đọc {patron.name} ({patron.card})" in page
        assert 'data-sound="stopped"' in page
        assert f"/desk/holds/{hold.pk}/slip" in page

    def test_the_desk_says_where_to_send_it(self, desk_client, title, copy, lent, ward, desk):
        place_hold(record=title, for_=PatronFactory(library=ward), pickup=ward, by=desk)

        page = text(scan(desk_client, copy.barcode, mode="return"))

        assert "Chuyển đến Thư viện xã Ea Kar" in page
        assert f"/desk/transfers/{Transfer.objects.get().pk}/slip" in page

    def test_the_desk_sees_what_a_reader_waits_for(self, desk_client, ready, patron, title):
        page = text(scan(desk_client, patron.card))

        assert title.title in page
        assert "1 yêu cầu đặt mượn" in page
        assert "Chờ nhận đến" in page

    def test_a_kept_copy_is_refused_to_others_and_offered_to_be_overridden(
        self, desk_client, ready, copy, borrower
    ):
        page = text(scan(desk_client, copy.barcode, patron=borrower.card))

        assert 'value="held_for_another"' in page


class TestLists:
    def test_what_stands_on_the_shelf_and_is_waited_for_is_to_be_fetched(
        self, desk_client, title, copy, patron, province, desk
    ):
        place_hold(record=title, for_=patron, pickup=province, by=desk)

        assert copy.barcode in text(desk_client.get("/desk/holds/"))

    def test_what_is_out_or_of_another_library_is_not(
        self, desk_client, title, lent, ward, patron, province, desk
    ):
        elsewhere = ItemFactory(record=title, library=ward)
        place_hold(record=title, for_=patron, pickup=province, by=desk)

        page = text(desk_client.get("/desk/holds/"))

        assert lent.item.barcode not in page
        assert elsewhere.barcode not in page

    def test_the_list_is_in_the_order_of_the_shelves(self, desk_client, province, patron, desk):
        lending_rules(province, max_holds=None)
        items = [
            ItemFactory(library=province, location=None, call_number=number)
            for number in ("959.7", "510", "895.9")
        ]
        for item in items:
            place_hold(record=item.record, for_=patron, pickup=province, by=desk)

        page = text(desk_client.get("/desk/holds/"))

        order = sorted(items, key=lambda item: item.call_number)
        assert [page.index(item.barcode) for item in order] == sorted(
            page.index(item.barcode) for item in items
        )

    def test_the_list_costs_the_same_however_many_wait(
        self, desk_client, province, desk, django_assert_max_num_queries
    ):
        for item in ItemFactory.create_batch(5, library=province):
            for reader in PatronFactory.create_batch(2, library=province):
                place_hold(record=item.record, for_=reader, pickup=province, by=desk)

        with django_assert_max_num_queries(14):
            desk_client.get("/desk/holds/")

    def test_the_hold_shelf_shows_what_is_ready(self, desk_client, ready, patron):
        assert patron.name in text(desk_client.get("/desk/holds/shelf/"))

    def test_what_nobody_fetches_any_more_is_to_be_taken_down(self, desk_client, ready, copy, desk):
        cancel_hold(ready, by=desk)

        page = text(desk_client.get("/desk/holds/shelf/"))
        scan(desk_client, copy.barcode, mode="return")
        after = text(desk_client.get("/desk/holds/shelf/"))

        assert copy.barcode in page
        assert copy.barcode not in after

    def test_titles_that_are_waited_for_lead_to_their_queues(
        self, desk_client, hold, title, patron
    ):
        listed = text(desk_client.get("/desk/holds/queues/"))
        page = text(desk_client.get(f"/desk/holds/queues/{title.pk}/"))

        assert f"/desk/holds/queues/{title.pk}/" in listed
        assert patron.name in page

    def test_readers_of_others_stand_in_the_queue_without_their_names(
        self, desk_client, title, lent, foreign_patron, commune, machine
    ):
        place_hold(record=title, for_=foreign_patron, pickup=commune, by=machine)

        page = text(desk_client.get(f"/desk/holds/queues/{title.pk}/"))

        assert foreign_patron.name not in page
        assert "Bạn đọc của thư viện khác" in page


class TestDeeds:
    def deed(self, client, hold, name, **told):
        return client.post(f"/desk/holds/{hold.pk}/{name}", told, follow=True)

    def test_a_hold_is_cancelled_with_its_reason(self, desk_client, hold):
        self.deed(desk_client, hold, "cancel", reason="no_copy")

        hold.refresh_from_db()
        assert (hold.state, hold.reason) == (HoldState.CANCELLED, CancelReason.NO_COPY)

    def test_it_rests_and_resumes(self, desk_client, hold):
        self.deed(desk_client, hold, "suspend")
        hold.refresh_from_db()
        rested = hold.suspended
        self.deed(desk_client, hold, "resume")

        hold.refresh_from_db()
        assert (rested, hold.suspended) == (True, False)

    def test_it_rests_until_a_day(self, desk_client, hold):
        until = timezone.localdate() + timedelta(days=30)

        page = text(self.deed(desk_client, hold, "suspend", until=f"{until:%d/%m/%Y}"))

        hold.refresh_from_db()
        assert (hold.suspended, hold.suspended_until) == (True, until)
        assert f"{until:%d/%m/%Y}" in page

    @pytest.mark.parametrize("until", ["mai", "01/01/2020"])
    def test_it_does_not_rest_until_a_day_that_is_none(self, desk_client, hold, until):
        page = text(self.deed(desk_client, hold, "suspend", until=until))

        hold.refresh_from_db()
        assert not hold.suspended
        assert "phải ở phía trước" in page

    def test_it_is_moved_and_fetched_elsewhere(
        self, desk_client, hold, title, province, ward, desk
    ):
        other = place_hold(
            record=title, for_=PatronFactory(library=province), pickup=province, by=desk
        )

        self.deed(desk_client, other, "move", to="1")
        self.deed(desk_client, other, "pickup", pickup=ward.pk)

        assert list(Hold.objects.waiting().in_order()) == [other, hold]
        other.refresh_from_db()
        assert other.pickup == ward

    def test_a_loan_is_called_back_or_the_reason_is_given(self, desk_client, hold, province):
        refused = text(self.deed(desk_client, hold, "recall"))
        lending_rules(province, recalls=1)
        self.deed(desk_client, hold, "recall")

        assert "không gọi trả" in refused
        assert Recall.objects.get().hold == hold

    def test_what_has_ended_is_said_to_have_ended(self, desk_client, hold, desk):
        cancel_hold(hold, by=desk)

        assert "đã kết thúc" in text(self.deed(desk_client, hold, "suspend"))

    def test_no_stranger_address_is_gone_back_to(self, desk_client, hold):
        answer = desk_client.post(f"/desk/holds/{hold.pk}/suspend", {"next": "//example.org/"})

        assert answer.headers["Location"].startswith("/desk/holds/queues/")

    def test_the_desk_of_another_library_does_not_touch_it(self, neighbour_client, hold):
        answer = neighbour_client.post(f"/desk/holds/{hold.pk}/cancel")

        assert answer.status_code == 404
        assert Hold.objects.get().is_open


class TestPlacing:
    def test_a_title_is_found_by_its_barcode(self, desk_client, copy, title, patron):
        page = text(desk_client.get(f"/desk/holds/new/?card={patron.card}&q={copy.barcode}"))

        assert f"record={title.pk}&amp;card={patron.card}" in page

    def test_a_hold_is_placed_for_the_reader(self, desk_client, title, copy, patron, province):
        answer = desk_client.post(
            "/desk/holds/new/", {"record": title.pk, "card": patron.card, "pickup": province.pk}
        )

        assert answer.status_code == 302
        assert Hold.objects.get().patron == patron

    def test_a_refusal_gives_its_reasons_and_may_be_overridden(
        self, desk_client, title, copy, patron, province
    ):
        lending_rules(province, on_shelf_holds="all_out")
        told = {"record": title.pk, "card": patron.card, "pickup": province.pk}

        refused = desk_client.post("/desk/holds/new/", told)
        placed = desk_client.post("/desk/holds/new/", {**told, "override": "copy_on_shelf"})

        assert refused.status_code == 409
        assert "Có bản trên kệ" in text(refused)
        assert placed.status_code == 302
        assert Hold.objects.get().overridden == ["copy_on_shelf"]

    def test_an_unknown_card_is_said_under_its_field(self, desk_client, title, copy, province):
        answer = desk_client.post(
            "/desk/holds/new/", {"record": title.pk, "card": "NOBODY", "pickup": province.pk}
        )

        assert answer.status_code == 422
        assert not Hold.objects.exists()

    def test_dates_and_a_copy_may_be_named(self, desk_client, title, copy, patron, province):
        second = ItemFactory(record=title, library=province)
        later = timezone.localdate() + timedelta(days=4)

        desk_client.post(
            "/desk/holds/new/",
            {
                "record": title.pk,
                "card": patron.card,
                "pickup": province.pk,
                "item": second.pk,
                "starts_on": f"{later:%d/%m/%Y}",
            },
        )

        hold = Hold.objects.get()
        assert (hold.item, hold.starts_on) == (second, later)


class TestSlips:
    def test_the_slip_says_for_whom_and_until_when(self, desk_client, ready, patron, copy):
        page = text(desk_client.get(f"/desk/holds/{ready.pk}/slip"))

        assert patron.card in page
        assert copy.barcode in page
        assert f"{ready.shelf_until:%d/%m/%Y}" in page
        assert "<path d=" in page

    def test_a_hold_without_a_copy_has_none(self, desk_client, hold):
        assert desk_client.get(f"/desk/holds/{hold.pk}/slip").status_code == 404

    def test_the_slip_of_a_transport_says_whither(self, desk_client, copy, ward, desk):
        transfer = request_transfer(copy, to=ward, by=desk)

        assert ward.name in text(desk_client.get(f"/desk/transfers/{transfer.pk}/slip"))


class TestTransports:
    def test_a_copy_is_sent_and_listed(self, desk_client, copy, ward):
        desk_client.post(
            "/desk/transfers/", {"barcode": copy.barcode, "to": ward.pk, "send_now": "on"}
        )

        transfer = Transfer.objects.get()
        assert transfer.sent_at is not None
        assert copy.barcode in text(desk_client.get("/desk/transfers/"))

    def test_what_cannot_be_sent_is_said_under_the_barcode(self, desk_client, lent, ward):
        answer = desk_client.post("/desk/transfers/", {"barcode": lent.item.barcode, "to": ward.pk})

        assert answer.status_code == 422
        assert not Transfer.objects.exists()

    @pytest.mark.parametrize(("name", "ended"), [("send", "sent_at"), ("cancel", "cancelled_at")])
    def test_it_is_sent_or_cancelled(self, desk_client, copy, ward, desk, name, ended):
        transfer = request_transfer(copy, to=ward, by=desk)

        desk_client.post(f"/desk/transfers/{transfer.pk}/{name}")

        transfer.refresh_from_db()
        assert getattr(transfer, ended) is not None

    def test_what_arrives_is_received(self, desk_client, province, ward, machine):
        item = ItemFactory(library=ward)
        transfer = request_transfer(item, to=province, by=machine, send_now=True)

        desk_client.post(f"/desk/transfers/{transfer.pk}/receive")

        transfer.refresh_from_db()
        assert transfer.received_at is not None

    def test_the_desk_of_a_third_library_sees_none_of_it(self, neighbour_client, copy, ward, desk):
        transfer = request_transfer(copy, to=ward, by=desk)

        assert neighbour_client.get(f"/desk/transfers/{transfer.pk}/slip").status_code == 404


def test_a_kept_copy_does_not_leave_the_stock(ready, copy, machine):
    with pytest.raises(ItemOnHold):
        withdraw_item(copy, by=machine)

    copy.refresh_from_db()
    assert copy.status == "available"

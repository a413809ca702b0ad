"""Limits of transports: set by the library that sends, obeyed by every way a copy takes."""

from __future__ import annotations

import pytest
from django.test import Client

from tangthu.access.models import User
from tangthu.circulation.actions import (
    check_in,
    clear_transfer_limit,
    place_hold,
    request_transfer,
    set_transfer_limit,
)
from tangthu.circulation.errors import HoldRefused, LimitRefused, TransferNotAllowed
from tangthu.circulation.models import Hold, HoldState, Transfer, TransferLimit
from tangthu.circulation.permissions import CirculationPermission
from tangthu.circulation.policy import Block, NextAction
from tangthu.circulation.wording import reasons
from tangthu.core.errors import NotPermitted
from tangthu.core.models import AuditEntry
from tests.circulation.test_hold_deeds import at
from tests.conftest import client_of
from tests.factories import ItemFactory, ItemTypeFactory, PatronFactory, grant

LIMITS = "/desk/rules/transports/"


@pytest.fixture
def closed_way(province, commune, administrator):
    """Nothing is carried from the provincial library to the commune's."""
    return set_transfer_limit(province, commune, allowed=False, by=administrator)


class TestSetting:
    def test_a_way_has_one_limit_which_the_last_word_replaces(
        self, closed_way, province, commune, administrator
    ):
        again = set_transfer_limit(province, commune, allowed=True, by=administrator)

        assert list(TransferLimit.objects.values_list("pk", "allowed")) == [(closed_way.pk, True)]
        assert again == closed_way
        assert AuditEntry.objects.filter(action="transfer_limit.set").count() == 2

    def test_a_type_of_copies_has_a_limit_of_its_own(
        self, closed_way, province, commune, administrator
    ):
        disc = ItemTypeFactory(code="disc")

        set_transfer_limit(province, commune, allowed=True, item_type=disc, by=administrator)

        assert TransferLimit.objects.count() == 2

    def test_no_way_leads_from_a_library_to_itself(self, province, administrator):
        with pytest.raises(LimitRefused):
            set_transfer_limit(province, province, allowed=False, by=administrator)

        assert not TransferLimit.objects.exists()

    def test_the_desk_neither_sets_nor_clears_a_limit(self, closed_way, province, commune, desk):
        with pytest.raises(NotPermitted):
            set_transfer_limit(province, commune, allowed=True, by=desk)
        with pytest.raises(NotPermitted):
            clear_transfer_limit(closed_way, by=desk)

        assert TransferLimit.objects.get().allowed is False


class TestHolds:
    def test_a_reader_is_told_which_way_is_closed(self, closed_way, title, copy, commune, desk):
        reader = PatronFactory(library=commune)

        with pytest.raises(HoldRefused) as refused:
            place_hold(record=title, for_=reader, pickup=commune, by=desk)

        assert refused.value.verdict.codes == (Block.PICKUP_OUT_OF_REACH,)
        assert reasons(refused.value.blocks) == [
            "Loại này không được chuyển từ Thư viện tỉnh đến Thư viện phường Ea Kao."
        ]
        assert not Hold.objects.exists()

    def test_a_limit_below_opens_what_is_closed_above(
        self, closed_way, ward, title, copy, commune, desk, machine
    ):
        set_transfer_limit(ward, commune, allowed=True, by=machine)
        ItemFactory(record=title, library=ward)

        hold = place_hold(
            record=title, for_=PatronFactory(library=commune), pickup=commune, by=desk
        )

        assert hold.state == HoldState.WAITING

    def test_a_copy_that_comes_back_passes_over_who_is_out_of_its_reach(
        self, lent, title, copy, province, commune, desk, administrator, patron
    ):
        first = place_hold(
            record=title, for_=PatronFactory(library=commune), pickup=commune, by=desk
        )
        second = place_hold(record=title, for_=patron, pickup=province, by=desk)
        set_transfer_limit(province, commune, allowed=False, by=administrator)

        result = check_in(copy, by=desk)

        first.refresh_from_db()
        assert (result.hold, first.state) == (second, HoldState.WAITING)

    def test_a_kept_copy_that_strays_where_no_way_leads_on_is_kept_no_longer(
        self, lent, title, copy, ward, commune, desk, administrator, machine
    ):
        hold = place_hold(
            record=title, for_=PatronFactory(library=commune), pickup=commune, by=desk
        )
        check_in(copy, by=desk)
        set_transfer_limit(ward, commune, allowed=False, by=administrator)

        result = check_in(copy, by=at(machine, ward))

        hold.refresh_from_db()
        assert (hold.state, hold.trapped) == (HoldState.WAITING, None)
        assert (result.next_action, result.transfer.destination) == (
            NextAction.TRANSIT,
            copy.library,
        )

    def test_who_was_let_past_the_limit_is_served(
        self, lent, closed_way, title, copy, commune, desk
    ):
        hold = place_hold(
            record=title,
            for_=PatronFactory(library=commune),
            pickup=commune,
            by=desk,
            override=[Block.PICKUP_OUT_OF_REACH],
        )

        result = check_in(copy, by=desk)

        assert (result.hold, result.transfer.destination) == (hold, commune)


class TestTransports:
    def test_the_staff_send_nothing_on_a_closed_way(self, closed_way, copy, commune, desk):
        with pytest.raises(TransferNotAllowed):
            request_transfer(copy, to=commune, by=desk)

        assert not Transfer.objects.exists()

    def test_the_desk_reads_why(self, closed_way, copy, commune, desk_client):
        page = desk_client.post(
            "/desk/transfers/", {"barcode": copy.barcode, "to": commune.pk, "send_now": "on"}
        )

        assert "không được chuyển từ Thư viện tỉnh" in page.content.decode()

    def test_a_copy_that_cannot_go_home_stays_where_it_came_back(
        self, copy, province, commune, administrator, machine
    ):
        set_transfer_limit(commune, province, allowed=False, by=administrator)

        result = check_in(copy, by=at(machine, commune))

        copy.refresh_from_db()
        assert result.next_action is NextAction.SHELVE
        assert copy.stay.library == commune
        assert not Transfer.objects.exists()

    def test_a_limit_for_another_type_lets_it_go_home(
        self, copy, province, commune, administrator, machine
    ):
        disc = ItemTypeFactory(code="disc")
        set_transfer_limit(commune, province, allowed=False, item_type=disc, by=administrator)

        result = check_in(copy, by=at(machine, commune))

        assert result.transfer.destination == province

    def test_a_change_holds_at_once(self, closed_way, copy, commune, desk, administrator):
        clear_transfer_limit(closed_way, by=administrator)

        transfer = request_transfer(copy, to=commune, by=desk)

        assert transfer.destination == commune


class TestPage:
    @pytest.fixture
    def manager(self, neighbour_user: User, commune) -> Client:
        """Who sets the rules of the commune's library, and of none besides."""
        return client_of(grant(neighbour_user, commune, CirculationPermission.MANAGE_RULES))

    def test_a_limit_is_set_and_taken_back(self, manager, commune, province):
        manager.post(LIMITS, {"destination": province.pk, "item_type": "", "allowed": "no"})
        limit = TransferLimit.objects.get()
        page = manager.get(LIMITS).content.decode()
        manager.post(f"{LIMITS}{limit.pk}/clear")

        assert (limit.origin, limit.destination, limit.allowed) == (commune, province, False)
        assert "không chuyển đến đó" in page
        assert not TransferLimit.objects.exists()

    def test_what_is_inherited_is_seen_and_left_alone(
        self, manager, network, province, commune, administrator
    ):
        limit = set_transfer_limit(network, province, allowed=False, by=administrator)

        page = manager.get(LIMITS).content.decode()
        answer = manager.post(f"{LIMITS}{limit.pk}/clear")

        assert network.name in page
        assert answer.status_code == 404
        assert TransferLimit.objects.count() == 1

    def test_the_limits_of_others_are_not_shown(self, manager, province):
        assert manager.get(LIMITS, {"library": province.pk}).status_code == 404

    def test_nothing_is_said_of_a_way_that_is_none(self, manager, commune):
        answer = manager.post(LIMITS, {"destination": commune.pk, "allowed": "no"})

        assert answer.status_code == 422
        assert not TransferLimit.objects.exists()

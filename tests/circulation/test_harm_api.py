"""Losses, claims, damage and use in the room over the API, as at the desk."""

from __future__ import annotations

import json

import pytest

from tangthu.access.actions import issue_token
from tangthu.catalogue.models import Item, ItemStatus
from tangthu.circulation.actions import check_out, report_lost
from tangthu.circulation.models import HarmReport, LoanEvent
from tangthu.fees.reading import debt_of
from tangthu.patrons.actions import actor_for
from tests.conftest import DESK
from tests.factories import ItemFactory, PatronFactory, UserFactory, grant, lending_rules


@pytest.fixture
def caller(client, machine):
    """Let a member of staff call the API."""

    def calling(user):
        token = issue_token(user, "test", by=machine)[1]

        def call(method, path, data=None, **more):
            headers = {"Authorization": f"Bearer {token}", **more}
            return client.generic(
                method,
                f"/api/v1/{path}",
                data=json.dumps(data) if data is not None else "",
                content_type="application/json",
                headers=headers,
            )

        return call

    return calling


@pytest.fixture
def api(caller, desk_user):
    return caller(desk_user)


@pytest.fixture
def item(province):
    lending_rules(province, lost_percent=400, processing_fee=5000)
    return ItemFactory(library=province, price=45_000)


@pytest.fixture
def loan(item, patron, desk):
    return check_out(item, to=patron, by=desk)


def owes(patron):
    return debt_of(patron.pk).amount


def test_a_loss_is_reported_charged_and_found_again(api, loan, item, patron, province):
    answer = api("POST", f"loans/{loan.pk}/lost", {"note": "Rơi xuống sông"})

    assert answer.status_code == 201
    told = answer.json()
    assert (told["kind"], told["amount"], told["processing"]) == ("lost", 180_000, 5000)
    assert (told["card"], told["barcode"], told["library"]) == (
        patron.card,
        item.barcode,
        province.code,
    )
    assert (told["note"], told["reported_by"] != "") == ("Rơi xuống sông", True)
    assert owes(patron) == 185_000

    back = api("POST", "checkins", {"barcode": item.barcode}).json()

    assert (back["found"], back["loan"]) == (told["id"], None)
    assert owes(patron) == 0
    assert api("GET", f"harms/{told['id']}").json()["settlement"] == "came_back"


def test_the_amount_that_is_named_takes_the_place_of_the_rules(api, loan, patron):
    told = api("POST", f"loans/{loan.pk}/lost", {"amount": 30_000}).json()

    assert (told["amount"], owes(patron)) == (30_000, 35_000)


def test_without_a_price_the_amount_is_asked_for(api, loan, item, patron):
    item.price = None
    item.save()

    answer = api("POST", f"loans/{loan.pk}/lost")

    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "amount_needed"
    assert not HarmReport.objects.exists()
    assert owes(patron) == 0


@pytest.mark.parametrize("amount", [-1, 10_000_000_001, "nhiều"])
def test_an_amount_that_is_none_is_refused(api, loan, patron, amount):
    answer = api("POST", f"loans/{loan.pk}/lost", {"amount": amount})

    assert answer.status_code == 422
    assert not HarmReport.objects.exists()


def test_a_loss_reported_twice_is_refused_and_repeated_by_its_key(api, loan):
    first = api("POST", f"loans/{loan.pk}/lost", **{"Idempotency-Key": "k-1"})
    again = api("POST", f"loans/{loan.pk}/lost", **{"Idempotency-Key": "k-1"})
    other = api("POST", f"loans/{loan.pk}/lost")

    assert first.json() == again.json()
    assert (other.status_code, other.json()["code"]) == (409, "loan_closed")
    assert HarmReport.objects.count() == 1


def test_a_claim_is_made_and_dropped(api, loan):
    claimed = api("POST", f"loans/{loan.pk}/claim")
    dropped = api("DELETE", f"loans/{loan.pk}/claim")

    assert claimed.json()["claimed_at"] is not None
    assert (dropped.status_code, dropped.json()["claimed_at"]) == (200, None)


def test_damage_is_reported_and_forgiven_by_who_may(
    api, caller, loan, item, patron, administrator_user
):
    told = api(
        "POST",
        f"loans/{loan.pk}/damage",
        {"kind": "parts_missing", "amount": 20_000, "out_of_use": False},
    ).json()
    assert (told["kind"], owes(patron)) == ("parts_missing", 20_000)
    assert Item.objects.get(pk=item.pk).status == ItemStatus.AVAILABLE

    refused = api("POST", f"harms/{told['id']}/forgive", {"reason": "Hỏa hoạn"})
    blank = caller(administrator_user)("POST", f"harms/{told['id']}/forgive", {"reason": " "})
    forgiven = caller(administrator_user)(
        "POST", f"harms/{told['id']}/forgive", {"reason": "Hỏa hoạn"}
    )

    assert (refused.status_code, blank.status_code, forgiven.status_code) == (403, 422, 200)
    assert (forgiven.json()["settlement"], owes(patron)) == ("forgiven", 0)


def test_a_copy_brought_instead_is_entered_by_who_may(api, caller, loan, item, administrator_user):
    harm = api("POST", f"loans/{loan.pk}/lost").json()["id"]

    refused = api("POST", f"harms/{harm}/replacement", {"enter": True})
    assert refused.status_code == 403
    assert HarmReport.objects.get().settled_at is None
    told = caller(administrator_user)("POST", f"harms/{harm}/replacement", {"enter": True}).json()

    fresh = Item.objects.get(barcode=told["barcode"])
    assert (fresh.record_id, told["harm"]["settlement"]) == (item.record_id, "replaced")


def test_what_a_reader_reported_from_afar_is_priced_once(api, loan, item, patron):
    item.price = None
    item.save()
    harm = report_lost(loan, by=actor_for(patron)).pk

    priced = api("POST", f"harms/{harm}/price", {"amount": 60_000})
    again = api("POST", f"harms/{harm}/price", {"amount": 60_000})

    assert (priced.json()["amount"], owes(patron)) == (60_000, 65_000)
    assert (again.status_code, again.json()["code"]) == (409, "harm_closed")


def test_reports_are_listed_open_or_settled_and_of_one_reader(api, loan, item, patron, province):
    harm = api("POST", f"loans/{loan.pk}/lost").json()["id"]
    nobody = PatronFactory(library=province)

    assert [each["id"] for each in api("GET", "harms").json()] == [harm]
    assert [each["id"] for each in api("GET", f"harms?card={patron.card}").json()] == [harm]
    assert api("GET", f"harms?card={nobody.card}").json() == []
    settled = api("POST", f"harms/{harm}/settle")
    assert settled.json()["settlement"] == "settled"
    assert api("GET", "harms").json() == []
    assert [each["id"] for each in api("GET", "harms?settled=true").json()] == [harm]


def test_use_in_the_room_is_counted(api, item, patron):
    used = api("POST", "uses", {"barcode": item.barcode})
    read = api("POST", "checkouts", {"barcode": item.barcode, "card": patron.card, "on_site": True})

    assert (used.status_code, read.json()["on_site"]) == (204, True)
    assert sorted(LoanEvent.objects.values_list("kind", flat=True)) == ["on_site", "used"]


def test_strangers_find_nothing(caller, loan, commune):
    stranger = caller(grant(UserFactory(library=commune), commune, *DESK))
    harm = report_lost(loan, by=actor_for(loan.patron)).pk

    for method, path, data in (
        ("POST", f"loans/{loan.pk}/lost", None),
        ("POST", f"loans/{loan.pk}/damage", None),
        ("POST", f"loans/{loan.pk}/claim", None),
        ("DELETE", f"loans/{loan.pk}/claim", None),
        ("GET", f"harms/{harm}", None),
        ("POST", f"harms/{harm}/settle", None),
        ("POST", f"harms/{harm}/forgive", {"reason": "x"}),
    ):
        assert stranger(method, path, data).status_code == 404, path

    assert HarmReport.objects.get().settled_at is None


def test_who_may_not_lend_reports_nothing(caller, loan, province):
    looking = caller(grant(UserFactory(library=province), province, "patrons.see"))

    for path in (f"loans/{loan.pk}/lost", f"loans/{loan.pk}/damage", f"loans/{loan.pk}/claim"):
        assert looking("POST", path).status_code == 403
    assert looking("POST", "uses", {"barcode": loan.item.barcode}).status_code == 403

    loan.refresh_from_db()
    assert (loan.returned_at, loan.claimed_at) == (None, None)


def test_every_deed_is_in_the_description_of_the_api(client, db):
    paths = client.get("/api/v1/openapi.json").json()["paths"]

    for path in ("/loans/{loan_id}/lost", "/loans/{loan_id}/claim", "/harms", "/uses"):
        deeds = paths[f"/api/v1{path}"].values()
        assert all(deed["description"] for deed in deeds)

"""Holds over the API: placing, looking, cancelling, and what a return says."""

from __future__ import annotations

import pytest

from tangthu.access.actions import issue_token
from tangthu.circulation.actions import check_in, place_hold, request_transfer
from tangthu.circulation.models import Hold, HoldState
from tangthu.circulation.reading import availability
from tests.factories import lending_rules


@pytest.fixture
def api(client, desk_user, machine):
    token = issue_token(desk_user, "test", by=machine)[1]
    headers = {"Authorization": f"Bearer {token}"}

    def call(method, path, data=None):
        return client.generic(
            method,
            f"/api/v1/{path}",
            data=__import__("json").dumps(data) if data is not None else "",
            content_type="application/json",
            headers=headers,
        )

    return call


def test_a_hold_is_placed_and_answered_whole(api, title, lent, patron, province):
    answer = api(
        "POST", "holds", {"record": title.pk, "card": patron.card, "pickup": province.code}
    )

    hold = Hold.objects.get()
    assert answer.status_code == 201
    body = answer.json()
    assert (body["id"], body["state"], body["place"]) == (hold.pk, "waiting", 1)
    assert (body["card"], body["pickup"], body["title"]) == (
        patron.card,
        "DLK",
        "Đất rừng phương Nam",
    )


def test_a_copy_is_asked_for_by_its_barcode(api, copy, patron, province):
    answer = api(
        "POST", "holds", {"barcode": copy.barcode, "card": patron.card, "pickup": province.code}
    )

    assert (answer.status_code, answer.json()["barcode"]) == (201, copy.barcode)


def test_a_refusal_names_every_block_with_its_rule(api, title, copy, patron, province):
    lending_rules(province, holds_allowed="no", on_shelf_holds="all_out")

    answer = api(
        "POST", "holds", {"record": title.pk, "card": patron.card, "pickup": province.code}
    )

    assert answer.status_code == 409
    body = answer.json()
    assert body["code"] == "hold_refused"
    assert [block["code"] for block in body["blocks"]] == ["holds_not_allowed"]
    assert body["blocks"][0]["rule"]
    assert not Hold.objects.exists()


@pytest.mark.parametrize("wish", [{}, {"record": 1, "barcode": "X"}])
def test_either_a_record_or_a_copy_is_named(api, patron, province, wish):
    answer = api("POST", "holds", {"card": patron.card, "pickup": province.code, **wish})

    assert answer.status_code == 422


def test_what_is_not_there_is_not_found(api, title, copy, patron):
    missing = [
        api("POST", "holds", {"record": 0, "card": patron.card, "pickup": "DLK"}),
        api("POST", "holds", {"record": title.pk, "card": "NOBODY", "pickup": "DLK"}),
        api("POST", "holds", {"record": title.pk, "card": patron.card, "pickup": "NOWHERE"}),
        api("GET", "holds/0"),
        api("DELETE", "holds/0"),
    ]

    assert {answer.status_code for answer in missing} == {404}


def test_holds_are_listed_shown_and_cancelled(api, title, lent, patron, province, desk):
    hold = place_hold(record=title, for_=patron, pickup=province, by=desk)

    listed = api("GET", f"holds?card={patron.card}").json()
    shown = api("GET", f"holds/{hold.pk}").json()
    gone = api("DELETE", f"holds/{hold.pk}")
    again = api("DELETE", f"holds/{hold.pk}")

    assert listed == [shown]
    assert (gone.status_code, gone.content, again.status_code) == (204, b"", 409)
    assert api("GET", f"holds?card={patron.card}").json() == []


def test_a_return_says_for_whom_the_copy_is_kept(api, title, copy, lent, patron, province, desk):
    hold = place_hold(record=title, for_=patron, pickup=province, by=desk)

    following = api("POST", "checkins", {"barcode": copy.barcode}).json()["next"]

    hold.refresh_from_db()
    assert following["action"] == "hold"
    assert following["hold"] == {
        "id": hold.pk,
        "card": patron.card,
        "name": patron.name,
        "pickup": "DLK",
        "shelf_until": hold.shelf_until.isoformat(),
    }


def test_a_return_says_where_the_copy_is_sent(api, title, copy, lent, patron, ward, desk):
    place_hold(record=title, for_=patron, pickup=ward, by=desk)

    following = api("POST", "checkins", {"barcode": copy.barcode}).json()["next"]

    assert (following["action"], following["library"]) == ("transit", "EAK")
    assert following["transfer"] is not None


def test_a_return_without_further_wishes_is_shelved(api, copy, lent):
    following = api("POST", "checkins", {"barcode": copy.barcode}).json()["next"]

    assert (following["action"], following["hold"], following["transfer"]) == ("shelve", None, None)


def test_readers_see_that_a_copy_is_kept_or_on_its_way(
    api, title, copy, lent, patron, province, ward, desk
):
    hold = place_hold(record=title, for_=patron, pickup=province, by=desk)
    check_in(copy, by=desk)
    kept = api("GET", f"items/{copy.barcode}").json()["status"]
    Hold.objects.filter(pk=hold.pk).update(
        state=HoldState.WAITING, trapped=None, shelf_until=None, suspended=True
    )
    request_transfer(copy, to=ward, by=desk)
    asked = availability.of_item(copy).status
    check_in(copy, by=desk)

    sent = api("GET", f"items/{copy.barcode}").json()["status"]

    assert (kept, asked, sent) == ("on_hold_shelf", "available", "in_transit")

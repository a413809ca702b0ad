"""Documents shown on request: asking, deciding, and openings that are counted exactly."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from tangthu.access.grants import actor_for
from tangthu.access.models import User
from tangthu.core.actor import Actor, Face
from tangthu.core.errors import Invalid, NotFound, NotPermitted
from tangthu.libraries.models import Library
from tangthu.notices.models import Notice
from tangthu.patrons.models import Patron
from tangthu.reading.actions import (
    Approval,
    approve_access,
    ask_access,
    forget_requests,
    forget_requests_of,
    open_object,
    refuse_access,
    revoke_access,
    withdraw_access_request,
)
from tangthu.reading.errors import (
    AccessAlreadyAsked,
    AccessAlreadyDecided,
    AccessNotNeeded,
    TooManyAccessRequests,
)
from tangthu.reading.models import AccessRequest, RestrictedView
from tangthu.reading.permissions import ReadingPermission
from tangthu.reading.policy import requests as policy
from tangthu.repository.errors import ObjectClosed
from tangthu.repository.models import DigitalObject
from tests.conftest import client_of, client_of_reader
from tests.factories import PatronFactory, UserFactory, grant
from tests.support.threads import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def decider_user(province: Library) -> User:
    return grant(UserFactory(username="decides", library=province), province, *ReadingPermission)


@pytest.fixture
def decider(decider_user: User) -> Actor:
    """Staff who decide on requests at the provincial library."""
    return actor_for(decider_user, face=Face.STAFF)


@pytest.fixture
def kept(new_object: Callable[..., DigitalObject]) -> DigitalObject:
    """A document that is shown on request."""
    return new_object(access="on_request")


def reader(patron: Patron) -> Actor:
    return Actor(face=Face.OPAC, name=patron.card, patron_id=patron.pk)


def ask(obj: DigitalObject, patron: Patron, purpose: str = "Luận văn về sử thi") -> AccessRequest:
    return ask_access(obj, purpose=purpose, contact="0905 123 456", by=reader(patron))


def approve(request: AccessRequest, by: Actor, *, days: int = 10, views: int | None = None) -> None:
    until = timezone.localdate() + timedelta(days=days)
    approve_access(request, Approval(until=until, views=views, answer="Xin giữ gìn."), by=by)


def end_visit(request: AccessRequest) -> None:
    """Let the opening that runs lie two hours back."""
    earlier = timezone.now() - timedelta(hours=2)
    AccessRequest.objects.filter(pk=request.pk).update(visit_from=earlier, visit_until=earlier)
    RestrictedView.objects.update(last_at=earlier)


def used(request: AccessRequest) -> int:
    return AccessRequest.objects.get(pk=request.pk).views_used


def test_an_approved_request_opens_the_document_to_its_reader_alone(
    kept: DigitalObject, patron: Patron, foreign_patron: Patron, decider: Actor
) -> None:
    asked = ask(kept, patron)
    with pytest.raises(ObjectClosed):
        open_object(kept, by=reader(patron), address=None)

    approve(asked, decider)

    assert open_object(kept, by=reader(patron), address=None)
    with pytest.raises(ObjectClosed):
        open_object(kept, by=reader(foreign_patron), address=None)
    assert used(asked) == 1
    assert RestrictedView.objects.get().patron == patron


def test_each_visit_counts_once_and_the_last_one_shuts_the_document(
    kept: DigitalObject, patron: Patron, decider: Actor
) -> None:
    asked = ask(kept, patron)
    approve(asked, decider, views=2)

    for _visit in range(2):
        open_object(kept, by=reader(patron), address=None)
        open_object(kept, by=reader(patron), address=None)
        end_visit(asked)

    with pytest.raises(ObjectClosed) as refused:
        open_object(kept, by=reader(patron), address=None)
    assert refused.value.data["reason"] == "object_on_request"
    assert used(asked) == 2
    assert RestrictedView.objects.count() == 2


def test_an_approval_ends_with_its_day(kept: DigitalObject, patron: Patron, decider: Actor) -> None:
    asked = ask(kept, patron)
    approve(asked, decider, days=1)
    AccessRequest.objects.update(expires_at=timezone.now())

    with pytest.raises(ObjectClosed):
        open_object(kept, by=reader(patron), address=None)

    assert used(asked) == 0


def test_a_visit_without_pause_ends_after_half_a_day() -> None:
    began = timezone.now()
    given = policy.Grant(
        expires_at=began + timedelta(days=9),
        views_limit=1,
        views_used=1,
        visit_from=began,
        visit_until=began + timedelta(hours=12, minutes=10),
    )

    assert given.opens(began + timedelta(hours=11, minutes=59))
    assert not given.opens(began + timedelta(hours=12))


@pytest.mark.serial
@pytest.mark.django_db(transaction=True)
def test_of_openings_in_one_moment_none_takes_a_view_that_is_not_there(
    kept: DigitalObject, patron: Patron, decider: Actor
) -> None:
    asked = ask(kept, patron)
    approve(asked, decider, views=1)

    def deed() -> object:
        return open_object(kept, by=reader(patron), address=None)

    first = at_once(deed, deed, deed, deed)
    end_visit(asked)
    second = at_once(deed, deed)

    assert all(isinstance(each, str) for each in first)
    assert [type(each) for each in second] == [ObjectClosed, ObjectClosed]
    assert used(asked) == 1


@pytest.mark.serial
@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_is_told_that_it_was_decided(
    kept: DigitalObject, patron: Patron, decider: Actor
) -> None:
    asked = ask(kept, patron)

    outcomes = at_once(
        lambda: approve(asked, decider),
        lambda: refuse_access(asked, reason="Bản gốc đang tu bổ.", by=decider),
    )

    assert [type(each) for each in outcomes].count(AccessAlreadyDecided) == 1
    asked.refresh_from_db()
    assert asked.state in {"approved", "refused"}


def test_the_reader_is_told_the_decision(
    kept: DigitalObject, patron: Patron, decider: Actor, settings: Settings
) -> None:
    settings.EMAIL_HOST = "127.0.0.1"
    patron.email = "doc@example.vn"
    patron.save(update_fields=["email"])

    refuse_access(ask(kept, patron), reason="Bản gốc đang tu bổ.", by=decider)

    told = Notice.objects.filter(kind="request_answered", patron=patron)
    assert {row.values["answer"] for row in told} == {"Từ chối. Bản gốc đang tu bổ."}


def test_the_reader_is_told_the_last_day_that_staff_named(
    kept: DigitalObject, patron: Patron, decider: Actor, settings: Settings
) -> None:
    settings.EMAIL_HOST = "127.0.0.1"
    patron.email = "doc@example.vn"
    patron.save(update_fields=["email"])
    asked = ask(kept, patron)

    approve(asked, decider, days=7, views=2)

    day = f"{timezone.localdate() + timedelta(days=7):%d/%m/%Y}"
    told = {row.values["answer"] for row in Notice.objects.filter(kind="request_answered")}
    account = client_of_reader(patron).get("/account/requests").content.decode()
    assert told == {f"Bạn được mở đến hết ngày {day}. Được mở 2 lần. Xin giữ gìn."}
    assert f"đến {day}" in " ".join(account.split())


def test_a_request_is_taken_once_and_only_where_one_could_help(
    kept: DigitalObject,
    new_object: Callable[..., DigitalObject],
    patron: Patron,
    decider: Actor,
) -> None:
    asked = ask(kept, patron)

    with pytest.raises(AccessAlreadyAsked):
        ask(kept, patron)
    with pytest.raises(Invalid):
        ask(new_object(access="on_request"), patron, "   ")
    with pytest.raises(AccessNotNeeded):
        ask(new_object(access="staff"), patron)
    with pytest.raises(NotPermitted):
        ask_access(kept, purpose="Đọc", by=Actor(face=Face.OPAC))
    approve(asked, decider)
    with pytest.raises(AccessNotNeeded):
        ask(kept, patron)
    assert AccessRequest.objects.count() == 1


def test_a_reader_waits_for_so_many_answers_and_no_more(
    kept: DigitalObject,
    new_object: Callable[..., DigitalObject],
    patron: Patron,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tangthu.reading.actions.requests.MOST_WAITING", 1)
    ask(kept, patron)

    with pytest.raises(TooManyAccessRequests):
        ask(new_object(access="on_request"), patron)

    assert AccessRequest.objects.count() == 1


@pytest.mark.parametrize(("days", "views"), [(-1, None), (400, None), (5, 0), (5, 5000)])
def test_senseless_terms_are_refused(
    kept: DigitalObject, patron: Patron, decider: Actor, days: int, views: int | None
) -> None:
    asked = ask(kept, patron)

    with pytest.raises(Invalid):
        approve(asked, decider, days=days, views=views)

    assert AccessRequest.objects.get().state == "waiting"


def test_staff_of_another_library_decide_nothing(
    kept: DigitalObject, patron: Patron, neighbour: Actor
) -> None:
    asked = ask(kept, patron)

    with pytest.raises(NotPermitted):
        refuse_access(asked, reason="Không", by=neighbour)

    assert not AccessRequest.objects.visible_to(neighbour).exists()
    assert AccessRequest.objects.get().state == "waiting"


def test_an_approval_taken_back_opens_nothing_more(
    kept: DigitalObject, patron: Patron, decider: Actor
) -> None:
    asked = ask(kept, patron)
    approve(asked, decider)

    revoke_access(asked, reason="Chủ sở hữu đổi ý.", by=decider)

    with pytest.raises(ObjectClosed):
        open_object(kept, by=reader(patron), address=None)


def test_a_reader_takes_back_only_an_own_request_that_waits(
    kept: DigitalObject, patron: Patron, foreign_patron: Patron
) -> None:
    asked = ask(kept, patron)

    with pytest.raises(NotFound):
        withdraw_access_request(asked, by=reader(foreign_patron))
    withdraw_access_request(asked, by=reader(patron))
    with pytest.raises(AccessAlreadyDecided):
        withdraw_access_request(asked, by=reader(patron))

    assert AccessRequest.objects.get().state == "withdrawn"


def test_of_an_erased_reader_neither_name_nor_words_stay(
    kept: DigitalObject,
    new_object: Callable[..., DigitalObject],
    patron: Patron,
    decider: Actor,
) -> None:
    approve(ask(kept, patron), decider)
    ask(new_object(access="on_request"), patron)

    forget_requests_of(patron)

    row = AccessRequest.objects.get()
    assert (row.state, row.patron, row.purpose, row.contact) == ("approved", None, "", "")


def test_old_answers_lose_who_asked(kept: DigitalObject, patron: Patron, decider: Actor) -> None:
    asked = ask(kept, patron)
    refuse_access(asked, reason="Không", by=decider)
    later = timezone.now() + timedelta(days=1)

    assert forget_requests(before=timezone.now() - timedelta(days=1)) == 0
    assert forget_requests(before=later) == 1

    assert AccessRequest.objects.get().patron is None


def test_a_reader_asks_on_the_page_that_would_not_open(kept: DigitalObject, patron: Patron) -> None:
    client = client_of_reader(patron)
    address = f"/read/{kept.identifier}/request/"

    closed = client.get(f"/read/{kept.identifier}/")
    asked = client.post(address, {"purpose": "Viết bài địa chí", "contact": ""}, follow=True)
    again = client.post(address, {"purpose": "Lần nữa", "contact": ""})

    assert closed.status_code == 403
    assert f'href="{address}"' in closed.content.decode()
    assert "Viết bài địa chí" in asked.content.decode()
    assert again.status_code == 422
    assert AccessRequest.objects.count() == 1


def test_staff_answer_at_the_desk_and_the_account_tells(
    kept: DigitalObject, patron: Patron, decider_user: User
) -> None:
    asked, client = ask(kept, patron), client_of(decider_user)
    until = timezone.localdate() + timedelta(days=7)

    listed = client.get("/desk/reading/requests/").content.decode()
    page = f"/desk/reading/requests/{asked.pk}/"
    empty = client.post(page, {"deed": "refuse", "refuse-reason": ""})
    done = client.post(
        page,
        {"deed": "approve", "approve-until": f"{until:%Y-%m-%d}", "approve-views": "3"},
    )
    late = client.post(page, {"deed": "refuse", "refuse-reason": "Muộn"}, follow=True)

    assert kept.title in listed
    assert empty.status_code == 422
    assert done.status_code == 302
    assert "đã được trả lời" in late.content.decode()
    account = client_of_reader(patron).get("/account/requests").content.decode()
    assert f"/read/{kept.identifier}/" in account
    asked.refresh_from_db()
    assert (asked.state, asked.views_limit) == ("approved", 3)


def test_the_desk_page_of_a_request_is_not_found_by_others(
    kept: DigitalObject, patron: Patron, neighbour_user: User
) -> None:
    asked = ask(kept, patron)
    grant(neighbour_user, neighbour_user.library, ReadingPermission.REQUESTS)

    answer = client_of(neighbour_user).get(f"/desk/reading/requests/{asked.pk}/")

    assert answer.status_code == 404


def test_a_request_of_another_reader_is_not_taken_back_by_guessing(
    kept: DigitalObject, patron: Patron
) -> None:
    asked = ask(kept, patron)
    other = client_of_reader(PatronFactory(library=kept.library))

    answer = other.post(f"/account/requests/{asked.pk}/withdraw")

    assert answer.status_code == 404
    assert AccessRequest.objects.get().state == "waiting"


def told_at(kept: DigitalObject, patron: Patron) -> str:
    """Return the main part of the document's page, as the reader who may not open it sees it."""
    page = client_of_reader(patron).get(f"/read/{kept.identifier}/")
    assert page.status_code == 403
    return " ".join(page.content.decode().partition("<main")[2].partition("</main>")[0].split())


def test_who_waits_for_an_answer_is_told_so_and_not_offered_to_ask_again(
    kept: DigitalObject, patron: Patron, foreign_patron: Patron
) -> None:
    address = f"/read/{kept.identifier}/request/"
    ask(kept, patron)

    told, other = told_at(kept, patron), told_at(kept, foreign_patron)
    form = client_of_reader(patron).get(address)

    assert "Yêu cầu của bạn đang chờ trả lời." in told
    assert 'href="/account/requests"' in told
    assert address not in told
    assert "Yêu cầu của bạn" not in other
    assert address in other
    assert (form.status_code, form["Location"]) == (302, "/account/requests")


def test_who_used_every_opening_is_told_so_and_may_ask_again(
    kept: DigitalObject, patron: Patron, decider: Actor
) -> None:
    asked = ask(kept, patron)
    approve(asked, decider, views=1)
    open_object(kept, by=reader(patron), address=None)
    end_visit(asked)

    told = told_at(kept, patron)

    assert "Bạn đã xem đủ 1 lần thư viện cho phép." in told
    assert f'href="/read/{kept.identifier}/request/"' in told


def test_who_comes_after_the_last_day_is_told_which_day_it_was(
    kept: DigitalObject, patron: Patron, decider: Actor
) -> None:
    approve(ask(kept, patron), decider, days=1, views=3)
    AccessRequest.objects.update(expires_at=timezone.now() - timedelta(days=2))

    told = told_at(kept, patron)

    day = f"{timezone.localdate() - timedelta(days=2):%d/%m/%Y}"
    assert f"Giấy phép xem đã hết hạn ngày {day}." in told
    assert f'href="/read/{kept.identifier}/request/"' in told


def test_who_was_refused_is_told_why_until_a_new_request_waits(
    kept: DigitalObject, patron: Patron, decider: Actor
) -> None:
    refuse_access(ask(kept, patron), reason="Bản gốc đang tu bổ.", by=decider)

    refused = told_at(kept, patron)
    ask(kept, patron, "Xin xem lại sau khi tu bổ")

    assert "Thư viện đã từ chối yêu cầu của bạn. Lý do: Bản gốc đang tu bổ." in refused
    assert "Yêu cầu của bạn đang chờ trả lời." in told_at(kept, patron)


def test_a_request_taken_back_leaves_the_page_as_it_was(
    kept: DigitalObject, patron: Patron
) -> None:
    before = told_at(kept, patron)
    withdraw_access_request(ask(kept, patron), by=reader(patron))

    assert told_at(kept, patron) == before


def test_an_approval_taken_back_is_told_with_its_reason(
    kept: DigitalObject, patron: Patron, decider: Actor
) -> None:
    asked = ask(kept, patron)
    approve(asked, decider)
    revoke_access(asked, reason="Chủ sở hữu đổi ý.", by=decider)

    assert "Thư viện đã thu hồi giấy phép xem. Lý do: Chủ sở hữu đổi ý." in told_at(kept, patron)

"""Making objects, describing them, letting readers in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tangthu.core.actor import NOBODY, Actor, Face
from tangthu.core.errors import Invalid, NotPermitted, StaleVersion
from tangthu.core.models import AuditEntry, Change
from tangthu.libraries.actions import set_preference
from tangthu.repository.actions import (
    ObjectData,
    add_page_images,
    change_object,
    create_object,
    label_pages,
    make_ready,
    publish,
    reopen,
    reorder_pages,
    turn_page,
    withdraw,
)
from tangthu.repository.errors import (
    BadOrder,
    ObjectClosed,
    ObjectWithdrawn,
    PublishingRefused,
)
from tangthu.repository.models import DigitalObject, Page, PreservationEvent
from tangthu.repository.reading import may_see, require_open
from tests.factories import PatronFactory, RecordFactory
from tests.repository.making import picture, pictures
from tests.support.threads import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def filled(draft, keeper, tmp_path):
    """An object that only waits to be published."""
    add_page_images(draft, [picture(tmp_path)], by=keeper)
    make_ready(draft, by=keeper)
    return draft


def test_an_object_begins_as_a_draft_and_is_told(province, keeper):
    record = RecordFactory(library=province)

    obj = create_object(
        ObjectData(title="  Sử thi   Đăm Săn ", records=(record,)), library=province, by=keeper
    )

    assert (obj.title, obj.state, obj.access) == ("Sử thi Đăm Săn", "draft", "staff")
    assert len(obj.identifier) == 12
    assert list(DigitalObject.objects.of_records([record.pk])) == [obj]
    assert AuditEntry.objects.about("object", obj.pk).get().action == "object.created"
    assert Change.objects.filter(kind="object", key=str(obj.pk)).count() == 1


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": "   "}, "title"),
        ({"title": "x", "access": "all"}, "access"),
        ({"title": "x", "rights": "mine"}, "rights"),
        ({"title": "x", "kind": "hologram"}, "kind"),
    ],
)
def test_what_nobody_knows_makes_no_object(province, keeper, values, field):
    with pytest.raises(Invalid) as refused:
        create_object(ObjectData(**values), library=province, by=keeper)

    assert refused.value.field == field
    assert not DigitalObject.objects.exists()


def test_staff_of_another_library_make_none_here(province, neighbour):
    with pytest.raises(NotPermitted):
        create_object(ObjectData(title="x"), library=province, by=neighbour)

    assert not DigitalObject.objects.exists()


def test_of_two_who_describe_it_the_second_is_told(draft, keeper):
    change_object(draft, ObjectData(title="Một"), version=1, by=keeper)

    with pytest.raises(StaleVersion):
        change_object(draft, ObjectData(title="Hai"), version=1, by=keeper)

    draft.refresh_from_db()
    assert (draft.title, draft.version) == ("Một", 2)


def test_an_object_with_all_it_needs_is_published(filled, keeper):
    publish(filled, by=keeper)

    filled.refresh_from_db()
    assert filled.is_published
    assert PreservationEvent.objects.filter(object=filled, kind="publication").count() == 1


@pytest.mark.parametrize(
    ("values", "blocks"),
    [
        ({"rights": ""}, ["no_rights", "nothing_inside"]),
        ({"rights": "InC"}, ["permission_not_named", "nothing_inside"]),
        ({"rights": "InC", "rights_note": "Tác giả cho phép"}, ["nothing_inside"]),
        ({"rights": "InC", "access": "on_site"}, ["nothing_inside"]),
    ],
)
def test_everything_that_stands_in_the_way_is_named(new_object, keeper, values, blocks):
    obj = new_object(**values)

    with pytest.raises(PublishingRefused) as refused:
        publish(obj, by=keeper)

    assert refused.value.data["blocks"] == blocks
    obj.refresh_from_db()
    assert obj.state == "draft"


def test_a_page_that_is_not_drawn_keeps_an_object_from_its_readers(draft, keeper, tmp_path):
    add_page_images(draft, [picture(tmp_path)], by=keeper)

    with pytest.raises(PublishingRefused) as refused:
        publish(draft, by=keeper)

    assert refused.value.data["blocks"] == ["pages_not_ready"]


def test_a_published_object_does_not_lose_its_rights(filled, keeper):
    publish(filled, by=keeper)
    bare = ObjectData(title=filled.title, rights="", access="public")

    with pytest.raises(PublishingRefused):
        change_object(filled, bare, version=1, by=keeper)

    filled.refresh_from_db()
    assert filled.rights == "PDM"


def test_the_database_itself_publishes_nothing_without_rights(draft):
    with pytest.raises(IntegrityError), transaction.atomic():
        DigitalObject.objects.filter(pk=draft.pk).update(state="published", rights="")


def test_a_withdrawn_object_takes_no_more_files(filled, keeper, tmp_path):
    withdraw(filled, reason="Gia đình yêu cầu", by=keeper)

    with pytest.raises(ObjectWithdrawn):
        add_page_images(filled, [picture(tmp_path, ink=2)], by=keeper)

    assert filled.pages.count() == 1
    assert PreservationEvent.objects.get(kind="deaccession").detail == "Gia đình yêu cầu"


def test_a_withdrawal_needs_its_reason(filled, keeper):
    with pytest.raises(Invalid):
        withdraw(filled, reason=" ", by=keeper)

    filled.refresh_from_db()
    assert filled.state == "draft"


def test_a_withdrawn_object_can_be_worked_on_again(filled, keeper):
    withdraw(filled, reason="Nhầm", by=keeper)

    reopen(filled, by=keeper)

    filled.refresh_from_db()
    assert filled.state == "draft"


def test_pages_stand_in_the_order_that_is_given(draft, keeper, tmp_path):
    one, two, three = add_page_images(draft, pictures(tmp_path, 3), by=keeper)

    reorder_pages(draft, [three.pk, one.pk, two.pk], by=keeper)

    assert list(draft.pages.values_list("pk", flat=True)) == [three.pk, one.pk, two.pk]


@pytest.mark.parametrize(
    "pick", [lambda pks: pks[:2], lambda pks: [*pks[:2], pks[0]]], ids=["short", "twice"]
)
def test_an_order_that_forgets_a_page_is_refused(draft, keeper, tmp_path, pick):
    pks = [page.pk for page in add_page_images(draft, pictures(tmp_path, 3), by=keeper)]

    with pytest.raises(BadOrder):
        reorder_pages(draft, pick(pks), by=keeper)

    assert list(draft.pages.values_list("pk", flat=True)) == pks


def test_a_page_shows_the_number_printed_on_it(draft, keeper, tmp_path):
    one, *_ = add_page_images(draft, pictures(tmp_path, 2), by=keeper)

    label_pages(draft, {one.pk: "Bìa trước"}, by=keeper)

    assert [page.shown_label for page in draft.pages.all()] == ["Bìa trước", "2"]


def test_a_turned_page_is_drawn_anew(filled, keeper):
    page = filled.pages.get()

    turn_page(page, quarters=1, by=keeper)
    make_ready(filled, by=keeper)

    page.refresh_from_db()
    assert (page.rotation, page.width, page.height) == (90, 420, 300)


def test_who_finds_an_object_and_who_does_not(filled, keeper, desk, neighbour, patron):
    reader = Actor(face=Face.OPAC, patron_id=patron.pk)

    def finders():
        actors = {"keeper": keeper, "desk": desk, "reader": reader, "nobody": NOBODY}
        found = DigitalObject.objects
        return {name for name, each in actors.items() if found.visible_to(each).exists()}

    as_draft = finders()
    publish(filled, by=keeper)
    as_published = finders()
    DigitalObject.objects.update(access="staff")
    as_staffs = finders()

    assert as_draft == {"keeper"}
    assert as_published == {"keeper", "desk", "reader", "nobody"}
    assert as_staffs == {"keeper", "desk"}


def test_a_card_opens_while_it_is_valid(filled, keeper, patron):
    DigitalObject.objects.update(access="cardholders", state="published")
    filled.refresh_from_db()
    now = timezone.now()
    reader = Actor(face=Face.OPAC, patron_id=patron.pk)
    expired = PatronFactory(
        library=patron.library, expires_on=timezone.localdate(now) - timedelta(days=1)
    )

    assert may_see(filled, reader, address=None, now=now)
    assert not may_see(filled, NOBODY, address=None, now=now)
    ended = Actor(face=Face.OPAC, patron_id=expired.pk)
    assert may_see(filled, ended, address=None, now=now).refusal == "object_needs_card"


@pytest.mark.parametrize(
    ("address", "opens"),
    [("192.168.7.21", True), ("10.1.2.3", False), (None, False), ("nonsense", False)],
)
def test_the_reading_rooms_network_opens_what_is_read_on_site(
    filled, administrator, province, address, opens
):
    DigitalObject.objects.update(access="on_site", state="published")
    filled.refresh_from_db()
    set_preference(province, "reading_room_networks", "192.168.7.0/24, rubbish", by=administrator)

    assert bool(may_see(filled, NOBODY, address=address, now=timezone.now())) is opens


def test_a_closed_object_says_why(filled):
    with pytest.raises(ObjectClosed) as refused:
        require_open(filled, NOBODY, address=None, now=timezone.now())

    assert refused.value.data["reason"] == "object_not_published"


@pytest.mark.django_db(transaction=True)
def test_two_who_publish_at_once_publish_it_once(filled, keeper):
    answers = at_once(lambda: publish(filled, by=keeper), lambda: publish(filled, by=keeper))

    assert all(isinstance(answer, DigitalObject) for answer in answers)
    assert PreservationEvent.objects.filter(kind="publication").count() == 1
    assert AuditEntry.objects.filter(action="object.published").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_bring_pages_in_at_once_get_a_place_each(draft, keeper, tmp_path):
    one, two = pictures(tmp_path, 2)

    at_once(
        lambda: add_page_images(draft, [one], by=keeper),
        lambda: add_page_images(draft, [two], by=keeper),
    )

    assert sorted(Page.objects.values_list("position", flat=True)) == [1, 2]

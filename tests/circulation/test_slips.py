"""Slips of what was borrowed and returned: one for a visit, to who chose them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from tangthu.circulation.actions import check_in, check_out
from tangthu.circulation.reading import books
from tangthu.notices.actions import withdraw
from tangthu.notices.kinds import Channel, Topic
from tangthu.notices.models import Notice
from tangthu.notices.postman import deliver
from tangthu.patrons.actions import actor_for
from tests.factories import ItemFactory
from tests.notices.readers import agree
from tests.notices.test_deliver import Bag

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
BOTH = (Topic.LOAN_SLIPS, Topic.RETURN_SLIPS)


@pytest.fixture
def lan(patron, settings):
    """A reader who can be told by e-mail."""
    settings.EMAIL_HOST = "127.0.0.1"
    patron.email = "lan@example.vn"
    patron.save()
    return patron


@pytest.fixture
def copies(province):
    return [
        ItemFactory(library=province, record__title=title)
        for title in ("Truyện Kiều", "Dế mèn phiêu lưu ký", "Đất rừng phương Nam")
    ]


def choose(patron, *topics):
    for topic in topics:
        agree(patron, topic, Channel.EMAIL)


def after_the_visit(clock, bag):
    clock.shift(timedelta(minutes=11))
    deliver(Channel.EMAIL, bag)
    return bag.taken


def test_what_is_borrowed_in_a_visit_makes_one_slip(lan, copies, desk):
    choose(lan, Topic.LOAN_SLIPS)
    with time_machine.travel(NOON, tick=False) as clock:
        bag = Bag()
        for copy in copies:
            check_out(copy, to=lan, by=desk)
            clock.shift(timedelta(minutes=2))
            deliver(Channel.EMAIL, bag)
        assert bag.taken == []

        (slip,) = after_the_visit(clock, bag)

    assert slip.subject == "Phiếu mượn sách"
    assert "Bạn vừa mượn 3 tài liệu" in slip.body
    assert "• Dế mèn phiêu lưu ký – hạn trả 07/12/2026" in slip.body


def test_what_is_returned_in_a_visit_makes_one_slip_whoever_brings_it(lan, copies, desk):
    loans = [check_out(copy, to=lan, by=desk) for copy in copies]
    choose(lan, Topic.RETURN_SLIPS)
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=False) as clock:
        for loan in loans:
            check_in(loan.item, by=desk)

        (slip,) = after_the_visit(clock, Bag())

    assert slip.subject == "Phiếu trả sách"
    assert "3 tài liệu" in slip.body
    assert "• Đất rừng phương Nam" in slip.body


def test_who_chose_none_is_sent_none(lan, copies, desk):
    choose(lan, Topic.RECEIPTS, Topic.OVERDUE)

    check_out(copies[0], to=lan, by=desk)
    check_in(copies[0], by=desk)

    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    ("topic", "kind"), [(Topic.LOAN_SLIPS, "loan_slip"), (Topic.RETURN_SLIPS, "return_slip")]
)
def test_each_kind_is_chosen_for_itself(lan, copies, desk, topic, kind):
    choose(lan, topic)

    check_out(copies[0], to=lan, by=desk)
    check_in(copies[0], by=desk)

    assert [notice.kind for notice in Notice.objects.all()] == [kind]


def test_what_was_lent_by_mistake_is_on_no_slip(lan, copies, desk):
    choose(lan, Topic.LOAN_SLIPS)
    with time_machine.travel(NOON, tick=False) as clock:
        for copy in copies[:2]:
            check_out(copy, to=lan, by=desk)
        check_in(copies[0], by=desk)

        (slip,) = after_the_visit(clock, Bag())

    assert "Dế mèn" in slip.body
    assert "Kiều" not in slip.body


def test_what_is_read_on_site_makes_no_slip_taking_it_home_does(lan, copies, desk):
    choose(lan, *BOTH)

    check_out(copies[0], to=lan, by=desk, on_site=True)
    assert not Notice.objects.exists()
    check_out(copies[0], to=lan, by=desk)

    assert [notice.kind for notice in Notice.objects.all()] == ["loan_slip"]


def test_what_is_written_down_days_later_is_no_news(lan, copies, desk):
    choose(lan, *BOTH)
    long_ago = timezone.now() - timedelta(days=4)

    check_out(copies[0], to=lan, by=desk, at=long_ago)
    check_in(copies[0], by=desk, at=long_ago + timedelta(hours=1))

    assert not Notice.objects.exists()


def test_a_slip_that_was_refused_meanwhile_is_not_sent(lan, copies, desk):
    choose(lan, Topic.LOAN_SLIPS)
    check_out(copies[0], to=lan, by=desk)

    withdraw(lan, topic=Topic.LOAN_SLIPS, channel=Channel.EMAIL, by=actor_for(lan))

    assert Notice.objects.get().state == "cancelled"


def test_who_chose_other_things_costs_the_desk_no_query_more(
    lan, copies, desk, django_assert_num_queries
):
    choose(lan, Topic.RECEIPTS, Topic.OVERDUE)
    books()

    with django_assert_num_queries(13):
        check_out(copies[0], to=lan, by=desk)
    with django_assert_num_queries(12):
        check_in(copies[0], by=desk)

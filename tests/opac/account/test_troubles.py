"""Readers tell of a book that is lost, or that they have returned already."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tangthu.catalogue.models import ItemStatus
from tangthu.circulation.actions import check_in, check_out, claim_returned, drop_claim
from tangthu.circulation.errors import ClaimedBefore
from tangthu.circulation.models import HarmReport, Loan, LoanEvent
from tangthu.fees.reading import debt_of
from tangthu.patrons.actions import actor_for
from tests.conftest import client_of_reader
from tests.factories import ItemFactory, lending_rules


@pytest.fixture
def item(province):
    lending_rules(province, lost_percent=400, processing_fee=5000)
    return ItemFactory(library=province, price=45_000, record__title="Truyện Kiều")


@pytest.fixture
def loan(item, patron, desk):
    return check_out(item, to=patron, by=desk)


def text(response):
    return " ".join(response.content.decode().replace("\xa0", " ").split())


def lost(loan):
    return reverse("account:lost", args=[loan.pk])


def returned(loan):
    return reverse("account:returned", args=[loan.pk])


def said(client, loan):
    return client.get(lost(loan)).context["said"]


def test_what_a_loss_costs_is_told_before_it_is_reported(reader_client, loan, patron):
    page = text(reader_client.get(lost(loan)))

    assert "185.000 đ" in page
    assert "180.000 đ tiền sách: 400% giá bìa 45.000 đ" in page
    assert "5.000 đ phí mua và xử lý bản khác" in page
    assert Loan.objects.open().filter(pk=loan.pk).exists()
    assert debt_of(patron.pk).amount == 0


def test_the_loss_that_is_confirmed_is_charged_and_told_to_the_desk(
    reader_client, desk_client, loan, item, patron
):
    done = reader_client.post(lost(loan), {"said": said(reader_client, loan)}, follow=True)

    assert "Đã báo mất. 185.000 đ đã được ghi vào phí của bạn." in text(done)
    item.refresh_from_db()
    assert item.status == ItemStatus.LOST
    assert debt_of(patron.pk).amount == 185_000
    desk_page = text(desk_client.get(reverse("circulation:harms")))
    assert "Truyện Kiều" in desk_page
    assert "bạn đọc tự báo" in desk_page


@pytest.mark.parametrize("told", [{}, {"said": "1+0"}])
def test_a_cost_that_was_not_shown_is_not_charged(reader_client, loan, patron, told):
    response = reader_client.post(lost(loan), told)

    assert response.status_code == 409
    assert "185.000 đ" in text(response)
    assert not HarmReport.objects.exists()
    assert debt_of(patron.pk).amount == 0


def test_rules_that_changed_meanwhile_are_shown_again(reader_client, loan, province):
    before = said(reader_client, loan)
    lending_rules(province, lost_percent=200, processing_fee=5000)

    response = reader_client.post(lost(loan), {"said": before})

    assert response.status_code == 409
    assert "95.000 đ" in text(response)
    assert not HarmReport.objects.exists()


def test_a_book_whose_price_nobody_knows_is_priced_later(reader_client, loan, item, patron):
    item.price = None
    item.save()
    assert "chưa biết giá" in text(reader_client.get(lost(loan)))

    done = reader_client.post(lost(loan), {"said": said(reader_client, loan)}, follow=True)

    assert "sẽ cho biết bạn phải đền bao nhiêu" in text(done)
    assert (HarmReport.objects.get().amount, debt_of(patron.pk).amount) == (0, 5000)


def test_what_came_back_meanwhile_is_neither_lost_nor_claimed(reader_client, loan, item, desk):
    before = said(reader_client, loan)
    check_in(item, by=desk)

    for page, told in ((lost(loan), {"said": before}), (returned(loan), {})):
        answer = reader_client.post(page, told, follow=True)
        assert "Bản này vừa được trả" in text(answer)

    assert not HarmReport.objects.exists()
    assert not LoanEvent.objects.filter(kind="claim").exists()


def test_nobody_elses_loan_is_reported(foreign_patron, loan):
    stranger = client_of_reader(foreign_patron)

    for page in (lost(loan), returned(loan)):
        assert stranger.get(page).status_code == 404
        assert stranger.post(page, {"said": "180000+5000"}).status_code == 404

    loan.refresh_from_db()
    assert (loan.returned_at, loan.claimed_at) == (None, None)


def test_what_is_said_to_be_returned_is_looked_for(reader_client, desk_client, loan):
    assert "Mỗi lượt mượn chỉ báo được một lần" in text(reader_client.get(returned(loan)))

    done = text(reader_client.post(returned(loan), follow=True))

    assert "Bạn đã báo là đã trả; thư viện đang tìm" in done
    loan.refresh_from_db()
    assert loan.claimed_at is not None
    listed = text(desk_client.get(f"{reverse('circulation:harms')}?show=claimed"))
    assert "Truyện Kiều" in listed
    assert loan.patron.card in listed


def test_it_is_said_once_for_each_loan(reader_client, loan, patron, desk):
    reader_client.post(returned(loan))
    drop_claim(loan, by=desk)

    answer = reader_client.post(returned(loan), follow=True)

    assert "Bạn đã báo một lần rồi" in text(answer)
    with pytest.raises(ClaimedBefore):
        claim_returned(loan, by=actor_for(patron))
    loan.refresh_from_db()
    assert loan.claimed_at is None
    assert claim_returned(loan, by=desk).claimed_at is not None


def test_saying_it_twice_changes_nothing(loan, patron):
    first = claim_returned(loan, by=actor_for(patron))

    second = claim_returned(loan, by=actor_for(patron))

    assert second.claimed_at == first.claimed_at
    assert LoanEvent.objects.filter(kind="claim").count() == 1


def test_another_loan_of_the_same_copy_has_its_own_word(reader_client, loan, item, patron, desk):
    reader_client.post(returned(loan))
    check_in(item, by=desk)
    again = check_out(item, to=patron, by=desk)

    reader_client.post(returned(again))

    again.refresh_from_db()
    assert again.claimed_at is not None


def test_what_is_read_on_site_has_neither_button(reader_client, item, patron, desk):
    loan = check_out(item, to=patron, by=desk, on_site=True)

    assert reader_client.get(lost(loan)).status_code == 404
    assert lost(loan) not in text(reader_client.get(reverse("account:home")))


def test_both_are_found_on_the_account(reader_client, loan):
    page = text(reader_client.get(reverse("account:home")))

    assert lost(loan) in page
    assert returned(loan) in page

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tangthu.circulation.actions import PastLoan, check_out, enter_past_loans, place_hold
from tangthu.circulation.models import Hold, Loan
from tangthu.core.money import Money
from tangthu.fees.actions import charge
from tangthu.fees.models import BankTransfer, FeeKind
from tangthu.libraries.actions import set_preference
from tangthu.notices.models import Choice
from tangthu.opac.models import ListEntry, ReadingList, SavedSearch
from tangthu.patrons.actions import actor_for
from tangthu.patrons.models import ContactChange, DataRequest
from tests.conftest import client_of_reader
from tests.factories import ItemFactory, RecordFactory, lending_rules

HOME = "/account/"
PAGES = ["home", "fees", "lists", "searches", "notices", "history", "card", "contact", "data"]


@pytest.fixture
def lent(province, patron, desk):
    """Lend the reader a copy that is due in so many days."""

    def lend(*, days=10, to=patron, renewals=0):
        now = timezone.now()
        loan = PastLoan(
            item=ItemFactory(library=province, record=RecordFactory(library=province)),
            patron=to,
            lent_at=now - timedelta(days=20),
            due_at=now + timedelta(days=days),
            renewals=renewals,
        )
        enter_past_loans([loan], at=province, by=desk)
        return Loan.objects.latest("pk")

    return lend


def text(response):
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_for_a_new_reader(reader_client, name):
    response = reader_client.get(reverse(f"account:{name}"))

    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"


def test_the_first_page_of_a_reader_with_a_hundred_loans_takes_few_queries(
    reader_client, lent, django_assert_max_num_queries
):
    for _ in range(100):
        lent()
    reader_client.get(HOME)

    with django_assert_max_num_queries(10):
        page = reader_client.get(HOME)

    assert text(page).count("Gia hạn") >= 100


def test_loans_say_whether_they_are_late_or_soon_due(reader_client, lent):
    lent(days=-3)
    lent(days=2)
    lent(days=12)

    page = text(reader_client.get(HOME))

    assert "quá hạn 3 ngày" in page
    assert "còn 2 ngày" in page
    assert page.index("quá hạn 3 ngày") < page.index("còn 2 ngày")


def test_renewing_all_tells_of_each_loan_what_came_of_it(reader_client, lent):
    renewed, refused = lent(days=1), lent(days=2, renewals=1)

    page = text(reader_client.post(reverse("account:renew"), {"all": "1"}, follow=True))

    renewed.refresh_from_db()
    refused.refresh_from_db()
    assert (renewed.renewals, refused.renewals) == (1, 1)
    assert f"Đã gia hạn đến {timezone.localtime(renewed.due_at):%d/%m/%Y}." in page
    assert "Đã gia hạn 1 lần; tối đa là 1 lần. Vì quy tắc “Số lần gia hạn một lượt mượn: 1”" in page
    assert "Đã gia hạn đến" not in text(reader_client.get(HOME))


def test_nobody_renews_the_loan_of_another(reader_client, lent, foreign_patron):
    theirs = lent(to=foreign_patron, days=1)

    reader_client.post(reverse("account:renew"), {"loan": theirs.pk})

    theirs.refresh_from_db()
    assert theirs.renewals == 0


@pytest.fixture
def held(province, patron, desk):
    """A title that the reader waits for."""
    lending_rules(province, holds_allowed=5)
    item = ItemFactory(library=province)
    return place_hold(record=item.record, for_=patron, pickup=province, by=desk)


def test_a_hold_rests_counts_again_and_is_cancelled(reader_client, held):
    states = []
    for deed in ("suspend_hold", "resume_hold", "cancel_hold"):
        reader_client.post(reverse(f"account:{deed}", args=[held.pk]))
        held.refresh_from_db()
        states.append((held.suspended, held.state))

    assert states == [(True, "waiting"), (False, "waiting"), (False, "cancelled")]


def test_a_hold_rests_until_the_day_that_its_reader_names(reader_client, held):
    until = timezone.localdate() + timedelta(days=9)
    suspend = reverse("account:suspend_hold", args=[held.pk])

    page = text(reader_client.post(suspend, {"until": f"{until:%d/%m/%Y}"}, follow=True))

    held.refresh_from_db()
    assert (held.suspended, held.suspended_until) == (True, until)
    assert f"đến {until:%d/%m/%Y}" in page


def test_nobody_touches_the_hold_of_another(held, foreign_patron):
    stranger = client_of_reader(foreign_patron)
    for deed in ("suspend_hold", "cancel_hold"):
        assert stranger.post(reverse(f"account:{deed}", args=[held.pk])).status_code == 404

    assert Hold.objects.get().state == "waiting"


def test_fees_are_paid_by_a_code_for_the_banks_program(reader_client, patron, province, machine):
    charge(
        patron, kind=FeeKind.OVERDUE, amount=Money(15_000), library=province, by=machine, source="x"
    )
    assert "15.000" in text(reader_client.get(HOME))
    for name, value in (("bank_bin", "970436"), ("bank_account", "0011004000001")):
        set_preference(province, name, value, by=machine)

    response = reader_client.post(reverse("account:pay"))

    asked = BankTransfer.objects.get()
    assert (asked.amount, asked.patron) == (15_000, patron)
    page = text(reader_client.get(response["Location"]))
    assert asked.reference in page
    assert "<svg" in page


def test_nobody_sees_the_transfer_of_another(
    reader_client, foreign_patron, patron, province, machine
):
    test_fees_are_paid_by_a_code_for_the_banks_program(reader_client, patron, province, machine)
    stranger = client_of_reader(foreign_patron)
    asked = BankTransfer.objects.get()

    assert stranger.get(reverse("account:transfer", args=[asked.pk])).status_code == 404
    assert stranger.post(reverse("account:cancel_transfer", args=[asked.pk])).status_code == 404


def test_a_record_is_put_on_a_new_list_and_taken_off(reader_client, province):
    record = RecordFactory(library=province)
    add = reverse("account:add_to_list")
    assert reader_client.get(f"{add}?record={record.pk}").status_code == 200

    there = {"record": record.pk, "name": "Muốn đọc", "next": f"/record/{record.pk}"}
    response = reader_client.post(add, there)

    made = ReadingList.objects.get()
    assert response["Location"] == f"/record/{record.pk}"
    assert record.title in text(reader_client.get(reverse("account:list", args=[made.pk])))
    reader_client.post(reverse("account:take_off_list", args=[made.pk]), {"record": record.pk})
    assert not ListEntry.objects.exists()


@pytest.fixture
def shared(reader_client, patron, province):
    record = RecordFactory(library=province, title="Sử thi Đam San")
    made = ReadingList.objects.create(patron=patron, name="Tây Nguyên", created_at=timezone.now())
    ListEntry.objects.create(reading_list=made, record=record, added_at=timezone.now())
    reader_client.post(reverse("account:share_list", args=[made.pk]))
    made.refresh_from_db()
    return made


def test_whoever_has_the_link_sees_the_list_but_not_whose_it_is(client, shared, patron):
    page = text(client.get(reverse("opac:shared_list", args=[shared.secret])))

    assert "Sử thi Đam San" in page
    assert patron.name not in page
    assert patron.card not in page


def test_a_link_that_was_taken_back_opens_nothing(client, reader_client, shared):
    reader_client.post(reverse("account:unshare_list", args=[shared.pk]))

    assert client.get(reverse("opac:shared_list", args=[shared.secret])).status_code == 404


@pytest.mark.parametrize(
    ("form", "begins"), [("txt", "1. "), ("ris", "TY  - BOOK"), ("bib", "@book{"), ("mrc", "0")]
)
def test_a_list_is_handed_out_as_a_file(client, reader_client, shared, form, begins):
    own = reader_client.get(reverse("account:export_list", args=[shared.pk, form]))
    linked = client.get(reverse("opac:export_shared_list", args=[shared.secret, form]))

    assert own.content == linked.content
    assert own.content.decode().startswith(begins)
    assert reader_client.get(f"/account/lists/{shared.pk}.exe").status_code == 404


def test_the_list_of_another_is_not_there(shared, foreign_patron):
    stranger = client_of_reader(foreign_patron)

    for name in ("list", "rename_list", "remove_list", "share_list", "take_off_list"):
        path = reverse(f"account:{name}", args=[shared.pk])
        answers = {stranger.get(path).status_code, stranger.post(path).status_code}
        assert answers <= {404, 405}
        assert 404 in answers
    assert stranger.get(f"/account/lists/{shared.pk}.txt").status_code == 404


def test_a_hidden_record_leaves_the_shared_list(client, shared):
    shared.entries.get().record.__class__.objects.update(suppressed=True)

    page = text(client.get(reverse("opac:shared_list", args=[shared.secret])))

    assert "Sử thi Đam San" not in page


@pytest.fixture
def by_mail(patron, settings, tmp_path):
    settings.NOTICES_FOLDER = str(tmp_path)
    patron.email = "an@example.vn"
    patron.save()
    return patron


def test_a_search_is_kept_with_news_by_e_mail(by_mail, reader_client):
    save = reverse("account:save_search")
    assert "an@" not in text(reader_client.get(f"{save}?address=q%3Dvoi"))

    reader_client.post(save, {"name": "Voi", "address": "q=voi&page=2", "channel": "email"})

    search = SavedSearch.objects.get()
    assert (search.address, search.is_alerting) == ("q=voi", True)
    choice = Choice.objects.get()
    assert (choice.topic, choice.channel) == ("searches", "email")
    assert "Voi" in text(reader_client.get(reverse("account:searches")))
    reader_client.post(reverse("account:alert", args=[search.pk]))
    search.refresh_from_db()
    assert not search.is_alerting


def test_notices_are_chosen_and_taken_back_with_the_words(by_mail, reader_client):
    page = reverse("account:notices")
    box = "due_soon-sms"
    by_mail.phone = "+84905123456"
    by_mail.save()

    reader_client.post(page, {"shown": [box], "on": [box]})
    choice = Choice.objects.get()
    assert choice.text in text(reader_client.get(page))
    assert choice.withdrawn_at is None
    reader_client.post(page, {"shown": [box]})

    choice.refresh_from_db()
    assert choice.withdrawn_at is not None


def test_the_messages_of_a_day_are_gathered_where_the_reader_says_so(by_mail, reader_client):
    page, box = reverse("account:notices"), "due_soon-email"

    reader_client.post(page, {"shown": [box], "on": [box], "mode-due_soon": "digest"})
    gathered = topic_on(reader_client.get(page), "due_soon").is_gathered
    mode = Choice.objects.get().mode
    reader_client.post(page, {"shown": [box], "on": [box]})

    assert (gathered, mode) == (True, "digest")
    assert Choice.objects.get().mode == "now"
    assert not topic_on(reader_client.get(page), "due_soon").is_gathered


def topic_on(answer, name):
    return next(topic for topic in answer.context["topics"] if topic.topic == name)


def test_past_loans_are_shown_only_after_the_choice(reader_client, lent, patron):
    loan = lent()
    page = reverse("account:history")
    title = loan.item.record.title
    reader_client.post(reverse("account:keep_history"))
    Loan.objects.filter(pk=loan.pk).update(returned_at=timezone.now())

    assert title in text(reader_client.get(page))
    reader_client.post(reverse("account:forget_history"))

    assert title not in text(reader_client.get(page))


def test_a_change_of_phone_waits_for_staff(reader_client, patron):
    page = reverse("account:contact")
    told = {"phone": "0905 999 999", "email": "", "address": ""}

    assert reader_client.post(page, told).status_code == 302

    change = ContactChange.objects.get()
    patron.refresh_from_db()
    assert (change.phone, patron.phone) == ("+84905999999", "")
    assert "0905999999" in text(reader_client.get(page))
    reader_client.post(reverse("account:withdraw_contact", args=[change.pk]))
    assert "0905999999" not in text(reader_client.get(page))


@pytest.mark.parametrize("told", [{"phone": "abc"}, {"email": "x"}, {}])
def test_what_cannot_be_a_contact_is_refused_under_its_field(reader_client, told):
    response = reader_client.post(reverse("account:contact"), told)

    assert response.status_code == 422
    assert not ContactChange.objects.exists()


def test_a_reader_sees_and_takes_what_is_kept_on_them(reader_client, patron, shared):
    page = text(reader_client.post(reverse("account:export_data")))
    taken = reader_client.post(reverse("account:export_data"), {"form": "json"})

    assert patron.name in page
    assert "Tây Nguyên" in page
    assert taken["Content-Disposition"].startswith("attachment")
    assert taken.json()["data"]["person"][0]["name"] == patron.name


def test_erasure_is_asked_for_and_taken_back(reader_client):
    ask = reverse("account:ask_data")
    reader_client.post(ask, {"kind": "erase", "text": "Tôi chuyển đi."})
    asked = DataRequest.objects.get()

    again = reader_client.post(ask, {"kind": "erase"})
    reader_client.post(reverse("account:withdraw_request", args=[asked.pk]))

    assert again.status_code == 422
    asked.refresh_from_db()
    assert asked.state == "withdrawn"


def test_the_requests_of_another_are_not_there(reader_client, foreign_patron):
    reader_client.post(reverse("account:ask_data"), {"kind": "erase"})
    asked = DataRequest.objects.get()

    stranger = client_of_reader(foreign_patron)

    assert stranger.post(reverse("account:withdraw_request", args=[asked.pk])).status_code == 404


def test_the_card_shows_its_bar_code(reader_client, patron):
    page = text(reader_client.get(reverse("account:card")))

    assert patron.card in page
    assert page.count("<svg") >= 2


def test_a_copy_lent_at_the_desk_stands_in_the_account(reader_client, province, patron, desk):
    loan = check_out(ItemFactory(library=province), to=patron, by=desk)

    assert loan.item.record.title in text(reader_client.get(HOME))
    assert actor_for(patron).name == patron.card

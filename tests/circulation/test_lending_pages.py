"""The pages of lending beside the desk: sentences, one loan, harms, sets, closings, helpers."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from tangthu.catalogue.models import Item
from tangthu.circulation.actions import add_helper, check_in, check_out, keep_expectation
from tangthu.circulation.models import (
    Closing,
    Expectation,
    HarmReport,
    Helper,
    LendingRule,
    Loan,
    LoanEvent,
)
from tangthu.circulation.policy import local_day
from tangthu.fees.reading import debt_of
from tests.factories import ItemFactory, PatronCategoryFactory, PatronFactory, lending_rules

pytestmark = pytest.mark.django_db

SAID = "thiếu nhi mượn 5 cuốn trong 10 ngày"


@pytest.fixture
def child_category(db):
    return PatronCategoryFactory(code="child", name="Thiếu nhi")


@pytest.fixture
def item(province):
    return ItemFactory(library=province, price=45_000)


@pytest.fixture
def loan(item, patron, desk):
    return check_out(item, to=patron, by=desk)


def sentences(client, library, text, **more):
    address = f"{reverse('circulation:sentences')}?library={library.pk}"
    return client.post(address, {"sentences": text, "step": "try", **more})


def words_of(answer):
    return answer.content.decode()


def test_a_sentence_is_shown_as_understood_and_changes_nothing_yet(
    administrator_client, province, child_category
):
    answer = sentences(administrator_client, province, SAID)

    assert answer.status_code == 200
    assert "Thiếu nhi" in words_of(answer)
    assert [line.after for line in answer.context["said"][0].lines][:2] == ["5", "10"]
    assert not LendingRule.objects.filter(category=child_category).exists()


def test_a_word_that_is_not_understood_is_named(administrator_client, province, child_category):
    answer = sentences(administrator_client, province, f"{SAID}\nbộ đội mượn 3 cuốn", step="save")

    assert answer.status_code == 422
    assert "bộ đội" in answer.context["said"][1].fault
    assert answer.context["trial"] is None
    assert not LendingRule.objects.filter(category=child_category).exists()


def test_sentences_are_saved_and_kept_as_expectations(
    administrator_client, province, child_category
):
    answer = sentences(administrator_client, province, SAID, step="save", expect="on")

    assert answer.status_code == 302
    found = LendingRule.objects.filter(category=child_category).values_list("name", "value")
    assert dict(found) == {"max_loans": "5", "loan_length": "10", "loan_unit": "days"}
    assert Expectation.objects.get().sentence == SAID


def test_what_breaks_an_expectation_is_saved_only_when_that_is_acknowledged(
    administrator_client, province, administrator
):
    keep_expectation(province, "trong 14 ngày", by=administrator)

    refused = sentences(administrator_client, province, "trong 7 ngày", step="save")
    assert refused.status_code == 422
    assert "trong 14 ngày" in refused.context["trial"].broken[0]
    assert LendingRule.objects.get(name="loan_length").value == "14"
    sentences(administrator_client, province, "trong 7 ngày", step="save", acknowledged="on")

    assert LendingRule.objects.get(name="loan_length").value == "7"


def test_a_single_rule_is_tried_too(administrator_client, province, administrator):
    keep_expectation(province, "trong 14 ngày", by=administrator)
    address = f"{reverse('circulation:edit_rule', args=['loan_length'])}?library={province.pk}"

    tried = administrator_client.post(address, {"value": "20", "step": "try"})
    unseen = administrator_client.post(address, {"value": "7", "step": "set"})
    assert (tried.context["trial"].broken, unseen.status_code) != ([], 302)
    assert LendingRule.objects.get(name="loan_length").value == "14"
    administrator_client.post(address, {"value": "7", "step": "set", "acknowledged": "1"})

    assert LendingRule.objects.get(name="loan_length").value == "7"


def test_expectations_are_kept_and_dropped(administrator_client, province):
    address = f"{reverse('circulation:keep_expectation')}?library={province.pk}"

    administrator_client.post(address, {"sentence": "trong 14 ngày"})
    administrator_client.post(address, {"sentence": "vô nghĩa"})
    kept = Expectation.objects.get()
    page = administrator_client.get(f"{reverse('circulation:sentences')}?library={province.pk}")
    assert [(each.row, each.faults) for each in page.context["expected"]] == [(kept, [])]
    administrator_client.post(reverse("circulation:drop_expectation", args=[kept.pk]))

    assert not Expectation.objects.exists()


def test_managers_elsewhere_do_not_touch_our_rules(neighbour_client, province):
    assert sentences(neighbour_client, province, "trong 7 ngày").status_code in (403, 404)


def test_the_page_of_a_loan_says_why_it_is_so(desk_client, loan):
    answer = desk_client.get(reverse("circulation:loan", args=[loan.pk]))

    assert answer.status_code == 200
    assert any("14" in why for why in answer.context["why"])
    assert answer.context["expected"]["lost"].total == 45_000


def test_a_loss_is_reported_priced_and_settled_from_the_pages(
    desk_client, administrator_client, loan, patron, item
):
    deed = reverse("circulation:loan_deed", args=[loan.pk, "lost"])
    Item.objects.update(price=None)

    refused = desk_client.post(deed, {"amount": "", "note": ""})
    assert refused.status_code == 422
    assert Loan.objects.get().returned_at is None
    desk_client.post(deed, {"amount": "90.000", "note": "Rơi xuống suối"})
    report = HarmReport.objects.get()
    assert (report.amount, report.note) == (90_000, "Rơi xuống suối")
    assert report in desk_client.get(reverse("circulation:harms")).context["page"]
    settle = reverse("circulation:settle_harm", args=[report.pk, "replaced"])
    administrator_client.post(settle, {"enter": "1"})

    assert debt_of(patron.pk).amount == 0
    assert Item.objects.filter(record=item.record).count() == 2
    assert not HarmReport.objects.open().exists()


def test_damage_claims_due_dates_and_forgiveness_have_their_buttons(
    desk_client, administrator_client, loan, province, item, desk
):
    def act(client, deed, **told):
        return client.post(reverse("circulation:loan_deed", args=[loan.pk, deed]), told)

    act(desk_client, "claim")
    assert Loan.objects.get().claimed_at is not None
    act(desk_client, "unclaim")
    assert Loan.objects.get().claimed_at is None
    later = local_day(timezone.now()) + timedelta(days=30)
    act(desk_client, "due", due_on=later.strftime("%d/%m/%Y"))
    assert local_day(Loan.objects.get().due_at) == later
    lending_rules(province, overdue_fee=1000)
    Loan.objects.update(due_at=timezone.now() - timedelta(days=3))
    check_in(item, by=desk)
    act(administrator_client, "forgive", reason="Ốm")
    act(desk_client, "damaged", kind="damaged", amount="5000", note="", out_of_use="on")

    assert debt_of(loan.patron_id).amount == 5000
    assert HarmReport.objects.get().kind == "damaged"


def test_staff_elsewhere_do_not_see_our_loans(neighbour_client, loan):
    assert neighbour_client.get(reverse("circulation:loan", args=[loan.pk])).status_code == 404


def test_a_set_is_lent_from_its_page(desk_client, patron, province):
    lending_rules(province, max_loans=2)
    copies = [ItemFactory(library=province) for _ in range(3)]
    codes = "\n".join([copy.barcode.lower() for copy in copies] + ["KHONG-CO"])

    answer = desk_client.post(
        reverse("circulation:sets"), {"card": patron.card, "due_on": "", "barcodes": codes}
    )

    assert len(answer.context["result"].lent) == 2
    assert answer.context["unknown"] == ["KHONG-CO"]
    assert answer.context["waivable"] == "max_loans"
    again = {
        "card": patron.card,
        "due_on": "",
        "barcodes": answer.context["again"],
        "override": answer.context["waivable"],
    }
    desk_client.post(reverse("circulation:sets"), again)
    assert Loan.objects.open().count() == 3


def test_a_closing_is_seen_then_done_in_the_background(
    administrator_client, province, loan, administrator
):
    first, last = (local_day(loan.due_at) + timedelta(days=days) for days in (-1, 2))
    told = {
        "library": province.pk,
        "first": first.strftime("%d/%m/%Y"),
        "last": last.strftime("%d/%m/%Y"),
        "reason": "Lũ",
    }

    seen = administrator_client.post(reverse("circulation:closing"), {**told, "step": "look"})
    assert seen.context["seen"].loans == 1
    assert not Closing.objects.exists()
    done = administrator_client.post(reverse("circulation:closing"), {**told, "step": "close"})

    assert done.status_code == 302
    assert Closing.objects.get().reason == "Lũ"
    assert DBTaskResult.objects.filter(task_path__endswith="move_due_dates").exists()


def test_helpers_are_named_come_and_are_taken_back(desk_client, patron, province, item):
    helper = PatronFactory(library=province, name="Nguyễn Thị Bé")
    address = reverse("circulation:helpers", args=[patron.pk])

    desk_client.post(address, {"card": helper.card, "until": "", "note": "con gái"})
    named = Helper.objects.get()
    desk = desk_client.get(
        reverse("circulation:desk"), {"patron": patron.card, "helper": helper.card}
    )
    assert desk.context["helper"] == helper
    desk_client.post(
        reverse("circulation:scan"),
        {"q": item.barcode, "mode": "lend", "patron": patron.card, "helper": helper.card},
    )
    assert Loan.objects.get().fetched_by == helper
    desk_client.post(reverse("circulation:remove_helper", args=[patron.pk, named.pk]))

    assert not Helper.objects.exists()


def test_the_desk_gives_out_to_read_here_and_counts_uses(desk_client, patron, province, item):
    def scan(**told):
        return desk_client.post(
            reverse("circulation:scan"), {"mode": "on_site", **told}, headers={"HX-Request": "true"}
        )

    scan(q=item.barcode, patron="")
    assert LoanEvent.objects.get().kind == "used"
    scan(q=item.barcode, patron=patron.card)

    assert Loan.objects.get().on_site


def test_the_desk_says_what_lateness_cost(desk_client, loan, item, province, patron):
    lending_rules(province, overdue_fee=1000)
    Loan.objects.update(due_at=timezone.now() - timedelta(days=3))

    answer = desk_client.post(
        reverse("circulation:scan"),
        {"q": item.barcode, "mode": "return"},
        headers={"HX-Request": "true"},
    )

    said = answer.context["outcome"]
    assert any("3.000" in line for line in said.items)
    assert said.loan_url == reverse("circulation:loan", args=[loan.pk])


def test_the_rules_are_told_as_a_sentence_by_chapters(administrator_client, province):
    answer = administrator_client.get(f"{reverse('circulation:rules')}?library={province.pk}")

    assert answer.context["spoken"] == "mượn tối đa 3 cuốn, trong 14 ngày, gia hạn 1 lần"
    assert [chapter.own for chapter in answer.context["chapters"]][:4] == [2, 0, 0, 1]


def test_a_guardian_stands_first_among_helpers(desk_client, patron, province):
    ward = PatronFactory(library=province, guardian=patron)
    add_helper(ward, PatronFactory(library=province), by=_machine())

    answer = desk_client.get(reverse("circulation:helpers", args=[ward.pk]))

    assert patron.name in words_of(answer)


def _machine():
    from tangthu.core.actor import Actor

    return Actor.machine("test")


def test_other_programs_give_copies_out_to_read_here(province, desk_user, machine, patron, item):
    from django.test import Client

    from tangthu.access.actions import issue_token

    _token, plain = issue_token(desk_user, "máy khác", by=machine)

    answer = Client().post(
        "/api/v1/checkouts",
        {"barcode": item.barcode, "card": patron.card, "on_site": True},
        content_type="application/json",
        headers={"Authorization": f"Bearer {plain}"},
    )

    assert answer.status_code == 201
    assert Loan.objects.get().on_site

"""The lending rules on their page: what holds and why, setting a value, taking it back."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tangthu.access.models import User
from tangthu.catalogue.models import ItemType
from tangthu.circulation.actions import set_rule
from tangthu.circulation.models import LendingRule
from tangthu.circulation.permissions import CirculationPermission
from tangthu.core.models import AuditEntry
from tangthu.libraries.models import Library
from tangthu.patrons.models import PatronCategory
from tests.conftest import client_of
from tests.factories import ItemTypeFactory, PatronCategoryFactory, grant

RULES = "/desk/rules/"


@pytest.fixture
def manager(neighbour_user: User, commune: Library, province: Library) -> Client:
    """Who sets the rules of the commune's library, and of none besides."""
    return client_of(grant(neighbour_user, commune, CirculationPermission.MANAGE_RULES))


@pytest.fixture
def child(db: None) -> PatronCategory:
    return PatronCategoryFactory(code="child", name="Thiếu nhi")


@pytest.fixture
def comic(db: None) -> ItemType:
    return ItemTypeFactory(code="comic", name="Truyện tranh")


def lines(client: Client, **asked: object) -> dict[str, tuple[str, str | None]]:
    """Return what the page says holds: the value and who set it, by the name of the rule."""
    page = client.get(RULES, asked)
    return {
        str(line.name): (
            line.value,
            line.holding.rule.library.code if line.holding.rule else None,
        )
        for chapter in page.context["chapters"]
        for line in chapter.lines
    }


def rule_page(name: str, **asked: object) -> str:
    return reverse("circulation:edit_rule", args=[name], query=asked)


def state() -> list[list[object]]:
    return [list(model.objects.order_by("pk").values()) for model in (LendingRule, AuditEntry)]


def test_each_value_is_shown_with_the_library_that_set_it(manager, network, machine):
    set_rule(network, "overdue_blocks", "2", by=machine)

    held = lines(manager)

    assert held["loan_length"] == ("7 ngày", "EAKAO")
    assert held["overdue_blocks"] == ("2", "NET")
    assert held["loan_unit"] == ("ngày", None)
    assert held["minimum_age"] == ("mọi lứa tuổi", None)


def test_what_would_happen_follows_readers_and_copies(manager, commune, child, comic, machine):
    set_rule(commune, "max_loans", "4", category=child, by=machine)
    set_rule(commune, "max_loans", "1", category=child, item_type=comic, by=machine)
    set_rule(commune, "loan_length", "3", item_type=comic, by=machine)

    everyone = lines(manager)
    children = lines(manager, category=child.pk)
    comics = lines(manager, item_type=comic.pk)
    both = lines(manager, category=child.pk, item_type=comic.pk)

    values = [(held["max_loans"][0], held["loan_length"][0]) for held in (everyone, children)]
    assert values == [("2", "7 ngày"), ("4", "7 ngày")]
    values = [(held["max_loans"][0], held["loan_length"][0]) for held in (comics, both)]
    assert values == [("2", "3 ngày"), ("1", "3 ngày")]


def test_the_sentence_says_what_a_loan_would_be(manager, commune):
    page = manager.get(RULES)

    assert page.context["summary"] == "Số bản tối đa: 2 · Thời hạn: 7 ngày · Số lần gia hạn: 1"


def test_without_the_rules_that_lend_the_page_says_that_nothing_is_lent(manager, commune):
    LendingRule.objects.filter(library=commune, name="loan_length").delete()

    page = manager.get(RULES)

    assert page.context["summary"] == ""
    assert "Sẽ không cho mượn được" in page.content.decode()


def test_a_library_without_any_rule_says_how_to_begin(administrator_client, network):
    page = administrator_client.get(RULES, {"library": network.pk}).content.decode()

    assert "Chưa thư viện nào đặt quy tắc" in page


def test_every_value_that_was_set_is_listed_own_and_inherited(manager, network, child, machine):
    set_rule(network, "max_loans", "9", category=child, by=machine)

    page = manager.get(RULES)

    listed = [
        (line.rule.name, line.rule.category, line.value, line.own)
        for line in page.context["set_lines"]
        if line.rule.name == "max_loans"
    ]
    assert listed == [("max_loans", None, "2", True), ("max_loans", child, "9", False)]


def test_a_value_is_set_for_some_readers_and_copies(manager, commune, child, comic):
    asked = {"value": " 21 ", "category": child.pk, "item_type": comic.pk}

    response = manager.post(rule_page("loan_length", library=commune.pk), asked)

    rule = LendingRule.objects.get(category=child)
    assert (rule.library, rule.name, rule.value, rule.item_type) == (
        commune,
        "loan_length",
        "21",
        comic,
    )
    back = f"{RULES}?library={commune.pk}&category={child.pk}&item_type={comic.pk}"
    assert response["Location"] == back
    assert AuditEntry.objects.newest().first().action == "rule.set"


def test_a_day_is_written_as_people_write_it(manager, commune):
    manager.post(rule_page("hard_due_on", library=commune.pk), {"value": "31/05/2027"})

    assert LendingRule.objects.get(name="hard_due_on").value == "2027-05-31"
    assert lines(manager)["hard_due_on"] == ("31/05/2027", "EAKAO")


def test_left_empty_a_limit_is_none(manager, commune):
    manager.post(rule_page("max_loans", library=commune.pk), {"value": ""})

    assert LendingRule.objects.get(library=commune, name="max_loans").value == ""
    assert lines(manager)["max_loans"] == ("không giới hạn", "EAKAO")


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("loan_length", "", "Quy tắc này cần có giá trị."),
        ("loan_length", "0", None),
        ("max_loans", "nhiều", "Hãy nhập một số nguyên."),
        ("loan_unit", "weeks", "Hãy chọn một trong các giá trị."),
        ("hard_due_on", "31/02/2027", None),
    ],
)
def test_a_wrong_value_is_refused_under_its_field(manager, commune, name, value, sentence):
    before = state()

    response = manager.post(rule_page(name, library=commune.pk), {"value": value})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["value"]
    assert sentence is None or response.context["form"].errors["value"] == [sentence]
    assert state() == before


def test_what_is_counted_together_is_not_set_for_one_type(manager, commune, comic):
    page = manager.get(rule_page("max_loans_total", library=commune.pk))

    assert "item_type" not in page.context["form"].fields


def test_a_value_is_taken_back_and_inherited_again(manager, network, commune, machine):
    set_rule(network, "loan_length", "30", by=machine)
    own = LendingRule.objects.get(library=commune, name="loan_length")

    manager.post(reverse("circulation:clear_rule", args=[own.pk]))

    assert lines(manager)["loan_length"] == ("30 ngày", "NET")
    assert AuditEntry.objects.newest().first().action == "rule.clear"


def test_the_rules_of_another_library_are_neither_shown_nor_changed(manager, province):
    theirs = LendingRule.objects.filter(library=province).first()
    before = state()

    answers = [
        manager.get(RULES, {"library": province.pk}),
        manager.get(rule_page("max_loans", library=province.pk)),
        manager.post(rule_page("max_loans", library=province.pk), {"value": "99"}),
        manager.post(reverse("circulation:clear_rule", args=[theirs.pk])),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404, 404]
    assert state() == before


def test_an_inherited_value_is_not_taken_back_from_below(manager, network, machine):
    above = set_rule(network, "overdue_blocks", "2", by=machine)
    before = state()

    response = manager.post(reverse("circulation:clear_rule", args=[above.pk]))

    assert response.status_code == 404
    assert state() == before


@pytest.mark.parametrize("asked", [{"category": "x"}, {"item_type": "99999"}, {"category": "-1"}])
def test_whatever_the_address_asks_for_the_page_answers(manager, asked):
    assert manager.get(RULES, asked).status_code == 200


@pytest.mark.parametrize("library", ["x", "99999", "²", "-1"])
def test_a_library_that_is_not_there_has_no_rules(manager, library):
    assert manager.get(RULES, {"library": library}).status_code == 404


def test_the_desk_does_not_set_rules(desk_client, province):
    before = state()

    answers = [
        desk_client.get(RULES),
        desk_client.post(rule_page("max_loans", library=province.pk), {"value": "99"}),
    ]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert state() == before


def test_the_page_costs_the_same_for_few_rules_and_for_many(
    manager, commune, child, comic, machine, django_assert_max_num_queries
):
    manager.get(RULES)
    with django_assert_max_num_queries(14) as few:
        manager.get(RULES)
    count = len(few.captured_queries)
    for name in ("renewals", "loan_length", "max_loans", "renewal_length"):
        set_rule(commune, name, "5", category=child, by=machine)
        set_rule(commune, name, "5", item_type=comic, by=machine)
    manager.get(RULES)

    with django_assert_max_num_queries(count):
        manager.get(RULES)

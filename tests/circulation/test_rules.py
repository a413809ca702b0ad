import pytest

from tangthu.circulation.actions import clear_rule, set_rule
from tangthu.circulation.errors import RuleRefused
from tangthu.circulation.models import LendingRule
from tangthu.core.errors import NotPermitted
from tangthu.core.models import AuditEntry
from tests.factories import ItemTypeFactory, PatronCategoryFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def child(db):
    return PatronCategoryFactory(code="child")


def test_a_rule_is_set_once_per_scope_and_then_changed(province, child, administrator):
    set_rule(province, "max_loans", "2", category=child, by=administrator)

    changed = set_rule(province, "max_loans", " 4 ", category=child, by=administrator)

    mine = LendingRule.objects.get(library=province, category=child)
    assert changed == mine
    assert mine.value == "4"
    assert AuditEntry.objects.newest().first().changes == {"value": ["2", "4"]}


def test_scopes_do_not_mix(province, child, administrator):
    book = ItemTypeFactory()
    for category in (None, child):
        for item_type in (None, book):
            set_rule(
                province, "renewals", "1", category=category, item_type=item_type, by=administrator
            )

    assert LendingRule.objects.filter(library=province, name="renewals").count() == 4


@pytest.mark.parametrize(
    ("name", "value", "field", "fault"),
    [
        ("fines", "1", "name", "unknown_name"),
        ("loan_length", "", "value", "blank"),
        ("max_loans", "many", "value", "not_a_number"),
        ("max_loans_total", "5", "item_type", "not_per_item_type"),
    ],
)
def test_a_wrong_rule_is_refused_with_the_field_and_the_reason(
    province, administrator, name, value, field, fault
):
    before = list(LendingRule.objects.values())

    with pytest.raises(RuleRefused) as refused:
        set_rule(province, name, value, item_type=ItemTypeFactory(), by=administrator)

    assert (refused.value.field, refused.value.data["fault"]) == (field, fault)
    assert list(LendingRule.objects.values()) == before


def test_a_cleared_rule_inherits_again(province, administrator):
    rule = set_rule(province, "overdue_blocks", "1", by=administrator)

    clear_rule(rule, by=administrator)

    assert not LendingRule.objects.filter(name="overdue_blocks").exists()
    assert AuditEntry.objects.newest().first().action == "rule.clear"


def test_the_desk_does_not_make_the_rules(province, desk):
    before = list(LendingRule.objects.values())

    with pytest.raises(NotPermitted):
        set_rule(province, "max_loans", "99", by=desk)
    with pytest.raises(NotPermitted):
        clear_rule(LendingRule.objects.filter(library=province).first(), by=desk)

    assert list(LendingRule.objects.values()) == before

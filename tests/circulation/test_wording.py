from datetime import date, datetime

import pytest
from django.utils import translation

from tangthu.circulation import wording
from tangthu.circulation.models import LoanEventKind
from tangthu.circulation.policy import (
    LIBRARY_ZONE,
    Block,
    Blocked,
    CheckinNotice,
    RuleFault,
    RuleName,
    RuleRow,
)
from tests.factories import PatronCategoryFactory

DATA = {
    Block.NO_RULE: {"name": RuleName.LOAN_LENGTH},
    Block.DUE_IN_THE_PAST: {"due_at": datetime(2026, 11, 23, 23, 59, tzinfo=LIBRARY_ZONE)},
    Block.CARD_EXPIRED: {"expires_on": date(2026, 11, 22)},
    Block.PATRON_RESTRICTED: {"kind": "conduct", "until": date(2026, 12, 31)},
    Block.TOO_MANY_OVERDUE: {"count": 2, "limit": 1},
    Block.MAX_LOANS: {"count": 5, "limit": 5},
    Block.MAX_LOANS_TOTAL: {"count": 8, "limit": 8},
    Block.TOO_YOUNG: {"age": 9, "minimum_age": 16},
    Block.AGE_UNKNOWN: {"minimum_age": 16},
    Block.TOO_OLD: {"age": 40, "maximum_age": 16},
    Block.MAX_ON_SITE: {"count": 2, "limit": 2},
    Block.LOOSE_PARTS: {"materials": "1 CD"},
    Block.HAD_BEFORE: {"had_on": date(2026, 5, 1)},
    Block.DEBT: {"owed": 52000, "most_owed": 50000},
    Block.DEBT_OF_WARDS: {"owed": 52000, "most_owed": 50000},
    Block.DEBT_OF_GUARDIAN: {"owed": 52000, "most_owed": 50000},
    Block.NO_UNSEEN_RENEWALS_LEFT: {"count": 2, "limit": 2},
    Block.KEPT_TOO_LONG: {"count": 61, "limit": 60},
    Block.NO_RENEWALS_LEFT: {"count": 2, "limit": 2},
    Block.RENEWAL_TOO_SOON: {"from": date(2026, 12, 1)},
    Block.HELD_FOR_ANOTHER: {"pickup": "Thư viện tỉnh"},
    Block.HOLDS_PER_RECORD: {"count": 1, "limit": 1},
    Block.HOLDS_PER_DAY: {"count": 3, "limit": 3},
    Block.MAX_HOLDS: {"count": 5, "limit": 5},
    Block.HOLD_STARTS_IN_THE_PAST: {"starts_on": date(2026, 11, 22)},
    Block.HOLD_ENDS_TOO_SOON: {"expires_on": date(2026, 11, 22)},
    Block.RECALLS_PER_RECORD: {"count": 1, "limit": 1},
    Block.RENEWAL_GAINS_NOTHING: {"due_at": datetime(2026, 12, 7, 23, 59, tzinfo=LIBRARY_ZONE)},
}


def sentence(code, **data):
    return wording.block_sentence(Blocked(code=code, data=data or DATA.get(code, {})))


@pytest.mark.parametrize("code", Block)
@pytest.mark.parametrize("language", ["en", "vi"])
def test_every_block_has_its_whole_sentence(code, language):
    with translation.override(language):
        words = sentence(code)

    assert words.endswith(".")
    assert "%" not in words


def test_sentences_are_plain_vietnamese_with_vietnamese_dates():
    with translation.override("vi"):
        assert sentence(Block.CARD_EXPIRED) == "Thẻ đã hết hạn ngày 22/11/2026."
        assert sentence(Block.NO_RULE) == (
            "Chưa thư viện nào đặt quy tắc “Thời hạn mượn”, nên chưa thể cho mượn."
        )


def test_a_stop_without_an_end_says_so():
    with translation.override("en"):
        words = sentence(Block.PATRON_RESTRICTED, kind="conduct", until=None)

    assert words == "The card is stopped until the stop is lifted: Broke the library's rules."


def test_a_reason_names_the_rule_by_the_names_that_people_know(province):
    PatronCategoryFactory(code="child", name="Thiếu nhi")
    rule = RuleRow(name=RuleName.MAX_LOANS, distance=0, library="DLK", category="child", value="5")
    block = Blocked(code=Block.MAX_LOANS, rule=rule, data={"count": 5, "limit": 5})

    with translation.override("vi"):
        reasons = wording.reasons([block, Blocked(code=Block.CARD_LOST)])

    assert reasons == [
        "Đang mượn 5 bản loại này; tối đa là 5. Vì quy tắc “Số bản được mượn cùng lúc: 5” "
        "của Thư viện tỉnh, cho Thiếu nhi, mọi loại tài liệu.",
        "Thẻ đã được báo mất.",
    ]


def test_every_notice_and_every_fault_has_its_sentence():
    assert set(wording.NOTICES) == set(CheckinNotice)
    assert set(wording.RULE_FAULTS) == set(RuleFault)
    assert all(wording.notes([notice]) for notice in CheckinNotice)


@pytest.mark.parametrize("kind", LoanEventKind)
@pytest.mark.parametrize("language", ["en", "vi"])
def test_the_audit_log_tells_every_deed_at_the_desk_in_words(kind, language):
    with translation.override(language):
        words = str(wording.AUDIT[f"audit.loan.{kind}"])

    assert words and "." not in words

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tangthu.circulation.policy import DEFINITIONS, RuleName
from tangthu.circulation.policy.sentences import (
    Fault,
    Misunderstood,
    Statement,
    Vocabulary,
    say,
    understand,
)
from tangthu.circulation.policy.sentences.speaking import SAYINGS

WORDS = Vocabulary(
    {
        "adult": "Người lớn",
        "child": "Thiếu nhi",
        "student": "Học sinh, sinh viên",
        "staff": "Cán bộ thư viện",
    },
    {
        "book": "Sách",
        "reference": "Sách tham khảo",
        "serial": "Báo, tạp chí",
        "sound": "Băng, đĩa tiếng",
        "video": "Băng, đĩa hình",
    },
)
FOR_DAYS = {"loan_unit": "days"}


@pytest.mark.parametrize(
    ("sentence", "category", "item_type", "values"),
    [
        (
            "thiếu nhi mượn 3 cuốn trong 14 ngày",
            "child",
            None,
            {"max_loans": "3", "loan_length": "14", **FOR_DAYS},
        ),
        (
            "học sinh mượn tối đa 5 sách 21 ngày, gia hạn 2 lần",
            "student",
            "book",
            {"max_loans": "5", "loan_length": "21", "renewals": "2", **FOR_DAYS},
        ),
        ("sách tham khảo không cho mượn về", None, "reference", {"lent_home": "no"}),
        (
            "người lớn phạt 1.000 đồng mỗi ngày, tối đa 50.000 đồng",
            "adult",
            None,
            {"overdue_fee": "1000", "overdue_fee_period": "1", "overdue_fee_cap": "50000"},
        ),
        (
            "thiếu nhi mượn sách → 14 ngày, tối đa 3",
            "child",
            "book",
            {"loan_length": "14", "max_loans": "3", **FOR_DAYS},
        ),
        (
            "THIEU NHI muon 2 tuan",
            "child",
            None,
            {"loan_length": "14", **FOR_DAYS},
        ),
        (
            "Báo, tạp chí: 5 ngày, không gia hạn",
            None,
            "serial",
            {"loan_length": "5", "renewals": "0", **FOR_DAYS},
        ),
        ("đĩa hình mượn trong 3 giờ", None, "video", {"loan_length": "3", "loan_unit": "hours"}),
        (
            "mất đền gấp 4 lần giá, phí xử lý 5k",
            None,
            None,
            {"lost_percent": "400", "processing_fee": "5000"},
        ),
        ("nợ quá 50 nghìn thì không cho mượn", None, None, {"max_debt": "50000"}),
        ("trẻ em không được mượn quá 2 cuốn", "child", None, {"max_loans": "2"}),
        (
            "ngừng mượn 2 ngày cho mỗi ngày trễ, tối đa 30 ngày",
            None,
            None,
            {"suspension_days": "2", "suspension_period": "1", "suspension_cap": "30"},
        ),
        (
            "mượn không giới hạn số cuốn, tất cả tối đa 6 cuốn",
            None,
            None,
            {"max_loans": "", "max_loans_total": "6"},
        ),
        ("dưới 16 tuổi", None, None, {"maximum_age": "15"}),
        (
            "học sinh trả chậm nhất ngày 31/05/2027",
            "student",
            None,
            {"hard_due_on": "2027-05-31", "hard_due_mode": "before"},
        ),
    ],
)
def test_a_sentence_is_understood(sentence, category, item_type, values):
    assert understand(sentence, WORDS) == Statement(
        category=category,
        item_type=item_type,
        values={RuleName(name): value for name, value in values.items()},
    )


@pytest.mark.parametrize(
    ("sentence", "fault", "words"),
    [
        ("", Fault.EMPTY, ""),
        ("thiếu nhi", Fault.SAYS_NOTHING, ""),
        ("người lớn mượn 3 con mèo", Fault.UNKNOWN_WORDS, "3 con mèo"),
        ("bộ đội mượn 3 cuốn", Fault.UNKNOWN_WORDS, "bộ đội"),
        ("băng 3 ngày", Fault.UNKNOWN_WORDS, "băng"),
        ("thiếu nhi và người lớn mượn 3 cuốn", Fault.CONTRADICTS_ITSELF, "Người lớn"),
        ("mượn 3 cuốn, tối đa 5 cuốn", Fault.CONTRADICTS_ITSELF, "tối đa 5 cuốn"),
        ("trong 0 ngày", Fault.OUT_OF_BOUNDS, "0"),
        ("trong 99999 ngày", Fault.OUT_OF_BOUNDS, "99999"),
        ("trả đúng ngày 31/02/2027", Fault.NO_SUCH_DAY, "31/02/2027"),
        ("mượn " * 100, Fault.TOO_LONG, ""),
    ],
)
def test_what_is_not_understood_is_named(sentence, fault, words):
    with pytest.raises(Misunderstood) as refusal:
        understand(sentence, WORDS)

    assert (refusal.value.fault, refusal.value.words) == (fault, words)


def test_a_rule_for_all_types_together_is_refused_for_one():
    with pytest.raises(Misunderstood) as refusal:
        understand("sách tất cả tối đa 3 cuốn", WORDS)

    assert refusal.value.fault is Fault.NOT_PER_ITEM_TYPE


NUMBERS = {name: DEFINITIONS[name] for name in SAYINGS}
BLANKS = (RuleName.MAX_LOANS, RuleName.MAX_LOANS_TOTAL, RuleName.RENEWALS)


def texts(name):
    definition = DEFINITIONS[name]
    if definition.choices:
        return st.sampled_from([str(value) for value, _label in definition.choices])
    if name is RuleName.HARD_DUE_ON:
        return st.dates(date(2026, 1, 1), date(2099, 12, 31)).map(date.isoformat)
    numbers = st.integers(definition.minimum, min(definition.maximum, 9999)).map(str)
    return numbers | st.just("") if name in BLANKS else numbers


@st.composite
def statements(draw):
    names = draw(st.lists(st.sampled_from(list(SAYINGS)), min_size=1, max_size=6, unique=True))
    values = {name: draw(texts(name)) for name in names}
    beside = {
        RuleName.LOAN_LENGTH: RuleName.LOAN_UNIT,
        RuleName.HARD_DUE_ON: RuleName.HARD_DUE_MODE,
        RuleName.HIGH_DEMAND_FROM: RuleName.HIGH_DEMAND_LENGTH,
        RuleName.OVERDUE_FEE: RuleName.OVERDUE_FEE_PERIOD,
        RuleName.SUSPENSION_DAYS: RuleName.SUSPENSION_PERIOD,
    }
    for name in names:
        if name in beside:
            values[beside[name]] = draw(texts(beside[name]))
    per_type = all(DEFINITIONS[name].per_item_type for name in values)
    return Statement(
        category=draw(st.none() | st.sampled_from(list(WORDS.categories))),
        item_type=draw(st.none() | st.sampled_from(list(WORDS.item_types))) if per_type else None,
        values=values,
    )


@given(statements())
def test_what_is_said_is_understood_as_what_it_was_said_of(statement):
    assert understand(say(statement, WORDS), WORDS) == statement


@given(st.text(max_size=80))
def test_any_text_is_understood_or_refused_with_a_reason(text):
    try:
        found = understand(text, WORDS)
    except Misunderstood as refusal:
        assert refusal.fault in Fault
    else:
        assert found.values

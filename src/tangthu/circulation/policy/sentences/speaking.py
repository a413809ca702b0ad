"""Writes lending rules as a sentence that `understand` reads as the same rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from tangthu.circulation.policy.names import RuleName
from tangthu.circulation.policy.sentences.phrases import Values
from tangthu.circulation.policy.sentences.understanding import Statement
from tangthu.circulation.policy.sentences.vocabulary import Vocabulary


def _dong(text: str) -> str:
    return f"{int(text):,}".replace(",", ".") + " đồng"


def _day(text: str) -> str:
    return f"{date.fromisoformat(text):%d/%m/%Y}"


def _multiple(percent: str) -> str:
    times, rest = divmod(int(percent), 100)
    return f"{percent}% giá" if rest or not times else f"gấp {times} lần giá"


def _max_loans(values: Values) -> str:
    most = values[RuleName.MAX_LOANS]
    return f"mượn tối đa {most} cuốn" if most else "mượn không giới hạn số cuốn"


def _max_total(values: Values) -> str:
    most = values[RuleName.MAX_LOANS_TOTAL]
    return f"tất cả tối đa {most} cuốn" if most else "không giới hạn số cuốn tất cả"


def _length(values: Values) -> str:
    unit = "giờ" if values.get(RuleName.LOAN_UNIT) == "hours" else "ngày"
    return f"trong {values[RuleName.LOAN_LENGTH]} {unit}"


def _hard_due(values: Values) -> str:
    how = {"before": "chậm nhất", "exactly": "đúng", "after": "sớm nhất"}
    return f"trả {how[values[RuleName.HARD_DUE_MODE]]} ngày {_day(values[RuleName.HARD_DUE_ON])}"


def _demand(values: Values) -> str:
    waiting, length = values[RuleName.HIGH_DEMAND_FROM], values[RuleName.HIGH_DEMAND_LENGTH]
    return f"có {waiting} người chờ thì mượn {length} ngày"


def _renewals(values: Values) -> str:
    times = values[RuleName.RENEWALS]
    if times == "0":
        return "không gia hạn"
    return f"gia hạn {times} lần" if times else "gia hạn không giới hạn số lần"


def _fee(values: Values) -> str:
    fee = values[RuleName.OVERDUE_FEE]
    if not fee:
        return "không phạt"
    period = values.get(RuleName.OVERDUE_FEE_PERIOD, "1")
    return f"phạt {_dong(fee)} mỗi {'' if period == '1' else period + ' '}ngày"


def _suspension(values: Values) -> str:
    days = values[RuleName.SUSPENSION_DAYS]
    if not days:
        return "không ngừng mượn"
    period = values.get(RuleName.SUSPENSION_PERIOD, "1")
    return f"ngừng mượn {days} ngày cho mỗi {'' if period == '1' else period + ' '}ngày trễ"


def _choice(name: RuleName, words: Mapping[str, str]) -> Callable[[Values], str]:
    return lambda values: words[values[name]]


def _plain(
    name: RuleName, words: str, write: Callable[[str], str] = str
) -> Callable[[Values], str]:
    return lambda values: words.format(write(values[name]))


SAYINGS: Mapping[RuleName, Callable[[Values], str]] = {
    RuleName.LENT_HOME: _choice(
        RuleName.LENT_HOME, {"yes": "cho mượn về", "no": "không cho mượn về"}
    ),
    RuleName.MAX_LOANS: _max_loans,
    RuleName.MAX_LOANS_TOTAL: _max_total,
    RuleName.LOAN_LENGTH: _length,
    RuleName.HARD_DUE_ON: _hard_due,
    RuleName.HIGH_DEMAND_FROM: _demand,
    RuleName.MINIMUM_AGE: _plain(RuleName.MINIMUM_AGE, "từ {} tuổi"),
    RuleName.MAXIMUM_AGE: _plain(RuleName.MAXIMUM_AGE, "đến {} tuổi"),
    RuleName.ON_SITE: _choice(
        RuleName.ON_SITE, {"yes": "cho đọc tại chỗ", "no": "không cho đọc tại chỗ"}
    ),
    RuleName.MAX_ON_SITE: _plain(RuleName.MAX_ON_SITE, "đọc tại chỗ tối đa {} cuốn"),
    RuleName.ON_SITE_HOURS: _plain(RuleName.ON_SITE_HOURS, "đọc tại chỗ trong {} giờ"),
    RuleName.RENEWALS: _renewals,
    RuleName.RENEWAL_LENGTH: _plain(RuleName.RENEWAL_LENGTH, "mỗi lần gia hạn {} ngày"),
    RuleName.OVERDUE_BLOCKS: _plain(RuleName.OVERDUE_BLOCKS, "quá hạn {} cuốn thì không cho mượn"),
    RuleName.MAX_DEBT: _plain(RuleName.MAX_DEBT, "nợ quá {} thì không cho mượn", _dong),
    RuleName.OVERDUE_FEE: _fee,
    RuleName.OVERDUE_FEE_CAP: _plain(RuleName.OVERDUE_FEE_CAP, "phạt tối đa {}", _dong),
    RuleName.OVERDUE_GRACE: _plain(RuleName.OVERDUE_GRACE, "ân hạn {} ngày"),
    RuleName.OVERDUE_DAYS: _choice(
        RuleName.OVERDUE_DAYS, {"open": "chỉ tính ngày mở cửa", "all": "tính mọi ngày"}
    ),
    RuleName.SUSPENSION_DAYS: _suspension,
    RuleName.SUSPENSION_CAP: _plain(RuleName.SUSPENSION_CAP, "ngừng mượn tối đa {} ngày"),
    RuleName.LOST_PERCENT: _plain(RuleName.LOST_PERCENT, "mất đền {}", _multiple),
    RuleName.DAMAGE_PERCENT: _plain(RuleName.DAMAGE_PERCENT, "hỏng đền {}", _multiple),
    RuleName.PARTS_PERCENT: _plain(RuleName.PARTS_PERCENT, "thiếu phần đền {}", _multiple),
    RuleName.PROCESSING_FEE: _plain(RuleName.PROCESSING_FEE, "phí xử lý {}", _dong),
}
"""How each rule is said. Those that belong to another are said with it."""

_SAID_BLANK = frozenset(
    {
        RuleName.MAX_LOANS,
        RuleName.MAX_LOANS_TOTAL,
        RuleName.RENEWALS,
        RuleName.OVERDUE_FEE,
        RuleName.SUSPENSION_DAYS,
    }
)
_NEEDS = {
    RuleName.HARD_DUE_ON: RuleName.HARD_DUE_MODE,
    RuleName.HIGH_DEMAND_FROM: RuleName.HIGH_DEMAND_LENGTH,
}


def can_say(name: RuleName, values: Values) -> bool:
    """Tell whether a sentence can say this value; for the rest there is the table of rules."""
    if name not in SAYINGS or (values[name] == "" and name not in _SAID_BLANK):
        return False
    return name not in _NEEDS or bool(values.get(_NEEDS[name]))


def say(statement: Statement, vocabulary: Vocabulary) -> str:
    """Write the rules as one sentence; empty when none of them can be said."""
    said = [
        SAYINGS[name](statement.values)
        for name in RuleName
        if name in statement.values and can_say(name, statement.values)
    ]
    if not said:
        return ""
    scope = (("category", statement.category), ("item_type", statement.item_type))
    subject = [vocabulary.spoken(kind, code) for kind, code in scope if code is not None]
    return " ".join([*subject, ", ".join(said)])

"""The kinds of notices: the values each may name, how long it is worth sending, its topic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Channel(StrEnum):
    """A way to reach a reader."""

    EMAIL = "email"
    SMS = "sms"
    ZALO = "zalo"
    PUSH = "push"
    LETTER = "letter"


class Topic(StrEnum):
    """What a reader chooses or refuses as one thing."""

    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    HOLDS = "holds"
    DUE_DATES = "due_dates"
    CARD = "card"
    LOAN_SLIPS = "loan_slips"
    RETURN_SLIPS = "return_slips"
    RECEIPTS = "receipts"
    DELIVERY = "delivery"
    SEARCHES = "searches"
    SERVICE = "service"


class Basis(StrEnum):
    """Why a reader may be told.

    CHOSEN needs consent. ASKED answers a request that the reader has just made, so an e-mail goes
    unless it was refused. NEEDED is part of a deed under way (a code to log in, the answer to an
    application) and cannot be refused. (Law 91/2025/QH15: consent, or carrying out what the
    person asked for.)
    """

    CHOSEN = "chosen"
    ASKED = "asked"
    NEEDED = "needed"


BASIS: Mapping[Topic, Basis] = {
    Topic.DUE_SOON: Basis.CHOSEN,
    Topic.OVERDUE: Basis.CHOSEN,
    Topic.HOLDS: Basis.ASKED,
    Topic.DUE_DATES: Basis.CHOSEN,
    Topic.CARD: Basis.CHOSEN,
    Topic.LOAN_SLIPS: Basis.CHOSEN,
    Topic.RETURN_SLIPS: Basis.CHOSEN,
    Topic.RECEIPTS: Basis.CHOSEN,
    Topic.DELIVERY: Basis.ASKED,
    Topic.SEARCHES: Basis.CHOSEN,
    Topic.SERVICE: Basis.NEEDED,
}


class NoticeKind(StrEnum):
    """What a notice is about. The codes are stored: never rename one."""

    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    OVERDUE_AGAIN = "overdue_again"
    OVERDUE_LAST = "overdue_last"
    HOLD_READY = "hold_ready"
    HOLD_CANCELLED = "hold_cancelled"
    DIGITAL_READY = "digital_ready"
    RECALL = "recall"
    DUE_DATES_MOVED = "due_dates_moved"
    CARD_ENDING = "card_ending"
    CARD_READY = "card_ready"
    APPLICATION_RECEIVED = "application_received"
    APPLICATION_APPROVED = "application_approved"
    APPLICATION_RETURNED = "application_returned"
    LOAN_SLIP = "loan_slip"
    RETURN_SLIP = "return_slip"
    PAYMENT_RECEIPT = "payment_receipt"
    DELIVERY_UPDATE = "delivery_update"
    SAVED_SEARCH = "saved_search"
    LOGIN_CODE = "login_code"
    CONTACT_CHANGED = "contact_changed"
    REQUEST_RECEIVED = "request_received"
    REQUEST_ANSWERED = "request_answered"
    DIGEST = "digest"
    TEST = "test"


A_VISIT = timedelta(minutes=10)
"""How long a reader stands at the desk: what is borrowed meanwhile makes one slip."""


class ValueKind(StrEnum):
    """How a value is written for people."""

    TEXT = "text"
    WHEN = "when"
    NUMBER = "number"
    MONEY = "money"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class ValueDefinition:
    """A value that a text may name: what it is, and what an example looks like."""

    name: str
    kind: ValueKind
    sample: str
    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class KindDefinition:
    """A kind of notice.

    `life` is how long it is worth sending. `gathers` puts all that wait for a reader by one
    channel into one message, whose text names {items} and {count}. `secret` values are sealed,
    and forgotten once sent. `urgent` goes at any hour and before everything else. `waits` is how
    long what is gathered waits for more of it, so that a visit to the desk makes one message.
    """

    kind: NoticeKind
    topic: Topic
    values: tuple[ValueDefinition, ...]
    life: timedelta = timedelta(days=7)
    gathers: bool = False
    urgent: bool = False
    secret: bool = False
    waits: timedelta = timedelta(0)

    @property
    def basis(self) -> Basis:
        """Why a reader may be told of it."""
        return BASIS[self.topic]

    @property
    def needed(self) -> frozenset[str]:
        """The values without which it cannot be announced."""
        return frozenset(each.name for each in self.values if not each.optional)

    @property
    def known(self) -> frozenset[str]:
        """All values that may be announced."""
        return frozenset(each.name for each in self.values)


def _text(name: str, sample: str, *, optional: bool = False) -> ValueDefinition:
    return ValueDefinition(name, ValueKind.TEXT, sample, optional)


def _when(name: str, sample: str, *, optional: bool = False) -> ValueDefinition:
    return ValueDefinition(name, ValueKind.WHEN, sample, optional)


def _number(name: str, sample: str) -> ValueDefinition:
    return ValueDefinition(name, ValueKind.NUMBER, sample)


_TITLE = _text("title", "Truyện Kiều")
_BARCODE = _text("barcode", "DLK00012345", optional=True)
_DUE = _when("due", "2026-12-05")
_LINK = ValueDefinition("link", ValueKind.LINK, "/account/", optional=True)

COMMON: tuple[ValueDefinition, ...] = (
    _text("name", "Nguyễn Thị Lan"),
    _text("card", "DLK000123", optional=True),
    _text("library", "Thư viện tỉnh Đắk Lắk"),
    _text("library_phone", "0262 385 2420", optional=True),
    _text("library_address", "20 Trường Chinh, Buôn Ma Thuột", optional=True),
    ValueDefinition("account", ValueKind.LINK, "/account/", optional=True),
)
"""What every text may name; nobody who announces has to give them."""

GATHERED: tuple[ValueDefinition, ...] = (
    _text(
        "items", "• Truyện Kiều – hạn trả 05/12/2026\n• Dế mèn phiêu lưu ký – hạn trả 05/12/2026"
    ),
    _number("count", "2"),
)


def _kind(
    kind: NoticeKind,
    topic: Topic,
    *values: ValueDefinition,
    life: timedelta = timedelta(days=7),
    gathers: bool = False,
    urgent: bool = False,
    waits: timedelta = timedelta(0),
) -> KindDefinition:
    return KindDefinition(
        kind=kind,
        topic=topic,
        values=values,
        life=life,
        gathers=gathers,
        urgent=urgent,
        waits=waits,
    )


_DAYS = _number("days", "7")
_LATE = (_TITLE, _BARCODE, _DUE, _DAYS)
_REASON = _text("reason", "Sách bị hỏng, không còn cho mượn", optional=True)

KINDS: Mapping[NoticeKind, KindDefinition] = {
    each.kind: each
    for each in (
        _kind(
            NoticeKind.DUE_SOON,
            Topic.DUE_SOON,
            _TITLE,
            _BARCODE,
            _DUE,
            life=timedelta(days=3),
            gathers=True,
        ),
        _kind(NoticeKind.OVERDUE, Topic.OVERDUE, *_LATE, gathers=True),
        _kind(NoticeKind.OVERDUE_AGAIN, Topic.OVERDUE, *_LATE, gathers=True),
        _kind(
            NoticeKind.OVERDUE_LAST, Topic.OVERDUE, *_LATE, gathers=True, life=timedelta(days=30)
        ),
        _kind(
            NoticeKind.HOLD_READY,
            Topic.HOLDS,
            _TITLE,
            _text("pickup", "Thư viện tỉnh Đắk Lắk"),
            _when("until", "2026-12-05", optional=True),
        ),
        _kind(NoticeKind.HOLD_CANCELLED, Topic.HOLDS, _TITLE, _REASON),
        _kind(
            NoticeKind.DIGITAL_READY,
            Topic.HOLDS,
            _TITLE,
            _when("until", "2026-12-05"),
            _LINK,
        ),
        _kind(NoticeKind.RECALL, Topic.DUE_DATES, _TITLE, _BARCODE, _DUE),
        _kind(NoticeKind.DUE_DATES_MOVED, Topic.DUE_DATES, _TITLE, _BARCODE, _DUE, gathers=True),
        _kind(
            NoticeKind.CARD_ENDING,
            Topic.CARD,
            _when("expires", "2026-12-31"),
            life=timedelta(days=20),
        ),
        _kind(NoticeKind.CARD_READY, Topic.SERVICE, _text("pickup", "Thư viện tỉnh Đắk Lắk")),
        _kind(
            NoticeKind.APPLICATION_RECEIVED, Topic.SERVICE, _text("number", "HS-2026-0042"), _LINK
        ),
        _kind(
            NoticeKind.APPLICATION_APPROVED,
            Topic.SERVICE,
            _text("number", "HS-2026-0042", optional=True),
            _when("expires", "2027-11-22", optional=True),
            _LINK,
        ),
        _kind(
            NoticeKind.APPLICATION_RETURNED,
            Topic.SERVICE,
            _text("number", "HS-2026-0042", optional=True),
            _text("reason", "Ảnh thẻ bị mờ, bạn chụp lại giúp thư viện nhé."),
            _LINK,
        ),
        _kind(
            NoticeKind.LOAN_SLIP,
            Topic.LOAN_SLIPS,
            _TITLE,
            _BARCODE,
            _DUE,
            gathers=True,
            life=timedelta(days=3),
            waits=A_VISIT,
        ),
        _kind(
            NoticeKind.RETURN_SLIP,
            Topic.RETURN_SLIPS,
            _TITLE,
            _BARCODE,
            gathers=True,
            life=timedelta(days=3),
            waits=A_VISIT,
        ),
        _kind(
            NoticeKind.PAYMENT_RECEIPT,
            Topic.RECEIPTS,
            _text("number", "PT 000123/2026"),
            ValueDefinition("amount", ValueKind.MONEY, "25000"),
            _text("words", "Hai mươi lăm nghìn đồng"),
            _text("what", "Phí quá hạn", optional=True),
        ),
        _kind(
            NoticeKind.DELIVERY_UPDATE,
            Topic.DELIVERY,
            _text("number", "GS-2026-0007"),
            _text("state", "đang trên đường đến bạn"),
            _text("detail", "Mã vận đơn: EV123456789VN", optional=True),
            _LINK,
        ),
        _kind(
            NoticeKind.SAVED_SEARCH,
            Topic.SEARCHES,
            _text("search", "lịch sử Tây Nguyên"),
            _number("found", "3"),
            _text("titles", "• Sử thi Đam San", optional=True),
            _LINK,
        ),
        KindDefinition(
            kind=NoticeKind.LOGIN_CODE,
            topic=Topic.SERVICE,
            values=(_text("code", "482913"), _number("minutes", "10")),
            life=timedelta(minutes=10),
            urgent=True,
            secret=True,
        ),
        _kind(
            NoticeKind.CONTACT_CHANGED,
            Topic.SERVICE,
            _text("what", "số điện thoại"),
            life=timedelta(days=14),
            urgent=True,
        ),
        _kind(
            NoticeKind.REQUEST_RECEIVED,
            Topic.SERVICE,
            _text("what", "xóa dữ liệu cá nhân"),
            _when("until", "2026-11-26", optional=True),
        ),
        _kind(
            NoticeKind.REQUEST_ANSWERED,
            Topic.SERVICE,
            _text("what", "đổi số điện thoại"),
            _text("answer", "Thư viện đã cập nhật thông tin của bạn."),
            _LINK,
        ),
        _kind(NoticeKind.DIGEST, Topic.SERVICE, *GATHERED, life=timedelta(days=30)),
        _kind(
            NoticeKind.TEST,
            Topic.SERVICE,
            _text("about", "", optional=True),
            urgent=True,
            life=timedelta(hours=1),
        ),
    )
}

INTERNAL = frozenset({NoticeKind.DIGEST, NoticeKind.TEST})
"""Kinds that nobody announces: the frame of a digest, and what tries a channel out."""


def values_of(kind: NoticeKind) -> tuple[ValueDefinition, ...]:
    """Return what a text of this kind may name."""
    definition = KINDS[kind]
    gathered = GATHERED if definition.gathers else ()
    return (*definition.values, *gathered, *COMMON)


def kinds_of(topic: Topic) -> tuple[NoticeKind, ...]:
    """Return the kinds that a topic gathers."""
    return tuple(kind for kind, each in KINDS.items() if each.topic is topic)


CHOOSABLE: tuple[Topic, ...] = tuple(
    topic for topic, basis in BASIS.items() if basis is not Basis.NEEDED
)
"""The topics about which a reader is asked."""

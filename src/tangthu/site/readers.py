"""What the apps above the readers hold on them, and who carries the readers' news.

The readers' app cannot see loans, money or letters; here, where everything is in view, it is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from tangthu.circulation.actions import forget_lending_of
from tangthu.circulation.models import HarmReport, Loan
from tangthu.core.actor import Actor, Face
from tangthu.core.errors import Conflict
from tangthu.delivery.actions import forget_deliveries_of
from tangthu.delivery.models import Delivery
from tangthu.digitisation.actions.volunteers import forget_volunteer
from tangthu.digitisation.models import WordAnswer
from tangthu.fees.actions.cardfees import charge_card_fee
from tangthu.fees.reading import account_lines, debt_of, deposit_of
from tangthu.notices.actions import Address, announce, announce_to
from tangthu.notices.actions.erasing import forget_reader
from tangthu.notices.kinds import NoticeKind
from tangthu.notices.models import Notice
from tangthu.patrons import holders, messages
from tangthu.patrons.holders import Holder, Section
from tangthu.patrons.messages import Message, MessageKind
from tangthu.patrons.models import Patron, RequestKind
from tangthu.reading import places
from tangthu.reading.actions import forget_requests_of, forget_views_of
from tangthu.reading.actions.places import forget_places_of
from tangthu.reading.models import AccessRequest, RestrictedView

_MOST = 2000


class LoansOpen(Conflict):
    """The reader has copies of the library at home."""

    code = "erasure_loans_open"


class HarmsOpen(Conflict):
    """The reader lost or damaged copies, and that is not settled."""

    code = "erasure_harms_open"


class DeliveriesOpen(Conflict):
    """Books are on their way to the reader, or back."""

    code = "erasure_deliveries_open"


class MoneyOpen(Conflict):
    """The reader owes something, or the library owes a deposit or a credit to the reader."""

    code = "erasure_money_open"


WORDING = {
    "erasure_loans_open": _("The reader still has %(count)s books of the library."),
    "erasure_harms_open": _("%(count)s books that the reader lost or damaged are not settled."),
    "erasure_deliveries_open": _("%(count)s home deliveries of the reader are under way."),
    "erasure_money_open": _(
        "The account is not settled: the reader owes %(owed)s đồng, and the library holds a "
        "deposit of %(deposit)s đồng."
    ),
}


def start() -> None:
    """Introduce the apps to each other. Called once, when everything is loaded."""
    holders.register(
        Holder(
            name="circulation.loans",
            tells=_loans,
            objects=_no_open_loans,
            forgets=forget_lending_of,
        )
    )
    holders.register(Holder(name="circulation.harms", objects=_no_open_harms))
    holders.register(
        Holder(
            name="delivery",
            tells=_deliveries,
            objects=_no_open_deliveries,
            forgets=forget_deliveries_of,
        )
    )
    holders.register(Holder(name="fees", tells=_money, objects=_no_open_money))
    holders.register(Holder(name="notices", tells=_notices, forgets=forget_reader))
    holders.register(Holder(name="reading", tells=_readings, forgets=forget_views_of))
    holders.register(Holder(name="reading.places", tells=places.tells, forgets=forget_places_of))
    holders.register(Holder(name="requests", tells=_requests, forgets=forget_requests_of))
    holders.register(Holder(name="digitisation", tells=_words_read, forgets=forget_volunteer))
    messages.register_messenger(carry)
    messages.register_card_given(charge_for_card)


def charge_for_card(patron: Patron, by: Actor) -> None:
    """Charge the fee of a card given from afar; whoever approves it need not handle money."""
    charge_card_fee(patron, by=Actor.machine(by.name, face=Face.JOB))


def carry(message: Message) -> None:
    """Hand the readers' news to the notices, in the language of whom it is for."""
    with override(message.language):
        kind, values = _notice(message)
    if message.patron is not None:
        announce(
            kind,
            to=message.patron,
            library=message.library,
            values=values,
            source=message.source,
        )
        return
    to = Address(
        name=message.name,
        email=message.email,
        phone=message.phone,
        language=message.language,
    )
    announce_to(
        to,
        kind,
        library=message.library,
        values=values,
        source=message.source,
        fleeting=message.fleeting,
    )


def _notice(message: Message) -> tuple[NoticeKind, dict[str, object]]:
    kind, values = _NOTICES[message.kind]
    return kind, values(message)


def _of_application(message: Message) -> dict[str, object]:
    code = message.values["code"]
    return {"number": message.values["number"], "link": f"/card/open?code={code}"}


def _with_term(message: Message) -> dict[str, object]:
    return _of_application(message) | {"expires": message.values["expires"]}


def _with_reason(message: Message) -> dict[str, object]:
    return _of_application(message) | {"reason": message.values["reason"]}


def _refused(message: Message) -> dict[str, object]:
    return {"what": gettext("your application for a card"), "answer": message.values["reason"]}


def _changed(message: Message) -> dict[str, object]:
    return {"what": _fields(message.values["fields"])}


def _unchanged(message: Message) -> dict[str, object]:
    return _changed(message) | {"answer": message.values["reason"]}


def _asked(message: Message) -> dict[str, object]:
    what = str(RequestKind(str(message.values["request"])).label)
    return {"what": what, "until": message.values["until"]}


def _answered(message: Message) -> dict[str, object]:
    what = str(RequestKind(str(message.values["request"])).label)
    return {"what": what, "answer": message.values["answer"] or gettext("It is done.")}


_NOTICES: Mapping[MessageKind, tuple[NoticeKind, Callable[[Message], dict[str, object]]]] = {
    MessageKind.APPLICATION_RECEIVED: (NoticeKind.APPLICATION_RECEIVED, _of_application),
    MessageKind.APPLICATION_APPROVED: (NoticeKind.APPLICATION_APPROVED, _with_term),
    MessageKind.APPLICATION_RETURNED: (NoticeKind.APPLICATION_RETURNED, _with_reason),
    MessageKind.APPLICATION_REFUSED: (NoticeKind.REQUEST_ANSWERED, _refused),
    MessageKind.CONTACT_ACCEPTED: (NoticeKind.CONTACT_CHANGED, _changed),
    MessageKind.CONTACT_REFUSED: (NoticeKind.REQUEST_ANSWERED, _unchanged),
    MessageKind.REQUEST_RECEIVED: (NoticeKind.REQUEST_RECEIVED, _asked),
    MessageKind.REQUEST_ANSWERED: (NoticeKind.REQUEST_ANSWERED, _answered),
}


def _fields(names: object) -> str:
    words = {"phone": gettext("Phone"), "email": gettext("E-mail"), "address": gettext("Address")}
    known = names if isinstance(names, list) else []
    return ", ".join(words[name] for name in known)


def _no_open_loans(patron: Patron) -> None:
    count = Loan.objects.open().filter(patron=patron).count()
    if count:
        raise LoansOpen(count=count)


def _no_open_harms(patron: Patron) -> None:
    count = HarmReport.objects.open().filter(loan__patron=patron).count()
    if count:
        raise HarmsOpen(count=count)


def _no_open_deliveries(patron: Patron) -> None:
    count = Delivery.objects.open().filter(patron=patron).count()
    if count:
        raise DeliveriesOpen(count=count)


def _no_open_money(patron: Patron) -> None:
    owed, deposit = debt_of(patron.pk).amount, deposit_of(patron.pk).amount
    if owed or deposit:
        raise MoneyOpen(owed=owed, deposit=deposit)


def _loans(patron: Patron) -> Iterator[Section]:
    loans = Loan.objects.filter(patron=patron).for_desk().order_by("-lent_at")[:_MOST]
    yield Section(
        key="loans",
        title=_("Loans"),
        columns={
            "title": _("Title"),
            "barcode": _("Barcode"),
            "library": _("Library"),
            "lent_at": _("Lent"),
            "due_at": _("Due"),
            "returned_at": _("Returned"),
        },
        rows=[
            {
                "title": loan.item.record.title,
                "barcode": loan.item.barcode,
                "library": loan.library.name,
                "lent_at": loan.lent_at,
                "due_at": loan.due_at,
                "returned_at": loan.returned_at,
            }
            for loan in loans
        ],
    )


def _deliveries(patron: Patron) -> Iterator[Section]:
    yield Section(
        key="deliveries",
        title=_("Home deliveries"),
        columns={
            "reference": _("Reference"),
            "state": _("State"),
            "address": _("Address"),
            "phone": _("Phone"),
            "asked_at": _("Asked"),
            "closed_at": _("Ended"),
        },
        rows=[
            {
                "reference": delivery.reference,
                "state": delivery.get_state_display(),
                "address": delivery.destination,
                "phone": delivery.dialled_phone,
                "asked_at": delivery.asked_at,
                "closed_at": delivery.closed_at,
            }
            for delivery in Delivery.objects.for_account(patron)[:_MOST]
        ],
    )


def _money(patron: Patron) -> Iterator[Section]:
    rows: list[dict[str, object]] = [
        {
            "at": line.at,
            "kind": line.fee_kind or line.kind,
            "amount": line.amount,
            "note": line.note,
        }
        for line in account_lines(patron.pk)
    ]
    yield Section(
        key="fees",
        title=_("Fees"),
        columns={
            "at": _("When"),
            "kind": _("Kind"),
            "amount": _("Amount in đồng"),
            "note": _("Note"),
        },
        rows=rows,
    )
    yield Section(
        key="deposit",
        title=_("Deposit"),
        columns={"amount": _("Amount in đồng")},
        rows=[{"amount": deposit_of(patron.pk).amount}],
    )


def _readings(patron: Patron) -> Iterator[Section]:
    views = RestrictedView.objects.filter(patron=patron).select_related("object")[:_MOST]
    yield Section(
        key="readings",
        title=_("Restricted documents read online"),
        columns={
            "title": _("Title"),
            "opened_at": _("Opened"),
            "last_at": _("Last seen"),
        },
        rows=[
            {"title": view.object.title, "opened_at": view.opened_at, "last_at": view.last_at}
            for view in views
        ],
    )


def _requests(patron: Patron) -> Iterator[Section]:
    asked = AccessRequest.objects.for_account(patron.pk)[:_MOST]
    yield Section(
        key="document_requests",
        title=_("Requests to open documents"),
        columns={
            "title": _("Title"),
            "purpose": _("Reason for asking"),
            "contact": _("Contact"),
            "asked_at": _("Asked"),
            "state": _("State"),
        },
        rows=[
            {
                "title": row.object.title,
                "purpose": row.purpose,
                "contact": row.contact,
                "asked_at": row.asked_at,
                "state": row.get_state_display(),
            }
            for row in asked
        ],
    )


def _words_read(patron: Patron) -> Iterator[Section]:
    answers = WordAnswer.objects.filter(patron=patron).select_related("task__object")
    yield Section(
        key="words_read",
        title=_("Words read as a volunteer"),
        columns={"title": _("Title"), "answer": _("Answer"), "at": _("When")},
        rows=[
            {"title": each.task.object.title, "answer": each.answer, "at": each.at}
            for each in answers.order_by("-at")[:_MOST]
        ],
    )


def _notices(patron: Patron) -> Iterator[Section]:
    sent = Notice.objects.filter(patron=patron).order_by("-created_at")[:_MOST]
    yield Section(
        key="notices",
        title=_("Notices"),
        columns={
            "kind": _("What"),
            "channel": _("Through"),
            "created_at": _("When"),
            "sent_at": _("Sent"),
            "state": _("State"),
        },
        rows=[
            {
                "kind": notice.get_kind_display(),
                "channel": notice.get_channel_display(),
                "created_at": notice.created_at,
                "sent_at": notice.sent_at,
                "state": notice.get_state_display(),
            }
            for notice in sent
        ],
    )

"""The kinds, topics and channels with the words that people read for them."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tangthu.notices.policy import Channel, NoticeKind, Topic

__all__ = [
    "CHANNEL_LABELS",
    "KIND_LABELS",
    "LANGUAGE_LABELS",
    "TOPIC_LABELS",
    "VALUE_LABELS",
    "Channel",
    "NoticeKind",
    "Topic",
]

CHANNEL_LABELS: Mapping[Channel, Promise] = {
    Channel.EMAIL: _("E-mail"),
    Channel.SMS: _("SMS"),
    Channel.ZALO: _("Zalo"),
    Channel.PUSH: _("Notification on this device"),
    Channel.LETTER: _("Printed letter"),
}
TOPIC_LABELS: Mapping[Topic, Promise] = {
    Topic.DUE_SOON: _("A loan is due soon"),
    Topic.OVERDUE: _("A loan is overdue"),
    Topic.HOLDS: _("A book I placed on hold"),
    Topic.DUE_DATES: _("A due date was changed"),
    Topic.CARD: _("My card ends soon"),
    Topic.LOAN_SLIPS: _("A slip of what I have just borrowed"),
    Topic.RETURN_SLIPS: _("A slip of what I have just returned"),
    Topic.RECEIPTS: _("A receipt when I have paid"),
    Topic.DELIVERY: _("Home delivery"),
    Topic.SEARCHES: _("News for my saved searches"),
    Topic.SERVICE: _("Codes, and answers to what I asked"),
}
KIND_LABELS: Mapping[NoticeKind, Promise] = {
    NoticeKind.DUE_SOON: _("Due soon"),
    NoticeKind.OVERDUE: _("Overdue, first reminder"),
    NoticeKind.OVERDUE_AGAIN: _("Overdue, second reminder"),
    NoticeKind.OVERDUE_LAST: _("Overdue, last reminder"),
    NoticeKind.HOLD_READY: _("Hold ready"),
    NoticeKind.HOLD_CANCELLED: _("Hold cancelled"),
    NoticeKind.DIGITAL_READY: _("Electronic book ready to borrow"),
    NoticeKind.RECALL: _("Recall of a loan"),
    NoticeKind.DUE_DATES_MOVED: _("Due dates moved"),
    NoticeKind.CARD_ENDING: _("Card ends soon"),
    NoticeKind.CARD_READY: _("Card printed"),
    NoticeKind.APPLICATION_RECEIVED: _("Application received"),
    NoticeKind.APPLICATION_APPROVED: _("Application approved"),
    NoticeKind.APPLICATION_RETURNED: _("Application returned"),
    NoticeKind.LOAN_SLIP: _("Slip of what was borrowed"),
    NoticeKind.RETURN_SLIP: _("Slip of what was returned"),
    NoticeKind.PAYMENT_RECEIPT: _("Receipt of a payment"),
    NoticeKind.DELIVERY_UPDATE: _("State of a home delivery"),
    NoticeKind.SAVED_SEARCH: _("News for a saved search"),
    NoticeKind.LOGIN_CODE: _("Code to log in"),
    NoticeKind.CONTACT_CHANGED: _("Contact details changed"),
    NoticeKind.REQUEST_RECEIVED: _("Request received"),
    NoticeKind.REQUEST_ANSWERED: _("Request answered"),
    NoticeKind.DIGEST: _("The day's digest"),
    NoticeKind.TEST: _("Test of a channel"),
}
LANGUAGE_LABELS: Mapping[str, Promise] = {"vi": _("Vietnamese"), "en": _("English")}
VALUE_LABELS: Mapping[str, Promise] = {
    "name": _("the reader's name"),
    "card": _("the card number"),
    "library": _("the name of the library"),
    "library_phone": _("the library's telephone"),
    "library_address": _("the library's address"),
    "account": _("link to the reader's account"),
    "items": _("the list, a line for each"),
    "count": _("how many there are"),
    "title": _("the title"),
    "barcode": _("the barcode of the copy"),
    "due": _("the due date"),
    "days": _("days overdue"),
    "pickup": _("where to fetch it"),
    "until": _("the last day"),
    "reason": _("the reason"),
    "expires": _("the last day of the card"),
    "number": _("the number of the paper"),
    "link": _("link to the page"),
    "amount": _("the amount"),
    "words": _("the amount in words"),
    "what": _("what it is about"),
    "state": _("how it stands"),
    "detail": _("more about it"),
    "search": _("the name of the search"),
    "found": _("how many are new"),
    "titles": _("some of the titles"),
    "code": _("the code"),
    "minutes": _("minutes for which it holds"),
    "answer": _("the answer"),
    "about": _("the kind that is tried"),
}

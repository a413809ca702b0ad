"""The kinds, topics and channels with the words that people read for them."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tangthu.notices.policy import Channel, NoticeKind, Topic

__all__ = ["CHANNEL_LABELS", "KIND_LABELS", "TOPIC_LABELS", "Channel", "NoticeKind", "Topic"]

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
    Topic.RECEIPTS: _("Slips and receipts"),
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

"""The shipped texts in English: subject, long text, short text."""
# A line goes out as it stands, so that paragraphs are not broken here.
# ruff: noqa: E501

from __future__ import annotations

from collections.abc import Mapping

from tangthu.notices.policy.kinds import NoticeKind

_SIGN = """

With kind regards,
{library}
Telephone: {library_phone}
Address: {library_address}"""

ENGLISH: Mapping[NoticeKind, tuple[str, str, str]] = {
    NoticeKind.DUE_SOON: (
        "Your books are due soon",
        """Dear {name},

{count} of your loans are due soon:

{items}

If you have not finished, renew at the desk, by telephone, or here: {account}"""
        + _SIGN,
        "{library}: {count} of your loans are due soon.\n{items}\nRenew: {account}",
    ),
    NoticeKind.OVERDUE: (
        "Your books are overdue",
        """Dear {name},

You may have forgotten: {count} of your loans are overdue.

{items}

Please bring them back or renew them; another reader may be waiting. If you have returned them already, please ignore this message."""
        + _SIGN,
        "{library}: {count} of your loans are overdue. Please return or renew them.\n{items}",
    ),
    NoticeKind.OVERDUE_AGAIN: (
        "Second reminder: overdue books",
        """Dear {name},

This is our second reminder. {count} of your loans are still out:

{items}

Please bring them back this week. If a book is lost or damaged, tell us, and we will find a way."""
        + _SIGN,
        "{library}: second reminder, {count} overdue loans.\n{items}\nHelp: {library_phone}",
    ),
    NoticeKind.OVERDUE_LAST: (
        "Last reminder: overdue books",
        """Dear {name} (card {card}),

We have reminded you before, yet {count} loans are still out:

{items}

Please return them within 10 days of this letter. After that the library proceeds by its rules: lending stops, and the books are to be paid for. If you are in difficulty or have lost a book, please contact us."""
        + _SIGN,
        "{library}: last reminder, {count} overdue loans.\n{items}\n"
        "Please return within 10 days or call {library_phone}.",
    ),
    NoticeKind.HOLD_READY: (
        "Your book is ready",
        """Dear {name},

“{title}”, which you asked for, is waiting for you at {pickup}.
We keep it until the end of {until}.

Please bring your card, or open it on your phone."""
        + _SIGN,
        "{library}: “{title}” is ready at {pickup}.\nKept until {until}.",
    ),
    NoticeKind.DIGITAL_READY: (
        "It is your turn to read online",
        """Dear {name},

It is your turn to borrow “{title}” and read it online. We keep your turn until the end of {until}.

Borrow it here: {link}

If you do not need it any more, please cancel, so that the next reader need not wait."""
        + _SIGN,
        "{library}: your turn to borrow “{title}” online, kept until {until}.\n{link}",
    ),
    NoticeKind.HOLD_CANCELLED: (
        "Your hold was cancelled",
        """Dear {name},

Your hold on “{title}” was cancelled.
Reason: {reason}

You can place it again at any time, or ask us for a similar book."""
        + _SIGN,
        "{library}: your hold on “{title}” was cancelled.\nReason: {reason}",
    ),
    NoticeKind.RECALL: (
        "Another reader needs your book",
        """Dear {name},

Another reader is in need of “{title}”, which you have on loan. Please return it by the end of {due}.

Thank you for sharing."""
        + _SIGN,
        "{library}: another reader needs “{title}”. Please return it by {due}.",
    ),
    NoticeKind.DUE_DATES_MOVED: (
        "Your due dates have changed",
        """Dear {name},

The due dates of {count} of your loans were moved:

{items}

There is nothing you need to do; days on which the library is closed do not count as late."""
        + _SIGN,
        "{library}: the due dates of {count} loans were moved.\n{items}",
    ),
    NoticeKind.CARD_ENDING: (
        "Your library card ends soon",
        """Dear {name},

Your card {card} is valid until the end of {expires}. Please renew it before then, so that you can go on borrowing."""
        + _SIGN,
        "{library}: your card {card} ends on {expires}. Please renew it.",
    ),
    NoticeKind.CARD_READY: (
        "Your card is printed",
        """Dear {name},

Your library card is printed and waits for you at {pickup}. Please bring a document with your name."""
        + _SIGN,
        "{library}: your card is printed and waits for you at {pickup}.",
    ),
    NoticeKind.APPLICATION_RECEIVED: (
        "We have your application",
        """Dear {name},

We have received your application for a card, number {number}, and will answer soon.

Follow it here: {link}"""
        + _SIGN,
        "{library}: we have your application {number}.\nFollow it: {link}",
    ),
    NoticeKind.APPLICATION_APPROVED: (
        "Your application is approved",
        """Dear {name},

Welcome to the library! Your application is approved.
Your card number: {card}
The card is valid until the end of {expires}

You can use the card on your phone at once: {link}"""
        + _SIGN,
        "{library}: your application is approved.\nYour card: {card}\nOpen it: {link}",
    ),
    NoticeKind.APPLICATION_RETURNED: (
        "Your application needs something more",
        """Dear {name},

Thank you for applying. Before we can give you a card, we need:

{reason}

Change and send it again: {link}"""
        + _SIGN,
        "{library}: your application needs something more: {reason}\nChange it: {link}",
    ),
    NoticeKind.LOAN_SLIP: (
        "What you borrowed",
        """Dear {name},

You have just borrowed {count} items:

{items}

Happy reading!"""
        + _SIGN,
        "{library}: you borrowed {count} items.\n{items}",
    ),
    NoticeKind.RETURN_SLIP: (
        "What you returned",
        """Dear {name},

We have taken back {count} items:

{items}

Thank you. See you again!"""
        + _SIGN,
        "{library}: we have taken back {count} items, thank you.\n{items}",
    ),
    NoticeKind.PAYMENT_RECEIPT: (
        "Receipt {number}",
        """Dear {name},

We have received {amount}.
For: {what}
Receipt number: {number}

Thank you."""
        + _SIGN,
        "{library}: we have received {amount}, receipt {number}.\nFor: {what}",
    ),
    NoticeKind.DELIVERY_UPDATE: (
        "Home delivery {number}",
        """Dear {name},

Your request for delivery {number}: {state}.
{detail}

Follow it here: {link}"""
        + _SIGN,
        "{library}: delivery {number}: {state}.\n{detail}",
    ),
    NoticeKind.SAVED_SEARCH: (
        "New for your search “{search}”",
        """Dear {name},

There are {found} more titles for the search that you saved, “{search}”:

{titles}

See all: {link}"""
        + _SIGN,
        "{library}: {found} more titles for “{search}”.\n{link}",
    ),
    NoticeKind.LOGIN_CODE: (
        "Your code: {code}",
        """Dear {name},

Your code to log in is: {code}

It can be used for {minutes} minutes, and once. Give it to nobody, not even to somebody who says they are from the library. If it is not you who is logging in, please ignore this message."""
        + _SIGN,
        "{code} is your code for {library}, valid for {minutes} minutes. Give it to nobody.",
    ),
    NoticeKind.CONTACT_CHANGED: (
        "Your contact details have changed",
        """Dear {name},

In your reader's file this was changed just now: {what}.

If you did not ask for it, please tell the library at once."""
        + _SIGN,
        "{library}: changed in your file: {what}. If it was not you, call {library_phone}.",
    ),
    NoticeKind.REQUEST_RECEIVED: (
        "We have your request",
        """Dear {name},

We have received your request: {what}.
You will have our answer by {until}."""
        + _SIGN,
        "{library}: we have your request: {what}.\nAnswer by {until}.",
    ),
    NoticeKind.REQUEST_ANSWERED: (
        "The answer to your request",
        """Dear {name},

About your request ({what}):

{answer}

More: {link}"""
        + _SIGN,
        "{library}: about your request {what}: {answer}",
    ),
    NoticeKind.DIGEST: (
        "News from the library today",
        """Dear {name},

The library has {count} messages for you today:

{items}"""
        + _SIGN,
        "{library}: {count} messages for you.\n{items}",
    ),
    NoticeKind.TEST: (
        "A test from {library}",
        """Dear {name},

This is a test. If you can read it, this channel of {library} works."""
        + _SIGN,
        "{library}: a test. If you can read it, this channel works.",
    ),
}

ENGLISH_LINES: Mapping[NoticeKind, str] = {
    NoticeKind.DUE_SOON: "{title} – due {due}",
    NoticeKind.OVERDUE: "{title} – due {due}, {days} days late",
    NoticeKind.OVERDUE_AGAIN: "{title} – due {due}, {days} days late",
    NoticeKind.OVERDUE_LAST: "{title} ({barcode}) – due {due}, {days} days late",
    NoticeKind.HOLD_READY: "“{title}” is ready at {pickup}, kept until {until}",
    NoticeKind.DIGITAL_READY: "Your turn to borrow “{title}” online, kept until {until}",
    NoticeKind.HOLD_CANCELLED: "Your hold on “{title}” was cancelled: {reason}",
    NoticeKind.RECALL: "Another reader needs “{title}”; please return it by {due}",
    NoticeKind.DUE_DATES_MOVED: "{title} – now due {due}",
    NoticeKind.CARD_ENDING: "Your card ends on {expires}",
    NoticeKind.CARD_READY: "Your card is printed, at {pickup}",
    NoticeKind.APPLICATION_RECEIVED: "We have your application {number}",
    NoticeKind.APPLICATION_APPROVED: "Your application is approved",
    NoticeKind.APPLICATION_RETURNED: "Your application needs something more: {reason}",
    NoticeKind.LOAN_SLIP: "{title} – due {due}",
    NoticeKind.RETURN_SLIP: "{title}",
    NoticeKind.PAYMENT_RECEIPT: "We have received {amount}, receipt {number}",
    NoticeKind.DELIVERY_UPDATE: "Delivery {number}: {state}",
    NoticeKind.SAVED_SEARCH: "{found} more titles for “{search}”",
    NoticeKind.LOGIN_CODE: "A code to log in",
    NoticeKind.CONTACT_CHANGED: "Changed in your file: {what}",
    NoticeKind.REQUEST_RECEIVED: "We have your request: {what}",
    NoticeKind.REQUEST_ANSWERED: "About your request {what}: {answer}",
    NoticeKind.DIGEST: "{count}",
    NoticeKind.TEST: "A test",
}

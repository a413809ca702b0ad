"""The sentences of electronic lending: refusals, their reasons, and deeds in the audit log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tangthu.reading.policy.lending import Block, Blocked
from tangthu.ui.templatetags.ui import dong, gio, ngay

WORDING: Mapping[str, Promise] = {
    "digital_refused": _("This is not possible now."),
    "digital_loan_refused": _("The document was not lent."),
    "digital_hold_refused": _("The hold was not placed."),
    "digital_renewal_refused": _("The loan was not extended."),
    "digital_loan_over": _("This loan has ended already."),
    "digital_hold_closed": _("This hold has ended already."),
    "licence_in_use": _("%(out)s readers have it now, more than the new terms allow."),
    "licence_refused": _("The terms of the licence contradict each other."),
    "copies_are_the_limit": _(
        "Where printed copies are the limit, no other number of loans is given."
    ),
    "lends_to_nobody": _("A licence lends to one reader at least."),
    "ends_before_it_begins": _("The licence ends before it begins."),
    "no_name_at_the_server": _("Give the name that the document has at the licence server."),
    "no_uuid": _(
        "A licence server knows a document by a UUID, such as "
        "c6abe80a-1681-4694-b6f4-80c165213780. Copy the one that the seller gave."
    ),
    "copies_counted_twice": _("The printed copies of this document bound a licence already."),
    "no_file_to_encrypt": _("The document has no EPUB or PDF file that could be encrypted."),
    "passphrase_needed": _("Choose a passphrase for protected books first."),
    "passphrase_refused": _("This passphrase will not do."),
    "passphrase_length": _("A passphrase has 6 to 100 characters."),
    "hint_needed": _("Give a hint that recalls the passphrase to you."),
    "hint_tells_it": _("The hint must not tell the passphrase itself."),
    "lcp_down": _(
        "The licence server does not answer just now. Your loan is kept; try again in some minutes."
    ),
    "lcp_refused": _("The licence server does not give this licence. Tell the library, please."),
    "lcp_asked": _("The licence is being made. Try again in a minute."),
    "copy_not_made": _("No copy of this file could be made for you. Tell the library, please."),
    "fewer_than_used": _("More loans than that were made already."),
}

BLOCKS: Mapping[str, Promise] = {
    Block.NOT_LENT: _("The library has no licence to lend this document now."),
    Block.OBJECT_CLOSED: _("This document is not lent."),
    Block.NOT_FOR_YOUR_LIBRARY: _("The licence does not serve readers of your library."),
    Block.NOT_GIVEN: _("Your library lends no electronic documents to cards of this kind."),
    Block.CARD_NOT_VALID: _("The card is not in use."),
    Block.CARD_EXPIRED: _("The card expired on %(expires_on)s."),
    Block.CARD_STOPPED: _("The card is stopped. Ask the library."),
    Block.DEBT: _("%(owed)s are owed; nothing is lent above %(most_owed)s."),
    Block.TOO_YOUNG: _("It is lent from the age of %(minimum_age)s."),
    Block.HAS_IT: _("You have borrowed it already."),
    Block.MAX_LOANS: _(
        "%(count)s electronic documents are on loan; at most %(limit)s may be. Give one back first."
    ),
    Block.NO_COPY_FREE: _("All are on loan now. Place a hold, and your turn will come."),
    Block.COPY_FREE: _("One is free: borrow it now."),
    Block.WAITS_ALREADY: _("You wait for it already."),
    Block.MAX_HOLDS: _("%(count)s holds are placed; at most %(limit)s may be."),
    Block.NO_RENEWALS_LEFT: _("It was extended %(count)s times; at most %(limit)s are allowed."),
    Block.OTHERS_WAIT: _("Other readers wait for it."),
    Block.GAINS_NOTHING: _("It could not be due later than %(due_at)s."),
}

AUDIT: Mapping[str, Promise] = {
    "audit.digital_loan.begin": _("lent an electronic document"),
    "audit.digital_loan.renew": _("extended an electronic loan"),
    "audit.digital_loan.end": _("ended an electronic loan"),
    "audit.digital_loan.looked": _("looked who has an electronic document"),
    "audit.digital_loan.copy_found": _("asked whose copy a found file is"),
    "audit.restricted_view.looked": _("looked who opened a restricted document"),
    "audit.digital_hold.place": _("placed an electronic hold"),
    "audit.digital_hold.ready": _("kept an electronic document for a reader"),
    "audit.digital_hold.put_back": _("let a reader wait on for an electronic document"),
    "audit.digital_hold.filled": _("lent what an electronic hold was kept for"),
    "audit.digital_hold.cancelled": _("cancelled an electronic hold"),
    "audit.digital_hold.expired": _("ended an electronic hold that was not fetched"),
    "audit.licence.add": _("entered a licence"),
    "audit.licence.change": _("changed a licence"),
    "audit.licence.stop": _("stopped lending on a licence"),
    "audit.licence.restart": _("lent on a licence again"),
    "audit.digital_rule.set": _("decided about electronic loans"),
    "audit.digital_rule.clear": _("decided no more about electronic loans"),
}


def sentence_of(block: Blocked) -> str:
    """Return the reason in words."""
    values = {name: _plain(name, value) for name, value in block.data.items()}
    return str(BLOCKS[block.code]) % values


def sentences_of(blocks: Iterable[Blocked]) -> list[str]:
    """Return each reason in words."""
    return [sentence_of(block) for block in blocks]


_MONEY = frozenset({"owed", "most_owed"})


def _plain(name: str, value: object) -> str:
    if name in _MONEY and isinstance(value, int):
        return str(dong(value))
    if isinstance(value, datetime):
        return str(gio(value))
    if isinstance(value, date):
        return str(ngay(value))
    return str(value)

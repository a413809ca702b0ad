"""The sentences of this app: refusals, kinds of entries, and deeds in the audit log."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tangthu.fees.policy import Account, EntryKind

WORDING: Mapping[str, Promise] = {
    "bad_amount": _("Enter an amount in whole đồng, more than nothing."),
    "reason_missing": _("Give the reason: it stays in the books."),
    "already_reversed": _("This entry is reversed already."),
    "cannot_reverse": _("An entry of this kind is not reversed."),
    "deposit_too_small": _("The library does not hold so much deposit of this reader."),
    "nothing_owed": _("There is nothing to pay."),
    "more_than_owed": _(
        "This is more than is owed. Somebody may have taken the money in the meantime: look at "
        "the account again."
    ),
    "more_than_credit": _("This is more than the reader has paid too much."),
    "no_open_session": _("Open the cash desk first: cash is taken only into a counted drawer."),
    "session_open": _("This drawer is open already."),
    "session_closed": _("This cash session is closed."),
    "drawer_too_empty": _("There is not so much money in the drawer."),
    "difference_unexplained": _("The count differs from the books. Say why."),
    "unknown_entry": _("There is no such entry."),
}

ENTRY_KINDS: Mapping[str, Promise] = {
    EntryKind.CHARGE: _("Fee"),
    EntryKind.PAYMENT: _("Payment"),
    EntryKind.WAIVER: _("Waiver"),
    EntryKind.REFUND: _("Money given back"),
    EntryKind.OFFSET: _("Credit set against fees"),
    EntryKind.DEPOSIT_TAKEN: _("Deposit taken"),
    EntryKind.DEPOSIT_RETURNED: _("Deposit given back"),
    EntryKind.DEPOSIT_USED: _("Deposit used for fees"),
    EntryKind.FLOAT: _("Float"),
    EntryKind.CASH_IN: _("Cash brought in"),
    EntryKind.CASH_OUT: _("Cash taken out"),
    EntryKind.COUNT: _("Count"),
    EntryKind.REVERSAL: _("Reversal"),
}

ACCOUNTS: Mapping[str, Promise] = {
    Account.OWED: _("Owed by readers"),
    Account.DEPOSIT: _("Deposits held"),
    Account.DRAWER: _("Cash drawers"),
    Account.SAFE: _("Safe"),
    Account.BANK: _("Bank"),
    Account.INCOME: _("Income"),
    Account.WRITTEN_OFF: _("Waived"),
    Account.DIFFERENCE: _("Differences of counts"),
}

AUDIT: Mapping[str, Promise] = {
    "audit.fees.charge": _("entered a fee"),
    "audit.fees.payment": _("took a payment"),
    "audit.fees.waiver": _("waived a fee"),
    "audit.fees.refund": _("gave money back"),
    "audit.fees.offset": _("set credit against fees"),
    "audit.fees.deposit_taken": _("took a deposit"),
    "audit.fees.deposit_returned": _("gave a deposit back"),
    "audit.fees.deposit_used": _("used a deposit for fees"),
    "audit.fees.float": _("put the float into the drawer"),
    "audit.fees.cash_in": _("brought cash into the drawer"),
    "audit.fees.cash_out": _("took cash out of the drawer"),
    "audit.fees.count": _("counted the drawer"),
    "audit.fees.reversal": _("reversed an entry"),
}
"""The deeds of this app as the audit log tells them, after the name of who did them."""

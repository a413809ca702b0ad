"""The sentences of this app: refusals, kinds of entries, and deeds in the audit log."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tangthu.fees.policy import Account, Doubt, EntryKind, Unreadable

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
    "drawer_name_taken": _("Another drawer of this library has this name."),
    "bad_card_fee": _("The card fee cannot be set like this."),
    "exemption_taken": _("Another exemption has this code."),
    "no_bank_account": _(
        "The library has not said to which bank account transfers go. Enter it in its preferences."
    ),
    "transfer_not_open": _("This transfer was entered or cancelled before."),
    "same_bank_file": _("This very file was brought in before. Nothing was entered again."),
    "bank_file_unreadable": _("The bank file cannot be read."),
    "bank_line_decided": _("Somebody has decided on this line in the meantime."),
}

CARD_FEE_FAULTS: Mapping[str, Promise] = {
    "amount_or_reduction": _("Enter either an amount or a reduction in percent."),
    "exemption_reduces": _("An exemption is a reduction in percent: 100 is free of charge."),
    "percent": _("A reduction is from 1 to 100 percent."),
    "ages": _("The upper age is below the lower one."),
    "days": _("The last day is before the first."),
}

FILE_FAULTS: Mapping[str, Promise] = {
    "too_large": _("The file is too large: at most 5 MB and 10,000 rows."),
    "old_excel": _("This is an old Excel file (.xls). Save it as .xlsx or CSV and try again."),
    "damaged": _("The file is damaged, or it is neither CSV nor Excel."),
    "empty": _("There is nothing in the file."),
    "no_table": _(
        "No row of the file names the columns. It needs at least a date, an amount (or credit) "
        "and a description."
    ),
}

LINE_REASONS: Mapping[str, Promise] = {
    Doubt.NO_REFERENCE: _("It carries no reference of ours."),
    Doubt.UNKNOWN_REFERENCE: _("Its reference is not known here."),
    Doubt.SEVERAL_REFERENCES: _("It carries several references."),
    Doubt.ALREADY_PAID: _("What it is for was paid before."),
    Doubt.CANCELLED: _("What it is for was cancelled."),
    Doubt.OTHER_AMOUNT: _("Another amount was asked for."),
    Unreadable.BAD_DATE: _("The date cannot be read."),
    Unreadable.BAD_AMOUNT: _("The amount cannot be read."),
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
    "audit.fees.receipt_printed": _("printed a receipt"),
    "audit.fees.drawer_added": _("put up a cash drawer"),
    "audit.fees.drawer_changed": _("changed a cash drawer"),
    "audit.fees.session_opened": _("opened the cash desk"),
    "audit.fees.session_closed": _("closed the cash desk"),
    "audit.fees.card_fee_set": _("set a card fee"),
    "audit.fees.card_fee_dropped": _("took back a card fee rule"),
    "audit.fees.exemption_added": _("named an exemption from card fees"),
    "audit.fees.exemption_granted": _("noted that a reader is exempt"),
    "audit.fees.exemption_ended": _("ended a reader's exemption"),
    "audit.fees.transfer_asked": _("asked for a transfer"),
    "audit.fees.transfer_cancelled": _("cancelled a transfer"),
    "audit.fees.bank_file": _("brought in a bank file"),
    "audit.fees.bank_line_paid": _("entered a transfer from the bank file"),
    "audit.fees.bank_line_aside": _("set a line of the bank file aside"),
}
"""The deeds of this app as the audit log tells them, after the name of who did them."""

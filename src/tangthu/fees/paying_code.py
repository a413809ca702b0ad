"""The code by which a reader's bank fills in a transfer: for the desk, slips and the account."""

from __future__ import annotations

from dataclasses import dataclass

from tangthu.fees import policy
from tangthu.fees.banks import bank_name
from tangthu.fees.models import BankTransfer, TransferPurpose
from tangthu.fees.policy import BankAccount
from tangthu.fees.reading import bank_account_of
from tangthu.patrons.symbols import Symbol, qr

_PURPOSES = {TransferPurpose.FEES: "PHI THU VIEN", TransferPurpose.DEPOSIT: "TIEN CUOC"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PayingCode:
    """A QR code, and all that it says, for those who type it."""

    symbol: Symbol
    text: str
    account: BankAccount
    bank: str
    purpose: str


def paying_code(transfer: BankTransfer) -> PayingCode | None:
    """Return the VietQR code of a transfer; None when the library has no account any more."""
    account = bank_account_of(transfer.library)
    if not account.is_complete:
        return None
    purpose = f"{transfer.reference} {_PURPOSES[TransferPurpose(transfer.purpose)]}"
    text = policy.vietqr(account, amount=transfer.amount, purpose=purpose)
    return PayingCode(
        symbol=qr(text),
        text=text,
        account=account,
        bank=bank_name(account.bank),
        purpose=purpose,
    )

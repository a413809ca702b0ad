"""The text of a VietQR code: EMVCo merchant-presented mode with the fields of NAPAS.

Source: NAPAS, VietQR format v1.5.2: field 38 holds the bank (BIN) and the account, 54 the
amount, 62 the bill (01) and the purpose (08), 63 a CRC-16/CCITT-FALSE over all before it.
"""

from __future__ import annotations

from dataclasses import dataclass

NAPAS = "A000000727"
TO_ACCOUNT, TO_CARD = "QRIBFTTA", "QRIBFTTC"
LONGEST_ACCOUNT = 19
LONGEST_PURPOSE = 25
_DONG, _VIETNAM = "704", "VN"


@dataclass(frozen=True, slots=True, kw_only=True)
class BankAccount:
    """Where a transfer goes: the bank by its BIN, the number of an account or of a card."""

    bank: str
    number: str
    is_card: bool = False
    holder: str = ""

    @property
    def is_complete(self) -> bool:
        """Whether a transfer can be made out to it."""
        bank = len(self.bank) == 6 and self.bank.isascii() and self.bank.isdigit()
        number = 0 < len(self.number) <= LONGEST_ACCOUNT and self.number.isascii()
        return bank and number and self.number.isalnum()


def vietqr(account: BankAccount, *, amount: int = 0, bill: str = "", purpose: str = "") -> str:
    """Return the text of the code; with an amount it is for one payment (dynamic).

    Raises ValueError for an account that is not complete, or a purpose that is not plain ASCII
    of at most 25 characters: banks' programs cut or mangle all others.
    """
    if not account.is_complete:
        raise ValueError("the bank account is not complete")
    if not (purpose.isascii() and len(purpose) <= LONGEST_PURPOSE):
        raise ValueError(f"not a purpose that banks keep: {purpose}")
    beneficiary = _field("00", account.bank) + _field("01", account.number)
    service = TO_CARD if account.is_card else TO_ACCOUNT
    fields = [
        _field("00", "01"),
        _field("01", "12" if amount else "11"),
        _field("38", _field("00", NAPAS) + _field("01", beneficiary) + _field("02", service)),
        _field("53", _DONG),
        _field("54", str(amount)) if amount else "",
        _field("58", _VIETNAM),
        _field("62", _field("01", bill) + _field("08", purpose)),
        "6304",
    ]
    text = "".join(fields)
    return text + checksum(text)


def checksum(text: str) -> str:
    """Return the CRC-16/CCITT-FALSE of an ASCII text in four hexadecimal digits."""
    crc = 0xFFFF
    for byte in text.encode("ascii"):
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1) ^ 0x1021 if crc & 0x8000 else crc << 1
            crc &= 0xFFFF
    return f"{crc:04X}"


def _field(tag: str, value: str) -> str:
    return f"{tag}{len(value):02}{value}" if value else ""

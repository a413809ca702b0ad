"""What libraries decide about payments."""

from __future__ import annotations

from tangthu.libraries.policy.preferences.definition import Preference, PreferenceKind


def _(message: str) -> str:
    # Marks the message for the translators. The faces translate it: rules know no language.
    return message


BANK_BIN = Preference(
    name="bank_bin",
    kind=PreferenceKind.TEXT,
    default="",
    label=_("Bank of the account for transfers (BIN)"),
    help=_(
        "Six digits: Vietcombank 970436, VietinBank 970415, BIDV 970418, Agribank 970405, "
        "MB 970422, Techcombank 970407, ACB 970416. Left empty, no QR code is shown."
    ),
    maximum=6,
)
BANK_ACCOUNT = Preference(
    name="bank_account",
    kind=PreferenceKind.TEXT,
    default="",
    label=_("Number of the account for transfers"),
    maximum=19,
)
BANK_HOLDER = Preference(
    name="bank_holder",
    kind=PreferenceKind.TEXT,
    default="",
    label=_("Holder of the account for transfers"),
    help=_("In capitals without marks, as the bank writes it: THU VIEN TINH DAK LAK."),
    maximum=100,
)

FEES = (
    BANK_BIN,
    BANK_ACCOUNT,
    BANK_HOLDER,
)

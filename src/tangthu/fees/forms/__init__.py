"""The forms of money."""

from tangthu.fees.forms.bank import BankFileForm, LineForm, TransferForm
from tangthu.fees.forms.cards import CardFeeForm, ExemptionForm, ExemptionKindForm
from tangthu.fees.forms.cash import CountForm, DrawerForm, MoveForm, OpenForm
from tangthu.fees.forms.money import ChargeForm, DongField, MoneyForm, ReasonForm, WaiverForm

__all__ = [
    "BankFileForm",
    "CardFeeForm",
    "ChargeForm",
    "CountForm",
    "DongField",
    "DrawerForm",
    "ExemptionForm",
    "ExemptionKindForm",
    "LineForm",
    "MoneyForm",
    "MoveForm",
    "OpenForm",
    "ReasonForm",
    "TransferForm",
    "WaiverForm",
]

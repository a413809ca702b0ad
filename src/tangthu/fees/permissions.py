from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tangthu.core.permissions import Permission


class FeesPermission(Permission):
    TAKE_MONEY = "fees.take", _("Enter fees, take and give back money and deposits")
    CASH_DESK = "fees.cash_desk", _("Open, count and close the cash desk")
    WAIVE = "fees.waive", _("Waive fees")
    REVERSE = "fees.reverse", _("Reverse entries of the ledger")
    READ_BANK = "fees.bank", _("Bring in bank files and match transfers")
    MANAGE_RULES = "fees.rules", _("Set the card fees and the cash drawers")

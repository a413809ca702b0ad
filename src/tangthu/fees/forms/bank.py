from __future__ import annotations

from typing import cast

from django import forms
from django.core.files import File
from django.utils.translation import gettext_lazy as _

from tangthu.core.actor import Actor
from tangthu.fees.forms.money import DongField
from tangthu.fees.models import TransferPurpose
from tangthu.fees.permissions import FeesPermission
from tangthu.libraries.fields import LibraryField, libraries_for, offer
from tangthu.libraries.models import Library


class TransferForm(forms.Form):
    """A payment by bank that is asked for."""

    purpose = forms.ChoiceField(
        label=_("What for"),
        choices=TransferPurpose.choices,
        initial=TransferPurpose.FEES,
        widget=forms.RadioSelect,
    )
    amount = DongField(required=False, help_text=_("Left empty, all the fees that are owed."))


class BankFileForm(forms.Form):
    """A bank's list of transactions."""

    library = LibraryField(label=_("Account of"), queryset=Library.objects.none(), empty_label=None)
    file = forms.FileField(
        label=_("File of the bank (CSV or Excel)"),
        max_length=200,
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
        help_text=_("Up to 5 MB. The columns are found by their names."),
    )

    def __init__(self, *args: object, actor: Actor, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        offer(self, "library", libraries_for(actor, FeesPermission.READ_BANK))

    def raw(self) -> tuple[bytes, str]:
        """Return the file's bytes and name."""
        upload = cast(File[bytes], self.cleaned_data["file"])
        return upload.read(), upload.name or ""


class LineForm(forms.Form):
    """To whom the money of a line belongs: a reference of ours, or a reader's card."""

    whose = forms.CharField(label=_("Reference or card number"), max_length=60, required=False)
    reason = forms.CharField(label=_("No reader's payment, because"), max_length=40, required=False)

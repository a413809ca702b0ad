from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from tangthu.core.actor import Actor
from tangthu.fees.actions import CardFeeData
from tangthu.fees.forms.money import DongField
from tangthu.fees.models import Exemption
from tangthu.fees.permissions import FeesPermission
from tangthu.libraries.fields import LibraryField, libraries_for, offer
from tangthu.libraries.models import Library, LibraryKind
from tangthu.patrons.models import PatronCategory


class DayField(forms.DateField):
    """A day as it is written here: dd/mm/yyyy."""

    widget = forms.DateInput(
        attrs={"placeholder": _("dd/mm/yyyy"), "inputmode": "numeric", "autocomplete": "off"}
    )


class CardFeeForm(forms.Form):
    """A rule of the card fees: an amount or a reduction, for whom, from when, by what law."""

    library = LibraryField(
        label=_("Set for"),
        queryset=Library.objects.none(),
        empty_label=None,
        help_text=_("It holds for this library and all below it."),
    )
    library_kind = forms.ChoiceField(
        label=_("Kind of library"),
        choices=[("", _("All kinds")), *LibraryKind.choices],
        required=False,
    )
    category = forms.ModelChoiceField(
        label=_("Patron category"),
        queryset=PatronCategory.objects.order_by("name"),
        required=False,
        empty_label=_("All readers"),
    )
    minimum_age = forms.IntegerField(
        label=_("From age"), required=False, min_value=0, max_value=120
    )
    maximum_age = forms.IntegerField(label=_("To age"), required=False, min_value=0, max_value=120)
    amount = DongField(
        required=False, help_text=_("Either an amount, or a reduction below. 0 is free of charge.")
    )
    reduction = forms.IntegerField(
        label=_("Reduction in percent"), required=False, min_value=1, max_value=100
    )
    exemption = forms.ModelChoiceField(
        label=_("Only for readers with the exemption"),
        queryset=Exemption.objects.filter(is_active=True).order_by("name"),
        required=False,
        empty_label=_("No proof needed"),
    )
    from_on = DayField(label=_("In force from"))
    until_on = DayField(label=_("In force until"), required=False)
    legal_reference = forms.CharField(
        label=_("Legal reference"),
        max_length=300,
        help_text=_("The resolution that sets it, with number and day. Receipts name it."),
    )

    def __init__(self, *args: object, actor: Actor, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        offer(self, "library", libraries_for(actor, FeesPermission.MANAGE_RULES))

    def told(self) -> CardFeeData:
        """Return what was entered, as the deed takes it."""
        told = {name: value for name, value in self.cleaned_data.items() if name != "library"}
        amount = told.pop("amount")
        return CardFeeData(amount=None if amount is None else amount.amount, **told)


class ExemptionKindForm(forms.Form):
    """A reason in law for paying less."""

    code = forms.SlugField(label=_("Code"), max_length=30)
    name = forms.CharField(label=_("Name"), max_length=120)


class ExemptionForm(forms.Form):
    """The exemption that a reader has proved, and until when."""

    exemption = forms.ModelChoiceField(
        label=_("Exemption"),
        queryset=Exemption.objects.filter(is_active=True).order_by("name"),
        empty_label=None,
    )
    until_on = DayField(label=_("Until"), required=False)

"""What the pages of lending ask beside the rules: sentences, harms, sets, closings, helpers."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from tangthu.circulation.actions.sets import MOST_COPIES
from tangthu.circulation.models import HarmKind
from tangthu.circulation.policy import end_of
from tangthu.core.money import Money
from tangthu.libraries.fields import LibraryField
from tangthu.libraries.models import Library

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

MOST_SENTENCES = 20
_DAY = {"placeholder": _("dd/mm/yyyy"), "inputmode": "numeric", "autocomplete": "off"}
_PLAIN = {"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}


class SentencesForm(forms.Form):
    """Rules in sentences, one a line; tried first, then saved."""

    sentences = forms.CharField(
        label=_("Rules, one sentence a line"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4, **_PLAIN}),
    )
    step = forms.ChoiceField(choices=[("try", "try"), ("save", "save")])
    acknowledged = forms.BooleanField(
        label=_("I know that what is listed here will no longer be true"), required=False
    )
    expect = forms.BooleanField(
        label=_("Keep these sentences as what we expect of the rules"), required=False
    )

    @property
    def lines(self) -> list[str]:
        told = self.cleaned_data["sentences"].splitlines()
        return [line.strip() for line in told if line.strip()][:MOST_SENTENCES]


class MoneyField(forms.CharField):
    """An amount in đồng as people write it: 25.000. Empty is none."""

    def __init__(
        self, *, label: _StrPromise, required: bool = True, help_text: _StrPromise | str = ""
    ) -> None:
        widget = forms.TextInput(attrs={"inputmode": "numeric", **_PLAIN})
        super().__init__(
            max_length=20, widget=widget, label=label, required=required, help_text=help_text
        )

    def clean(self, value: object) -> Money | None:
        text = str(super().clean(value)).replace(".", "").replace(" ", "").rstrip("đ")
        if not text:
            return None
        if not text.isascii() or not text.isdigit() or len(text) > 9:
            raise forms.ValidationError(_("Write an amount in đồng, such as 25.000."))
        return Money(int(text))


class HarmForm(forms.Form):
    """A copy lost or damaged: what it costs, where the desk knows better than the rules."""

    amount = MoneyField(
        label=_("Amount in đồng"),
        required=False,
        help_text=_("Left empty, it is what the rules say."),
    )
    note = forms.CharField(label=_("What happened"), max_length=300, required=False)


class DamageForm(HarmForm):
    kind = forms.ChoiceField(
        label=_("What is wrong"),
        choices=[
            (HarmKind.DAMAGED, HarmKind.DAMAGED.label),
            (HarmKind.PARTS_MISSING, HarmKind.PARTS_MISSING.label),
        ],
    )
    out_of_use = forms.BooleanField(
        label=_("Take the copy out of use until it is mended"), required=False, initial=True
    )


class DueDateForm(forms.Form):
    due_on = forms.DateField(label=_("New due date"), widget=forms.DateInput(attrs=_DAY))

    @property
    def due_at(self) -> datetime:
        return end_of(self.cleaned_data["due_on"])


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200)


class SetForm(forms.Form):
    """A class set: a card, a due date, and the barcodes, one a line."""

    card = forms.CharField(
        label=_("Card of the class, the teacher or the group"),
        max_length=60,
        widget=forms.TextInput(attrs=_PLAIN),
    )
    due_on = forms.DateField(
        label=_("Due date"),
        required=False,
        widget=forms.DateInput(attrs=_DAY),
        help_text=_("Left empty, it is what the rules give."),
    )
    barcodes = forms.CharField(
        label=_("Barcodes, one a line"),
        max_length=40_000,
        widget=forms.Textarea(attrs={"rows": 8, **_PLAIN}),
    )
    override = forms.CharField(required=False, max_length=400, widget=forms.HiddenInput)

    @property
    def codes(self) -> list[str]:
        """The barcodes, each once, in the order in which they were scanned."""
        told = self.cleaned_data["barcodes"].split()
        return list(dict.fromkeys(told))[:MOST_COPIES]

    @property
    def due_at(self) -> datetime | None:
        due_on: date | None = self.cleaned_data["due_on"]
        return end_of(due_on) if due_on else None


class ClosingForm(forms.Form):
    """Which library closes, from when to when, and why."""

    library = LibraryField(label=_("Library"), queryset=Library.objects.none(), empty_label=None)
    first = forms.DateField(label=_("First closed day"), widget=forms.DateInput(attrs=_DAY))
    last = forms.DateField(label=_("Last closed day"), widget=forms.DateInput(attrs=_DAY))
    reason = forms.CharField(
        label=_("Reason"),
        max_length=120,
        help_text=_("It stands in the calendar, such as: flood."),
    )


class HelperForm(forms.Form):
    """Who may borrow for a reader."""

    card = forms.CharField(
        label=_("Card of the helper"), max_length=60, widget=forms.TextInput(attrs=_PLAIN)
    )
    until = forms.DateField(
        label=_("Until"),
        required=False,
        widget=forms.DateInput(attrs=_DAY),
        help_text=_("Empty: until it is taken back."),
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

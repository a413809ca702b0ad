from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tangthu.fees.forms.money import DongField
from tangthu.fees.models import Account, CashDrawer
from tangthu.fees.policy import NOTES
from tangthu.libraries.models import Library
from tangthu.text.amounts import format_dong


class OpenForm(forms.Form):
    """Which drawer is opened, and the float in it."""

    drawer = forms.ModelChoiceField(
        label=_("Drawer"), queryset=CashDrawer.objects.none(), empty_label=None
    )
    float = DongField(
        label=_("Float (đồng)"),
        required=False,
        help_text=_("Change that is put into the drawer at the start. Empty for none."),
    )

    def __init__(self, *args: object, library: Library, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        free = CashDrawer.objects.filter(library=library, is_active=True)
        free = free.exclude(sessions__closed_at=None, sessions__isnull=False).order_by("name")
        self.fields["drawer"].queryset = free  # type: ignore[attr-defined]


class MoveForm(forms.Form):
    """Cash that is brought into a drawer or taken out of it, without a reader."""

    direction = forms.ChoiceField(
        label=_("What is done"),
        choices=[("in", _("Bring cash in")), ("out", _("Take cash out"))],
        initial="out",
        widget=forms.RadioSelect,
    )
    account = forms.ChoiceField(
        label=_("From or to"),
        choices=[(Account.SAFE, _("The safe")), (Account.BANK, _("The bank or the treasury"))],
    )
    amount = DongField()
    reason = forms.CharField(label=_("Reason"), max_length=300)


class CountForm(forms.Form):
    """How many of each note there are."""

    explanation = forms.CharField(
        label=_("Explanation of a difference"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    field_order = (*(f"note_{note}" for note in NOTES), "explanation")

    def __init__(self, told: Mapping[str, str] | None = None) -> None:
        super().__init__(told)
        for note in NOTES:
            self.fields[f"note_{note}"] = forms.IntegerField(
                label=gettext("Notes of %(note)s") % {"note": format_dong(note)},
                required=False,
                min_value=0,
                max_value=100_000,
                widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            )
        self.order_fields(self.field_order)

    def notes(self) -> dict[int, int]:
        """Return how many of each note were counted."""
        return {note: self.cleaned_data.get(f"note_{note}") or 0 for note in NOTES}


class DrawerForm(forms.Form):
    """The name of a drawer, and whether it is in use."""

    name = forms.CharField(label=_("Name"), max_length=80)
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)

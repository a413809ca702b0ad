from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tangthu.core.money import Money
from tangthu.fees.models import CashSession, FeeKind, Means
from tangthu.fees.policy import amount_of
from tangthu.libraries.models import Library

if TYPE_CHECKING:
    SessionBase = forms.ModelChoiceField[CashSession]
else:
    SessionBase = forms.ModelChoiceField


class DongField(forms.CharField):
    """An amount as people write it: 25000, 25.000 or 25 000 đ. Gives Money, or None when empty."""

    def __init__(self, *, label: object = _("Amount (đồng)"), **options: object) -> None:
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        super().__init__(label=label, max_length=30, widget=widget, **options)  # type: ignore[arg-type]

    def clean(self, value: object) -> Money | None:
        text = super().clean(value)
        if not text:
            return None
        amount = amount_of(text)
        if amount is None or amount < 0:
            raise ValidationError(_("Enter an amount in whole đồng, such as 25.000."))
        return Money(amount)


class SessionField(SessionBase):
    """One of the drawers that are open."""

    def label_from_instance(self, obj: CashSession) -> str:
        return f"{obj.drawer.name} ({obj.opened_by})"


class ThroughForm(forms.Form):
    """By what means money comes or goes; the drawer is asked for only where there are several."""

    means = forms.ChoiceField(
        label=_("Paid by"), choices=Means.choices, initial=Means.CASH, widget=forms.RadioSelect
    )
    session = SessionField(
        label=_("Drawer"),
        queryset=CashSession.objects.none(),
        required=False,
        empty_label=_("Mine"),
    )

    def __init__(self, *args: object, library: Library, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        here = CashSession.objects.open().filter(drawer__library=library)
        if here.count() > 1:
            field = self.fields["session"]
            field.queryset = here.select_related("drawer")  # type: ignore[attr-defined]
        else:
            del self.fields["session"]


class MoneyForm(ThroughForm):
    """An amount that comes or goes, and a note that stays in the books."""

    amount = DongField()
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    field_order = ("amount", "means", "session", "note")

    def __init__(
        self, *args: object, library: Library, note_needed: bool = False, **options: object
    ) -> None:
        super().__init__(*args, library=library, **options)
        if note_needed:
            self.fields["note"].required = True
            self.fields["note"].label = _("Reason")


class ChargeForm(forms.Form):
    """A fee entered by hand."""

    kind = forms.ChoiceField(
        label=_("Kind of fee"), choices=FeeKind.choices, initial=FeeKind.PHOTOCOPY
    )
    amount = DongField()
    note = forms.CharField(
        label=_("Note"),
        max_length=300,
        required=False,
        help_text=_("What it is for: 24 pages, A4."),
    )


class ReasonForm(forms.Form):
    """Why an entry is taken back."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("It stays in the books.")
    )


class WaiverForm(ReasonForm):
    """How much of a charge is forgiven, and why."""

    amount = DongField(required=False, help_text=_("Left empty, all that is still open."))

    field_order = ("amount", "reason")

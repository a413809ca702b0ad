from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from tangthu.circulation.desk import MAX_INPUT, Mode


class ScanForm(forms.Form):
    """What the desk's one input sends: the text, what a barcode asks for, and the patron there."""

    q = forms.CharField(label=_("Card, barcode, name or title"), max_length=MAX_INPUT, strip=True)
    mode = forms.ChoiceField(
        choices=[(mode, mode) for mode in Mode], required=False, initial=Mode.LEND
    )
    patron = forms.CharField(max_length=60, required=False)
    override = forms.CharField(max_length=400, required=False)

    def clean_mode(self) -> Mode:
        return Mode(self.cleaned_data["mode"] or Mode.LEND)

    def clean_override(self) -> tuple[str, ...]:
        return tuple(code for code in self.cleaned_data["override"].split(",") if code)

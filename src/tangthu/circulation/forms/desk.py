"""The desk's one input, and a self-service station."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from tangthu.circulation.desk import MAX_INPUT, Mode
from tangthu.circulation.permissions import CirculationPermission
from tangthu.core.actor import Actor
from tangthu.libraries.fields import LibraryField, libraries_for, offer
from tangthu.libraries.models import Library


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


class StationForm(forms.Form):
    """A new self-service station: where it stands, and what it is called."""

    library = LibraryField(label=_("Library"), queryset=Library.objects.none())
    name = forms.CharField(
        label=_("Name of the station"),
        max_length=80,
        help_text=_("Where readers find it, such as “Hall, by the door”."),
    )

    def __init__(self, data: Mapping[str, str] | None = None, *, actor: Actor) -> None:
        super().__init__(data, initial={"library": actor.library_id})
        offer(self, "library", libraries_for(actor, CirculationPermission.OPEN_STATIONS))

"""The form of a place to which a parcel goes, for the desk and for readers."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from tangthu.delivery.models import Route
from tangthu.delivery.reading import Destination, post_points
from tangthu.libraries.fields import offer
from tangthu.libraries.models import Library
from tangthu.text.phones import normalise_phone


class DestinationForm(forms.Form):
    """Where a parcel goes: to a door, or to a post-office culture point."""

    name = forms.CharField(label=_("Recipient"), max_length=150)
    phone = forms.CharField(
        label=_("Phone"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    route = forms.ChoiceField(
        label=_("Where to"), choices=Route.choices, widget=forms.RadioSelect, initial=Route.DOOR
    )
    address = forms.CharField(
        label=_("Address"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    point = forms.ModelChoiceField(
        label=_("Post-office culture point"),
        queryset=Library.objects.none(),
        required=False,
        empty_label=_("None"),
    )

    def __init__(
        self, data: Mapping[str, str] | None = None, *, initial: Mapping[str, object]
    ) -> None:
        super().__init__(data, initial=dict(initial))
        points = post_points()
        offer(self, "point", points)
        if not points.exists():
            del self.fields["point"], self.fields["route"]

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"]
        if normalise_phone(phone) is None:
            raise forms.ValidationError(
                _("This is not a telephone number. Enter it as 0905 123 456.")
            )
        return phone

    def clean(self) -> dict[str, object]:
        told = self.cleaned_data
        to_point = told.get("route") == Route.POINT
        if to_point and not told.get("point"):
            self.add_error("point", _("Choose the point."))
        if not to_point and not str(told.get("address", "")).strip():
            self.add_error("address", _("The carrier needs an address."))
        return told

    def destination(self) -> Destination:
        told = self.cleaned_data
        to_point = told.get("route") == Route.POINT
        return Destination(
            name=told["name"],
            phone=told["phone"],
            address="" if to_point else told["address"],
            point=told.get("point") if to_point else None,
        )

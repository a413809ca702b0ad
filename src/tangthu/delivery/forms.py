from __future__ import annotations

from collections.abc import Iterable, Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from tangthu.core.actor import Actor
from tangthu.delivery.models import Carrier, CarrierKind, Delivery, FailReason, Route
from tangthu.delivery.permissions import DeliveryPermission
from tangthu.delivery.reading import Destination, post_points
from tangthu.libraries.fields import LibraryField, libraries_for, offer
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
        super().__init__(data, initial=initial)
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


class AddressForm(DestinationForm):
    """Correcting where a parcel goes, with the number under which a carrier tracks it."""

    tracking_number = forms.CharField(
        label=_("Tracking number of the carrier"), max_length=60, required=False
    )

    @staticmethod
    def of(delivery: Delivery, data: Mapping[str, str] | None = None) -> AddressForm:
        initial = {
            "name": delivery.name,
            "phone": delivery.phone,
            "route": delivery.route,
            "address": delivery.address,
            "point": delivery.point_id,
            "tracking_number": delivery.tracking_number,
        }
        return AddressForm(data, initial=initial)


class StaffRequestForm(DestinationForm):
    """A request by telephone: which books, and where to."""

    library = LibraryField(label=_("Library"), queryset=Library.objects.none())
    barcodes = forms.CharField(
        label=_("Barcodes of the books"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One in each line; another copy of the book may be sent."),
    )
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(
        self,
        data: Mapping[str, str] | None = None,
        *,
        actor: Actor,
        initial: Mapping[str, object],
    ) -> None:
        super().__init__(data, initial=initial)
        offer(self, "library", libraries_for(actor, DeliveryPermission.HANDLE))


class FailForm(forms.Form):
    """Why a parcel was not handed over."""

    why = forms.ChoiceField(label=_("Why"), choices=FailReason.choices)
    note = forms.CharField(max_length=200, required=False, strip=True)


class CarrierForm(forms.Form):
    """A carrier of the library."""

    library = LibraryField(label=_("Library"), queryset=Library.objects.none())
    name = forms.CharField(label=_("Name"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=CarrierKind.choices)
    phone = forms.CharField(label=_("Phone"), max_length=20, required=False)
    point = forms.ModelChoiceField(
        label=_("Post-office culture point"),
        queryset=Library.objects.none(),
        required=False,
        empty_label=_("None"),
    )
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)

    def __init__(
        self,
        data: Mapping[str, str] | None = None,
        *,
        actor: Actor,
        carrier: Carrier | None = None,
    ) -> None:
        initial = {"library": actor.library_id, "is_active": True}
        super().__init__(data, initial=_told(carrier) if carrier else initial)
        offer(self, "library", libraries_for(actor, DeliveryPermission.APPROVE))
        offer(self, "point", post_points())
        if carrier is not None:
            del self.fields["library"]


def _told(carrier: Carrier) -> dict[str, object]:
    names: Iterable[str] = ("name", "kind", "phone", "point_id", "is_active")
    told = {name: getattr(carrier, name) for name in names}
    return {**told, "point": told["point_id"]}

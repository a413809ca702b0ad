from __future__ import annotations

from collections.abc import Iterable, Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from tangthu.core.actor import Actor
from tangthu.delivery.destinations import DestinationForm
from tangthu.delivery.models import Carrier, CarrierKind, Delivery, FailReason
from tangthu.delivery.permissions import DeliveryPermission
from tangthu.delivery.reading import post_points
from tangthu.libraries.fields import LibraryField, libraries_for, offer
from tangthu.libraries.models import Library


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

"""What the desk says when it places or changes a hold, or sends a copy."""

from __future__ import annotations

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from tangthu.circulation.models import CancelReason
from tangthu.circulation.wishing import WishForm, pickup_libraries
from tangthu.libraries.fields import LibraryField, offer
from tangthu.libraries.models import Library


class DeskWishForm(WishForm):
    """The same at the desk, which says for whom."""

    card = forms.CharField(label=_("Reader's card"), max_length=60)
    override = forms.CharField(max_length=400, required=False, widget=forms.HiddenInput)
    field_order = ("card", "pickup", "item", "starts_on", "expires_on")

    def clean_override(self) -> tuple[str, ...]:
        return tuple(code for code in self.cleaned_data["override"].split(",") if code)


class PickupForm(forms.Form):
    """Another library at which a hold is fetched."""

    pickup = LibraryField(label=_("To fetch at"), queryset=Library.objects.none(), empty_label=None)

    def __init__(self, *args: object, today: date, **kw: object) -> None:
        super().__init__(*args, **kw)  # type: ignore[arg-type]
        offer(self, "pickup", pickup_libraries(today))


class CancelForm(forms.Form):
    """Why the desk cancels a hold."""

    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[
            (reason.value, reason.label)
            for reason in (CancelReason.BY_DESK, CancelReason.NO_COPY, CancelReason.BY_READER)
        ],
        required=False,
    )


class SendForm(forms.Form):
    """A copy that is sent to another library."""

    barcode = forms.CharField(label=_("Barcode"), max_length=60)
    to = LibraryField(label=_("To"), queryset=Library.objects.none(), empty_label=None)
    send_now = forms.BooleanField(label=_("It leaves now"), required=False, initial=True)

    def __init__(self, *args: object, today: date, **kw: object) -> None:
        super().__init__(*args, **kw)  # type: ignore[arg-type]
        offer(self, "to", pickup_libraries(today))

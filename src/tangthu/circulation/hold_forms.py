"""What the desk and the reader say when they place or change a hold, or send a copy."""

from __future__ import annotations

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from tangthu.catalogue.models import Item
from tangthu.circulation.models import CancelReason
from tangthu.libraries.fields import LibraryField, offer
from tangthu.libraries.models import Library, LibraryKind, LibraryQuerySet


def pickup_libraries(today: date) -> LibraryQuerySet:
    """Return the libraries at which a copy can be fetched: all that live, but for the network."""
    return Library.objects.living(today).exclude(kind=LibraryKind.NETWORK).in_tree_order()


def _day() -> forms.DateInput:
    attributes = {
        "placeholder": _("dd/mm/yyyy"),
        "inputmode": "numeric",
        "autocomplete": "off",
    }
    return forms.DateInput(attrs=attributes)


class WishForm(forms.Form):
    """Where a hold is fetched, which copy will do, and from when until when it counts."""

    pickup = LibraryField(label=_("To fetch at"), queryset=Library.objects.none(), empty_label=None)
    item = forms.ModelChoiceField(
        label=_("Copy"),
        queryset=Item.objects.none(),
        required=False,
        empty_label=_("Any copy: the first that comes"),
    )
    starts_on = forms.DateField(
        label=_("From"),
        help_text=_("Leave it empty to wait from now on."),
        required=False,
        widget=_day(),
    )
    expires_on = forms.DateField(
        label=_("Until"),
        help_text=_("After this day it is of no use any more."),
        required=False,
        widget=_day(),
    )

    def __init__(
        self, *args: object, today: date, copies: list[Item], own: Library, **kw: object
    ) -> None:
        super().__init__(*args, **kw)  # type: ignore[arg-type]
        offer(self, "pickup", pickup_libraries(today))
        self.fields["pickup"].initial = own.pk
        field = self.fields["item"]
        field.queryset = Item.objects.filter(  # type: ignore[attr-defined]
            pk__in=[copy.pk for copy in copies]
        ).select_related("library")
        field.label_from_instance = copy_label  # type: ignore[attr-defined]
        if len(copies) < 2:
            del self.fields["item"]


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


def copy_label(item: Item) -> str:
    """Return what tells a copy from the others of its title."""
    parts = (item.accession_number, item.call_number, item.note, item.library.name)
    return " · ".join(part for part in parts if part)

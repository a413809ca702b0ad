"""What is said when a hold is placed, by the reader or for them."""

from __future__ import annotations

from datetime import date

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from tangthu.catalogue.models import Item
from tangthu.circulation.errors import RestEndsTooSoon
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


class RestForm(forms.Form):
    """Until when a hold rests; no day means until somebody lets it count again."""

    until = forms.DateField(label=_("Until"), required=False, widget=_day())


def told_rest(data: QueryDict) -> date | None:
    """Return until when a hold is to rest; raises RestEndsTooSoon for what is no day."""
    form = RestForm(data)
    if not form.is_valid():
        raise RestEndsTooSoon("until")
    until: date | None = form.cleaned_data["until"]
    return until


def copy_label(item: Item) -> str:
    """Return what tells a copy from the others of its title."""
    parts = (item.accession_number, item.call_number, item.note, item.library.name)
    return " · ".join(part for part in parts if part)

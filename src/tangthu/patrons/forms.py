from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tangthu.core.actor import Actor
from tangthu.libraries.fields import LibraryField, libraries_for, offer
from tangthu.libraries.models import Library
from tangthu.patrons.actions import CategoryData, PatronData
from tangthu.patrons.models import Patron, PatronCategory, RestrictionKind
from tangthu.patrons.permissions import PatronsPermission
from tangthu.patrons.reading import patron_by_card
from tangthu.text.phones import local_phone

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as Promise

Data = Mapping[str, Any] | None
Initial = MutableMapping[str, Any] | None
"""What Django's forms take; the values of both may be of any type."""

_PLAIN = {"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}


def _day(label: Promise, *, help_text: Promise | str = "") -> forms.DateField:
    widget = forms.DateInput(
        attrs={"placeholder": _("dd/mm/yyyy"), "inputmode": "numeric", "autocomplete": "off"}
    )
    return forms.DateField(label=label, required=False, widget=widget, help_text=help_text)


class PatronForm(forms.Form):
    """A reader. The first fields are enough at the desk; the page folds the others."""

    name = forms.CharField(
        label=_("Full name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    birth_on = _day(_("Date of birth"))
    category = forms.ModelChoiceField(
        label=_("Patron category"), queryset=PatronCategory.objects.all(), empty_label=None
    )
    phone = forms.CharField(
        label=_("Phone"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    address = forms.CharField(
        label=_("Address"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    guardian_card = forms.CharField(
        label=_("Guardian's card"),
        max_length=60,
        required=False,
        help_text=_("If the guardian is a reader of the library."),
        widget=forms.TextInput(attrs=_PLAIN),
    )
    guardian_name = forms.CharField(label=_("Guardian's name"), max_length=150, required=False)
    guardian_phone = forms.CharField(
        label=_("Guardian's phone"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    email = forms.EmailField(label=_("E-mail"), max_length=254, required=False)
    library = LibraryField(
        label=_("Home library"), queryset=Library.objects.none(), empty_label=None
    )
    expires_on = _day(
        _("Card valid until"), help_text=_("Empty: as long as the category says, from today.")
    )
    citizen_number = forms.CharField(
        label=_("Citizen number"),
        max_length=30,
        required=False,
        help_text=_("12 digits. It is stored encrypted; who looks at it is written down."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", **_PLAIN}),
    )
    sort_name = forms.CharField(
        label=_("Sort name"),
        max_length=160,
        required=False,
        help_text=_("Empty: computed from the name (An | Nguyễn | Văn)."),
    )
    note = forms.CharField(
        label=_("Note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, data: Data = None, *, actor: Actor, initial: Initial = None) -> None:
        super().__init__(data, initial=initial)
        self.actor = actor
        offer(self, "library", libraries_for(actor, PatronsPermission.EDIT_PATRONS))

    def clean_guardian_card(self) -> Patron | None:
        card = self.cleaned_data["guardian_card"]
        if not card:
            return None
        guardian = patron_by_card(card, by=self.actor)
        if guardian is None:
            raise forms.ValidationError(_("There is no reader with this card at your libraries."))
        return guardian

    def told(self, **others: str) -> PatronData:
        """Return what the form says of the reader."""
        said = dict(self.cleaned_data)
        fields = PatronData.__dataclass_fields__
        kept = {name: value for name, value in said.items() if name in fields}
        return PatronData(guardian=said["guardian_card"], **{**kept, **others})


class NewPatronForm(PatronForm):
    card = forms.CharField(
        label=_("Card number"),
        max_length=60,
        required=False,
        help_text=_("Empty: the next number of the library."),
        widget=forms.TextInput(attrs=_PLAIN),
    )


class EditPatronForm(PatronForm):
    version = forms.IntegerField(widget=forms.HiddenInput)
    forget_citizen_number = forms.BooleanField(label=_("Remove the number kept"), required=False)

    def __init__(self, data: Data = None, *, patron: Patron, actor: Actor) -> None:
        super().__init__(data, actor=actor, initial=_initial(patron))
        self.fields["expires_on"].required = True
        self.fields["expires_on"].help_text = ""
        if patron.has_citizen_number:
            self.fields["citizen_number"].help_text = _(
                "A number is kept, encrypted. Enter one here only to replace it."
            )
        else:
            del self.fields["forget_citizen_number"]


def _initial(patron: Patron) -> dict[str, object]:
    same = ("name", "birth_on", "address", "email", "expires_on", "sort_name", "note", "version")
    return {
        **{name: getattr(patron, name) for name in same},
        "category": patron.category_id,
        "library": patron.library_id,
        "phone": patron.dialled_phone,
        "guardian_card": patron.guardian.card if patron.guardian else "",
        "guardian_name": patron.guardian_name,
        "guardian_phone": local_phone(patron.guardian_phone),
    }


class PatronFilterForm(forms.Form):
    """What the list of readers is narrowed and sorted by. All of it stands in the address."""

    q = forms.CharField(required=False, max_length=200)
    category = forms.ModelChoiceField(
        label=_("Patron category"),
        queryset=PatronCategory.objects.all(),
        to_field_name="code",
        required=False,
        empty_label=_("All categories"),
    )
    library = LibraryField(
        label=_("Library"),
        queryset=Library.objects.none(),
        required=False,
        empty_label=_("All libraries"),
    )
    state = forms.ChoiceField(
        label=_("Card"),
        required=False,
        choices=[
            ("", _("All cards")),
            ("valid", _("Valid")),
            ("expiring", _("Ends within 30 days")),
            ("expired", _("Expired")),
            ("lost", _("Reported lost")),
            ("withdrawn", _("Card withdrawn")),
            ("restricted", _("Restricted")),
        ],
    )
    sort = forms.ChoiceField(
        required=False,
        choices=[
            (order, order) for order in ("name", "-name", "card", "-card", "expires", "-expires")
        ],
        widget=forms.HiddenInput,
    )

    def __init__(self, data: Data, *, actor: Actor) -> None:
        super().__init__(data)
        offer(self, "library", libraries_for(actor, PatronsPermission.SEE_PATRONS))


class RestrictionForm(forms.Form):
    kind = forms.ChoiceField(label=_("Why"), choices=RestrictionKind.choices)
    until = _day(_("Until"), help_text=_("Empty: until somebody lifts it."))
    note = forms.CharField(label=_("What happened"), max_length=300, required=False)

    def clean_until(self) -> date | None:
        until: date | None = self.cleaned_data["until"]
        if until is not None and until < timezone.localdate():
            raise forms.ValidationError(_("This day is over."))
        return until


class ReplaceCardForm(forms.Form):
    card = forms.CharField(
        label=_("New card number"),
        max_length=60,
        required=False,
        help_text=_("Empty: the next number of the library."),
        widget=forms.TextInput(attrs=_PLAIN),
    )


_age = partial(forms.IntegerField, required=False, min_value=0, max_value=120)


class CategoryForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=100)
    code = forms.SlugField(
        label=_("Code"),
        max_length=30,
        help_text=_("Short, without marks. Programs and import files know the category by it."),
    )
    minimum_age = _age(label=_("From age"))
    maximum_age = _age(label=_("To age"))
    card_months = forms.IntegerField(
        label=_("Months a card is valid"), min_value=1, max_value=120, initial=12
    )
    needs_guardian = forms.BooleanField(label=_("Needs a guardian"), required=False)

    def clean(self) -> None:
        super().clean()
        lowest = self.cleaned_data.get("minimum_age")
        highest = self.cleaned_data.get("maximum_age")
        if lowest is not None and highest is not None and highest < lowest:
            self.add_error("maximum_age", _("This is less than the age it begins with."))

    def told(self) -> CategoryData:
        """Return what the form says of the category."""
        return CategoryData(**self.cleaned_data)

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tangthu.libraries.fields import LibraryField
from tangthu.libraries.models import Library, LibraryKind, LibraryQuerySet
from tangthu.libraries.reading import network
from tangthu.patrons import policy
from tangthu.patrons.actions.applying import AboutYou, HowToReach
from tangthu.patrons.models import Application, PatronCategory
from tangthu.patrons.photos import LARGEST_FILE

Data = Mapping[str, Any] | None
"""What Django's forms take; the values may be of any type."""

NOT_FOR_READERS = (LibraryKind.NETWORK, LibraryKind.PRISON)


class AboutForm(forms.Form):
    """Who applies. A scanner may type a whole card's text where the number goes."""

    citizen_number = forms.CharField(
        label=_("Citizen number"),
        max_length=1000,
        required=False,
        help_text=_("12 digits. Stored encrypted. You may leave it out and show your card later."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-card": "number"}),
    )
    name = forms.CharField(
        label=_("Full name"),
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name", "data-card": "name"}),
    )
    birth_on = forms.DateField(
        label=_("Date of birth"),
        required=False,
        widget=forms.DateInput(
            attrs={
                "placeholder": _("dd/mm/yyyy"),
                "inputmode": "numeric",
                "autocomplete": "bday",
                "data-card": "birth",
            }
        ),
    )
    address = forms.CharField(
        label=_("Address"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "street-address", "data-card": "address"}),
    )
    forget_number = forms.BooleanField(label=_("Remove the number kept"), required=False)
    # What no person sees or fills. Programs that fill every field are known by it.
    website = forms.CharField(required=False)

    def __init__(self, data: Data = None, *, application: Application | None) -> None:
        super().__init__(data, initial=_about(application))
        if application is None or not application.has_citizen_number:
            del self.fields["forget_number"]
        else:
            self.fields["citizen_number"].help_text = _(
                "A number is kept, encrypted. Enter one here only to replace it."
            )

    @property
    def is_program(self) -> bool:
        """Whether a program filled the form."""
        return bool(self.data.get("website"))

    def told(self) -> AboutYou:
        """Return what the form says."""
        said = self.cleaned_data
        return AboutYou(
            name=said["name"],
            birth_on=said["birth_on"],
            address=said["address"],
            citizen_number=said["citizen_number"],
            forget_number=said.get("forget_number", False),
        )


class ReachForm(forms.Form):
    """Where to be a reader, which card, and how to be reached; for a child, by whom."""

    library = LibraryField(
        label=_("Your library"), queryset=Library.objects.none(), empty_label=_("Choose…")
    )
    category = forms.ModelChoiceField(
        label=_("Which card"), queryset=PatronCategory.objects.none(), empty_label=None
    )
    phone = forms.CharField(
        label=_("Phone"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        required=False,
        help_text=_("If you have one."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    guardian_name = forms.CharField(label=_("Guardian's name"), max_length=150, required=False)
    guardian_relation = forms.CharField(
        label=_("Father, mother or who else"), max_length=60, required=False
    )
    guardian_phone = forms.CharField(
        label=_("Guardian's phone"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )

    def __init__(self, data: Data = None, *, application: Application, is_child: bool) -> None:
        super().__init__(data, initial=_reach(application))
        offered = offered_categories()
        self.fields["library"].queryset = _libraries(offered)  # type: ignore[attr-defined]
        self.fields["category"].queryset = _categories(offered, application)  # type: ignore[attr-defined]
        if application.category_id is None:
            self.initial["category"] = _likely(_categories(offered, application))
        if is_child:
            self.fields["phone"].help_text = _("The child's own, if there is one.")
        else:
            for name in ("guardian_name", "guardian_relation", "guardian_phone"):
                del self.fields[name]

    def told(self) -> HowToReach:
        """Return what the form says."""
        return HowToReach(**self.cleaned_data)


class PhotoForm(forms.Form):
    photo = forms.FileField(
        label=_("Photo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )

    @property
    def sent(self) -> bytes | None:
        """What is in the file, if one came; of one that is too large, a little more than may be."""
        found = self.cleaned_data.get("photo")
        return None if found is None else bytes(found.read(LARGEST_FILE + 1))


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code of your application"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )


def offered_categories() -> dict[int, frozenset[str]]:
    """Return, for every library that takes applications, the codes of the cards it gives."""
    known, today = network(), timezone.localdate()
    living = Library.objects.living(today).exclude(kind__in=NOT_FOR_READERS)
    found = {
        library.pk: frozenset(
            str(known.preference(library.chain, "application_categories")).replace(",", " ").split()
        )
        for library in living
    }
    return {pk: codes for pk, codes in found.items() if codes}


def _libraries(offered: Mapping[int, frozenset[str]]) -> LibraryQuerySet:
    return Library.objects.filter(pk__in=list(offered)).in_tree_order()


def _categories(offered: Mapping[int, frozenset[str]], application: Application) -> Any:
    codes = frozenset[str]().union(*offered.values())
    return PatronCategory.objects.filter(
        pk__in=[
            category.pk
            for category in PatronCategory.objects.filter(code__in=codes)
            if _fits(category, application.birth_on)
        ]
    )


def _likely(categories: Iterable[PatronCategory]) -> int | None:
    """Return the card made for the applicant's age, before those that are for any age."""
    bounded = [each for each in categories if each.minimum_age or each.maximum_age]
    return bounded[0].pk if bounded else None


def _fits(category: PatronCategory, birth_on: date | None) -> bool:
    if birth_on is None:
        return True
    age = policy.age_on(birth_on, timezone.localdate())
    lowest, highest = category.minimum_age, category.maximum_age
    return (lowest is None or age >= lowest) and (highest is None or age <= highest)


def _about(application: Application | None) -> dict[str, object]:
    if application is None:
        return {}
    same = ("name", "birth_on", "address")
    return {name: getattr(application, name) for name in same}


def _reach(application: Application) -> dict[str, object]:
    return {
        "library": application.library_id,
        "category": application.category_id,
        "phone": application.dialled_phone,
        "email": application.email,
        "guardian_name": application.guardian_name,
        "guardian_relation": application.guardian_relation,
        "guardian_phone": application.dialled_guardian_phone,
    }

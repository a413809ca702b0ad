from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tangthu.catalogue import labels
from tangthu.catalogue.actions import ItemChanges, ItemData
from tangthu.catalogue.actions.items import MOST_COPIES
from tangthu.catalogue.models import Item, ItemStatus, ItemType, OnDuplicate
from tangthu.catalogue.permissions import CataloguePermission
from tangthu.catalogue.reading import NEWEST, ORDERS, Wanted
from tangthu.core import wording
from tangthu.core.actor import Actor
from tangthu.formats.marc.build import Worksheet, from_marc, to_marc
from tangthu.formats.marc.identifiers import isbn13
from tangthu.formats.marc.items import price_in_dong
from tangthu.formats.marc.materials import MaterialType
from tangthu.formats.marc.record import MarcRecord
from tangthu.libraries.fields import LibraryField, libraries_for, offer
from tangthu.libraries.models import Library, Location

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as Promise

    LocationBase = forms.ModelChoiceField[Location]
else:
    LocationBase = forms.ModelChoiceField

Data = Mapping[str, Any] | None

LONGEST_UPLOAD = getattr(settings, "IMPORT_LARGEST_BYTES", 512 * 1024 * 1024)
_CHOSEN_BY_HAND = frozenset(ItemStatus) - {
    ItemStatus.WITHDRAWN,
    ItemStatus.LENT_AS_SCAN,
    ItemStatus.IN_DIGITISATION,
}
_PLAIN = {"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}


def _text(label: Promise, *, length: int = 300, help_text: Promise | str = "") -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off"})
    return forms.CharField(
        label=label, max_length=length, required=False, widget=widget, help_text=help_text
    )


def _lines(label: Promise, help_text: Promise) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3, "autocomplete": "off"})
    return forms.CharField(
        label=label, max_length=5000, required=False, widget=widget, help_text=help_text
    )


class RecordForm(forms.Form):
    """A document in a dozen fields; what the form does not know of a record stays in it."""

    title = forms.CharField(
        label=_("Title"), max_length=1000, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    subtitle = _text(_("Other title information"), length=1000)
    author = _text(_("Author"), help_text=_("As on the title page: Nguyễn Du, Y Ƀlŭl Niê Blô."))
    other_authors = _lines(
        _("Further persons"), _("One on each line, with what they did: Lê Hoài Ân (dịch).")
    )
    isbn = _text(_("ISBN"), length=60)
    keep_isbn = forms.BooleanField(
        label=_("The book is printed with this number: keep it"), required=False
    )
    place = _text(_("Place of publication"))
    publisher = _text(_("Publisher"))
    year = _text(_("Year of publication"), length=30)
    extent = _text(_("Pages, illustrations, size"), help_text=_("245 tr. : minh hoạ ; 21 cm"))
    language = forms.ChoiceField(label=_("Language"), required=False)
    class_number = _text(_("Class number"), length=60, help_text=_("DDC, such as 895.922."))
    subjects = _lines(
        _("Subject headings"), _("One on each line; parts with two hyphens: Cà phê--Đắk Lắk.")
    )
    responsibility = _text(_("Statement of responsibility"), length=1000)
    edition = _text(_("Edition"))
    series = _text(_("Series"), length=500)
    book_number = _text(_("Book number"), length=60)
    keywords = _lines(_("Keywords"), _("One on each line."))
    price = _text(_("Price"), length=60)
    summary = forms.CharField(
        label=_("Summary"),
        max_length=9000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    note = _text(_("Note"), length=3000)
    material = forms.ChoiceField(label=_("Kind of document"))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Data = None, *, base: MarcRecord | None = None) -> None:
        shown = from_marc(base) if base is not None else Worksheet(language="vie")
        super().__init__(data, initial=_initial(shown))
        self.base = base
        language = cast(forms.ChoiceField, self.fields["language"])
        language.choices = _with_own(labels.LANGUAGES, shown.language)
        material = cast(forms.ChoiceField, self.fields["material"])
        material.choices = list(labels.MATERIALS.items())

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        fault = _isbn_fault(told.get("isbn") or "")
        if fault and not told.get("keep_isbn"):
            self.add_error("isbn", fault)
        return told

    def offers_to_keep_isbn(self) -> bool:
        """Whether the page shows the box that keeps a misprinted number."""
        return "isbn" in self.errors or bool(self["keep_isbn"].value())

    def marc(self) -> MarcRecord:
        """Return the record that the form tells, upon the one that it began with."""
        told = self.cleaned_data
        said = {name: told[name] for name in Worksheet.__dataclass_fields__}
        said |= {name: _split(told[name]) for name in ("other_authors", "subjects", "keywords")}
        said["material"] = MaterialType(told["material"])
        return to_marc(Worksheet(**said), self.base)


class NewRecordForm(RecordForm):
    library = LibraryField(label=_("Belongs to"), queryset=Library.objects.none(), empty_label=None)

    def __init__(self, data: Data = None, *, actor: Actor) -> None:
        super().__init__(data)
        offer(self, "library", libraries_for(actor, CataloguePermission.EDIT_RECORDS))
        self.initial["library"] = actor.library_id


class LocationField(LocationBase):
    """Choose a stack, named with its library."""

    def label_from_instance(self, obj: Location) -> str:
        return f"{obj.library.name}: {obj.name}"


_TOLD_AS_THEY_ARE = (
    "accession_number",
    "barcode",
    "call_number",
    "status",
    "materials",
    "note",
    "version",
)


class ItemForm(forms.Form):
    """One copy."""

    library = LibraryField(label=_("Library"), queryset=Library.objects.none(), empty_label=None)
    location = LocationField(
        label=_("Stack"),
        queryset=Location.objects.none(),
        required=False,
        empty_label=_("Not in a stack yet"),
    )
    item_type = forms.ModelChoiceField(
        label=_("Item type"), queryset=ItemType.objects.all(), empty_label=None
    )
    accession_number = forms.CharField(
        label=_("Accession number"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs=_PLAIN),
    )
    barcode = forms.CharField(
        label=_("Barcode"), max_length=80, required=False, widget=forms.TextInput(attrs=_PLAIN)
    )
    call_number = _text(_("Call number"), length=100)
    price = forms.CharField(
        label=_("Price"),
        max_length=30,
        required=False,
        help_text=_("In đồng: 25.000"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", **_PLAIN}),
    )
    status = forms.ChoiceField(label=_("Status"))
    materials = _text(
        _("Loose parts"),
        length=200,
        help_text=_("What belongs to the copy, such as 1 CD; the desk checks that it is there."),
    )
    note = _text(_("Note"))

    def __init__(self, data: Data = None, *, actor: Actor, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        libraries = libraries_for(actor, CataloguePermission.EDIT_ITEMS)
        offer(self, "library", libraries)
        places = Location.objects.filter(library__in=libraries, is_active=True)
        field = cast(LocationField, self.fields["location"])
        field.queryset = places.select_related("library")
        status = cast(forms.ChoiceField, self.fields["status"])
        offered = _CHOSEN_BY_HAND | {initial.get("status")}
        status.choices = [choice for choice in ItemStatus.choices if choice[0] in offered]

    def clean_price(self) -> int | None:
        text = str(self.cleaned_data["price"]).strip()
        if not text:
            return None
        amount = price_in_dong(text)
        if amount is None or amount > 10**12 or text.startswith("-"):
            raise forms.ValidationError(_("Write the price in đồng with digits, such as 25.000."))
        return amount


class AddItemsForm(ItemForm):
    copies = forms.IntegerField(
        label=_("Number of copies"),
        min_value=1,
        max_value=MOST_COPIES,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    series = forms.CharField(
        label=_("Prefix of the numbers"),
        max_length=30,
        required=False,
        help_text=_("Such as VV. or TN. Empty: the library's code."),
        widget=forms.TextInput(attrs=_PLAIN),
    )

    def told(self) -> ItemData:
        """Return the copies as the action takes them."""
        told = {name: value for name, value in self.cleaned_data.items() if name != "copies"}
        return ItemData(prefix=told.pop("series") or None, **told)


class ChangeItemForm(ItemForm):
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Data = None, *, actor: Actor, item: Item) -> None:
        names = ("library", "location", "item_type")
        initial = {name: getattr(item, f"{name}_id") for name in names} | {
            name: getattr(item, name) for name in _TOLD_AS_THEY_ARE
        }
        initial["price"] = "" if item.price is None else str(item.price)
        super().__init__(data, actor=actor, initial=initial)
        for name in ("accession_number", "barcode"):
            self.fields[name].required = True

    def told(self) -> ItemChanges:
        """Return the changes as the action takes them."""
        told = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        return cast(ItemChanges, told)


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        required=False,
        help_text=_("Lost, torn, out of date … and the number of the record of withdrawal."),
    )


class ListForm(forms.Form):
    """What narrows the list of records; nonsense in the address is passed over."""

    q = forms.CharField(required=False, max_length=300)
    library = LibraryField(
        label=_("Library"),
        queryset=Library.objects.in_tree_order(),
        required=False,
        empty_label=_("All libraries"),
    )
    material = forms.ChoiceField(
        label=_("Kind of document"),
        required=False,
        choices=[("", _("All kinds")), *labels.MATERIALS.items()],
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("Hidden and shown")),
            ("shown", _("Shown to the public")),
            ("hidden", _("Hidden from the public")),
            ("without_items", _("Without copies")),
        ],
    )
    sort = forms.ChoiceField(required=False, choices=[(name, name) for name in ORDERS])

    def wanted(self) -> Wanted:
        """Return what is asked for, without what is not valid."""
        self.is_valid()
        told = self.cleaned_data
        return Wanted(
            q=told.get("q", ""),
            library=told.get("library"),
            material=told.get("material", ""),
            state=told.get("state", ""),
            sort=told.get("sort") or NEWEST,
        )


class ImportForm(forms.Form):
    file = forms.FileField(
        label=_("MARC file"),
        help_text=_("ISO 2709 (.mrc), MARCXML or MARC-in-JSON, in any encoding."),
    )
    library = LibraryField(
        label=_("Into the library"), queryset=Library.objects.none(), empty_label=None
    )
    on_duplicate = forms.ChoiceField(
        label=_("Documents that are there already"),
        choices=OnDuplicate.choices,
        widget=forms.RadioSelect,
        initial=OnDuplicate.SKIP,
        help_text=_("New copies are added to the description that is there in any case."),
    )
    item_profile = forms.ChoiceField(
        label=_("Copies"), choices=list(labels.PROFILES.items()), initial="auto"
    )
    dry_run = forms.BooleanField(
        label=_("Only try: write nothing, tell what would happen"), required=False
    )

    def __init__(
        self,
        data: Data = None,
        files: MultiValueDict[str, UploadedFile[Any]] | None = None,
        *,
        actor: Actor,
    ) -> None:
        super().__init__(data, files)
        offer(self, "library", libraries_for(actor, CataloguePermission.IMPORT_RECORDS))
        self.initial["library"] = actor.library_id

    def clean_file(self) -> UploadedFile[bytes]:
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > LONGEST_UPLOAD:
            limit = {"maximum_mb": LONGEST_UPLOAD // 1024 // 1024}
            raise forms.ValidationError(wording.sentence("file_too_large", limit))
        return file


def _initial(shown: Worksheet) -> dict[str, Any]:
    initial: dict[str, Any] = {
        name: getattr(shown, name) for name in Worksheet.__dataclass_fields__
    }
    return {
        name: "\n".join(value) if isinstance(value, tuple) else value
        for name, value in initial.items()
    }


def _with_own(known: Mapping[str, object], own: str) -> list[tuple[str, Any]]:
    """Return the choices, and the record's own code where it is none of them."""
    choices: list[tuple[str, Any]] = [("", _("Not stated")), *known.items()]
    return choices if own in known or not own else [*choices, (own, own)]


def _split(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _isbn_fault(text: str) -> str:
    """Return what is wrong with an ISBN, in words that help to find the mistake."""
    if not text.strip() or isbn13(text):
        return ""
    digits = "".join(letter for letter in text if letter.isdigit() or letter in "Xx")
    if len(digits) not in (10, 13):
        words = gettext("An ISBN has 10 or 13 digits; this one has %(count)s. Count them again.")
        return words % {"count": len(digits)}
    return gettext("The last digit does not fit the others. Compare the number with the book.")

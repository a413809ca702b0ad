from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from django import forms
from django.utils.translation import gettext_lazy as _

from tangthu.catalogue.models import Record
from tangthu.core.actor import Actor
from tangthu.core.numbers import whole_number
from tangthu.libraries.fields import LibraryField, libraries_for, offer
from tangthu.libraries.models import Library
from tangthu.repository.actions import ObjectData
from tangthu.repository.actions.batches import BatchData
from tangthu.repository.labels import LANGUAGES, RIGHTS
from tangthu.repository.models import (
    ACCESS_LABELS,
    KIND_LABELS,
    CaptionsKind,
    Collection,
    DigitalObject,
    IngestBatch,
)
from tangthu.repository.models.objects import RESTRICTION_LABELS
from tangthu.repository.permissions import RepositoryPermission

NOT_SAID = [("", _("Not said yet"))]
MOST_RECORDS = 50


class ObjectForm(forms.Form):
    """An object: what it is, its rights, who may open it, where it comes from."""

    title = forms.CharField(label=_("Title"), max_length=500)
    kind = forms.ChoiceField(label=_("Kind"), choices=list(KIND_LABELS.items()))
    library = LibraryField(label=_("Library"), queryset=Library.objects.none())
    description = forms.CharField(
        label=_("Description"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        choices=list(LANGUAGES.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    records = forms.CharField(
        label=_("Numbers of the records that it shows"),
        help_text=_("As in their addresses, with spaces between. May be left empty."),
        required=False,
        max_length=600,
    )
    collections = forms.ModelMultipleChoiceField(
        label=_("Collections"),
        queryset=Collection.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    rights = forms.ChoiceField(
        label=_("Copyright status"), choices=[*NOT_SAID, *RIGHTS.items()], required=False
    )
    rights_note = forms.CharField(
        label=_("Rights note"),
        help_text=_("Who holds the rights, who permitted what, and when."),
        required=False,
        max_length=500,
    )
    access = forms.ChoiceField(label=_("Who may open it"), choices=list(ACCESS_LABELS.items()))
    embargo_until = forms.DateField(
        label=_("Closed until the end of"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    restriction = forms.ChoiceField(
        label=_("Restriction"), choices=list(RESTRICTION_LABELS.items()), required=False
    )
    watermark = forms.BooleanField(
        label=_("Show who reads it across its pages: name, end of the card number, time"),
        help_text=_("On pages that are not open to everybody."),
        required=False,
    )
    consent_note = forms.CharField(
        label=_("Consent of those who are shown, heard or told of"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    provenance = forms.CharField(
        label=_("Where it comes from"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    printed_pages = forms.IntegerField(
        label=_("Pages in print"), required=False, min_value=1, max_value=100_000
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, object] | None = None,
        *,
        actor: Actor,
        obj: DigitalObject | None = None,
        record: Record | None = None,
    ) -> None:
        initial = _told(obj) if obj else _from_record(record, actor)
        super().__init__(data, initial=initial)
        self.fields["collections"].queryset = Collection.objects.in_tree_order()  # type: ignore[attr-defined]
        offer(self, "library", libraries_for(actor, RepositoryPermission.EDIT_OBJECTS))
        if obj is not None:
            del self.fields["library"], self.fields["kind"]

    def clean_records(self) -> tuple[Record, ...]:
        """Return the records, in the order in which they were named."""
        words = self.cleaned_data["records"].replace(",", " ").split()
        numbers = [whole_number(word) for word in words]
        ids = [number for number in numbers if number is not None]
        found = Record.objects.without_marc().in_bulk(ids[:MOST_RECORDS])
        if len(ids) != len(words) or len(found) != len(set(ids)):
            raise forms.ValidationError(_("One of these is not the number of a record."))
        return tuple(found[pk] for pk in dict.fromkeys(ids))

    @property
    def object_data(self) -> ObjectData:
        """The object as the form says it."""
        told = dict(self.cleaned_data)
        told.pop("library", None)
        told.pop("version", None)
        told["languages"] = " ".join(told["languages"])
        told["collections"] = tuple(told["collections"])
        return ObjectData(**told)


class BatchForm(forms.Form):
    """What all objects of a batch shall be."""

    rights = forms.ChoiceField(
        label=_("Copyright status"),
        choices=[("", _("Choose a statement")), *RIGHTS.items()],
        help_text=_("Of everything in the batch. What differs is sent apart, or changed later."),
    )
    access = forms.ChoiceField(label=_("Who may open it"), choices=list(ACCESS_LABELS.items()))
    embargo_until = forms.DateField(
        label=_("Closed until the end of"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    collections = forms.ModelMultipleChoiceField(
        label=_("Collections"),
        queryset=Collection.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: Mapping[str, object] | None = None, *, batch: IngestBatch) -> None:
        initial = {
            "rights": batch.rights,
            "access": batch.access,
            "embargo_until": batch.embargo_until,
            "collections": list(batch.collections.values_list("pk", flat=True)),
        }
        super().__init__(data, initial=initial)
        self._batch = batch
        self.fields["collections"].queryset = Collection.objects.in_tree_order()  # type: ignore[attr-defined]

    @property
    def batch_data(self) -> BatchData:
        """The batch as the form says it."""
        told = dict(self.cleaned_data)
        told["collections"] = tuple(told["collections"])
        return BatchData(name=self._batch.name, path=Path(self._batch.stored_path), **told)


class CollectionForm(forms.Form):
    """A collection of the digital library."""

    name = forms.CharField(label=_("Name"), max_length=200)
    code = forms.SlugField(
        label=_("Code"), max_length=40, help_text=_("Short, in plain letters: dia-chi")
    )
    parent = forms.ModelChoiceField(
        label=_("Stands below"),
        queryset=Collection.objects.none(),
        required=False,
        empty_label=_("Nothing: it is one of the main ones"),
    )
    description = forms.CharField(
        label=_("Description"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    position = forms.IntegerField(
        label=_("Place among its neighbours"), min_value=0, max_value=10_000, initial=0
    )

    def __init__(
        self, data: Mapping[str, object] | None = None, *, collection: Collection | None = None
    ) -> None:
        initial = (
            {
                "name": collection.name,
                "code": collection.code,
                "parent": collection.parent_id,
                "description": collection.description,
                "position": collection.position,
            }
            if collection
            else {}
        )
        super().__init__(data, initial=initial)
        self.fields["parent"].queryset = Collection.objects.in_tree_order()  # type: ignore[attr-defined]


class RecordingForm(forms.Form):
    """What a recording is called, and where its parts begin."""

    title = forms.CharField(label=_("Title"), max_length=300, required=False)
    chapters = forms.CharField(
        label=_("Chapters"),
        help_text=_("One a line: the time at which it begins, then its title: 12:40 The journey"),
        required=False,
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 8}),
    )


class CaptionsForm(forms.Form):
    """What a recording says, in one language."""

    language = forms.ChoiceField(label=_("Language"), choices=list(LANGUAGES.items()))
    kind = forms.ChoiceField(label=_("Kind"), choices=CaptionsKind.choices)
    file = forms.FileField(label=_("Captions (WebVTT or SubRip, UTF-8)"))


class WithdrawForm(forms.Form):
    """Why readers lose a document."""

    reason = forms.CharField(label=_("Why is it withdrawn?"), max_length=300)


def _told(obj: DigitalObject) -> dict[str, object]:
    names = (
        "title",
        "description",
        "rights",
        "rights_note",
        "access",
        "embargo_until",
        "restriction",
        "watermark",
        "consent_note",
        "provenance",
        "printed_pages",
        "version",
    )
    records = obj.links.values_list("record", flat=True)
    return {name: getattr(obj, name) for name in names} | {
        "languages": list(obj.language_codes),
        "records": " ".join(map(str, records)),
        "collections": list(obj.collections.values_list("pk", flat=True)),
    }


def _from_record(record: Record | None, actor: Actor) -> dict[str, object]:
    initial: dict[str, object] = {"library": actor.library_id, "access": "staff"}
    if record is not None:
        initial |= {
            "title": record.title,
            "records": str(record.pk),
            "languages": [record.language],
        }
    return initial

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tangthu.core.actor import Actor
from tangthu.libraries.fields import LibraryField, libraries_for, offer
from tangthu.libraries.models import Library
from tangthu.protocols.actions import SourceData
from tangthu.protocols.models import HarvestEvery, HarvestSource, MetadataPrefix
from tangthu.protocols.permissions import ProtocolPermission


class SourceForm(forms.Form):
    """A source as staff describe it. Where it belongs is chosen once."""

    name = forms.CharField(label=_("Name"), max_length=150)
    address = forms.URLField(
        label=_("Address of the repository (OAI-PMH base URL)"),
        max_length=500,
        assume_scheme="https",
        help_text=_("Such as https://thuvien.example.vn/oai"),
    )
    metadata_prefix = forms.ChoiceField(
        label=_("Form of the records"),
        choices=MetadataPrefix.choices,
        help_text=_("MARC 21 brings the most. Dublin Core is what every repository has."),
    )
    set_spec = forms.CharField(
        label=_("Set of records"),
        max_length=200,
        required=False,
        help_text=_("Left empty, everything is brought."),
    )
    every_hours = forms.TypedChoiceField(
        label=_("How often"), choices=HarvestEvery.choices, coerce=int, initial=HarvestEvery.WEEK
    )
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)
    library = LibraryField(label=_("New records belong to"), queryset=Library.objects.none())
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, actor: Actor, source: HarvestSource | None = None) -> None:
        super().__init__(*args)
        if source is not None:
            self.initial = _shown(source)
        offer(self, "library", libraries_for(actor, ProtocolPermission.HARVEST))
        if source is not None:
            del self.fields["library"]

    def data_of(self) -> SourceData:
        """Return what was said, as the deeds take it."""
        said = self.cleaned_data
        return SourceData(
            name=said["name"],
            address=said["address"],
            prefix=said["metadata_prefix"],
            set_spec=said["set_spec"],
            every_hours=said["every_hours"],
            is_active=said["is_active"],
        )


def _shown(source: HarvestSource) -> dict[str, object]:
    names = ("name", "address", "set_spec", "every_hours", "is_active", "version")
    shown = {name: getattr(source, name) for name in names}
    return shown | {"metadata_prefix": source.prefix}

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from tangthu.delivery.destinations import DestinationForm
from tangthu.libraries.fields import LibraryField, offer
from tangthu.libraries.models import Library


class AskForm(DestinationForm):
    """A reader's wish to have books brought or fetched. One library needs no choice."""

    library = LibraryField(label=_("Library"), queryset=Library.objects.none(), empty_label=None)
    note = forms.CharField(
        label=_("A word for the carrier"),
        max_length=300,
        required=False,
        help_text=_("Such as when somebody is at home."),
    )

    def __init__(
        self,
        data: Mapping[str, str] | None = None,
        *,
        initial: Mapping[str, object],
        libraries: Sequence[Library],
    ) -> None:
        preferred = {"library": libraries[0].pk} if libraries else {}
        super().__init__(data, initial={**initial, **preferred})
        pks = [library.pk for library in libraries]
        offer(self, "library", Library.objects.filter(pk__in=pks).in_tree_order())
        if len(libraries) == 1:
            self.fields["library"].widget = forms.HiddenInput()

"""Forms of the staff's queues: applications, contact changes, requests about personal data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tangthu.core.actor import Actor
from tangthu.patrons.actions.deciding import Approval
from tangthu.patrons.models import (
    Application,
    Patron,
    PatronCategory,
    RequestKind,
    ReturnReason,
)
from tangthu.patrons.reading import patron_by_card

Data = Mapping[str, Any] | None
"""What Django's forms take; the values may be of any type."""


class ApprovalForm(forms.Form):
    """What staff settle when they approve."""

    category = forms.ModelChoiceField(
        label=_("Patron category"), queryset=PatronCategory.objects.all(), empty_label=None
    )
    card = forms.CharField(
        label=_("Card number"),
        max_length=60,
        required=False,
        help_text=_("Empty: the next number of the library."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    guardian_card = forms.CharField(
        label=_("Guardian's card"),
        max_length=60,
        required=False,
        help_text=_("If the guardian is a reader of the library."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, data: Data = None, *, application: Application, actor: Actor) -> None:
        super().__init__(data, initial={"category": application.category_id})
        self.actor = actor
        if not application.guardian_name:
            del self.fields["guardian_card"]

    def clean_guardian_card(self) -> Patron | None:
        return reader_of(self.cleaned_data["guardian_card"], self.actor)

    def told(self) -> Approval:
        """Return what the form says."""
        said = self.cleaned_data
        return Approval(
            category=said["category"], card=said["card"], guardian=said.get("guardian_card")
        )


class ReasonForm(forms.Form):
    """Why an application goes back or is refused: a usual reason, or words of one's own."""

    reason = forms.ChoiceField(label=_("Why"), choices=ReturnReason.choices)
    text = forms.CharField(
        label=_("In your words"),
        max_length=500,
        required=False,
        help_text=_("The applicant reads this."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self) -> None:
        super().clean()
        said = self.cleaned_data
        if said.get("reason") == ReturnReason.OTHER and not said.get("text"):
            self.add_error("text", _("Say why: the applicant reads it."))


class WordsForm(forms.Form):
    """An answer that a reader gets to read."""

    words = forms.CharField(
        label=_("Answer to the reader"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )


class DataRequestForm(forms.Form):
    """A request that came by letter, telephone or at the counter."""

    kind = forms.ChoiceField(label=_("What is asked for"), choices=RequestKind.choices)
    text = forms.CharField(
        label=_("What the reader said"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class PhotoForm(forms.Form):
    photo = forms.FileField(
        label=_("Photo"),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )


class GuardianForm(forms.Form):
    """Who answers for the child: a reader, by their card. Empty: nobody of the register."""

    guardian_card = forms.CharField(
        label=_("Guardian's card"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, data: Data = None, *, actor: Actor) -> None:
        super().__init__(data)
        self.actor = actor

    def clean_guardian_card(self) -> Patron | None:
        return reader_of(self.cleaned_data["guardian_card"], self.actor)


def reader_of(card: str, actor: Actor) -> Patron | None:
    """Return the reader of a card whom the actor may see; none for an empty card."""
    if not card:
        return None
    found = patron_by_card(card, by=actor)
    if found is None:
        raise forms.ValidationError(_("There is no reader with this card at your libraries."))
    return found

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tangthu.reading.actions import Approval
from tangthu.reading.policy.requests import LONGEST_DAYS, MOST_VIEWS

FIRST_OFFER = timedelta(days=30)


class AskForm(forms.Form):
    """What a reader says who asks for a document."""

    purpose = forms.CharField(
        label=_("What do you need it for?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    contact = forms.CharField(
        label=_("How can the library reach you about it?"),
        help_text=_("A telephone number or an e-mail address. May be left empty."),
        required=False,
        max_length=200,
    )


class ApproveForm(forms.Form):
    """On what terms staff approve."""

    until = forms.DateField(
        label=_("May be opened until"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    views = forms.IntegerField(
        label=_("Number of openings"),
        help_text=_("Empty: as often as the reader likes until that day."),
        required=False,
        min_value=1,
        max_value=MOST_VIEWS,
    )
    answer = forms.CharField(
        label=_("Words to the reader"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data: Mapping[str, object] | None = None) -> None:
        today = timezone.localdate()
        super().__init__(data, prefix="approve", initial={"until": today + FIRST_OFFER})
        attrs = self.fields["until"].widget.attrs
        attrs["min"] = f"{today:%Y-%m-%d}"
        attrs["max"] = f"{today + timedelta(days=LONGEST_DAYS):%Y-%m-%d}"

    def told(self) -> Approval:
        """Return the terms as the form says them."""
        said = self.cleaned_data
        return Approval(until=said["until"], views=said["views"], answer=said["answer"])


class RefuseForm(forms.Form):
    """Why staff refuse, or take an approval back."""

    reason = forms.CharField(
        label=_("Why? The reader is told."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data: Mapping[str, object] | None = None) -> None:
        super().__init__(data, prefix="refuse")

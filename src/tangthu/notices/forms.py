from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from tangthu.core.actor import Actor
from tangthu.libraries.fields import LibraryField, libraries_for, offer
from tangthu.libraries.models import Library
from tangthu.notices.kinds import CHANNEL_LABELS, KIND_LABELS, LANGUAGE_LABELS
from tangthu.notices.models import NoticeState
from tangthu.notices.permissions import NoticesPermission
from tangthu.notices.policy import BODY_ROOM, DEFAULT_LANGUAGE, SUBJECT_ROOM, Channel, Text


class OutboxForm(forms.Form):
    """What of the outbox is shown; it stands in the address."""

    state = forms.ChoiceField(
        label=_("State"),
        choices=[("", _("All")), *NoticeState.choices],
        required=False,
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[("", _("All")), *[(str(kind), label) for kind, label in KIND_LABELS.items()]],
        required=False,
    )
    channel = forms.ChoiceField(
        label=_("Channel"),
        choices=[("", _("All")), *[(str(each), label) for each, label in CHANNEL_LABELS.items()]],
        required=False,
    )
    card = forms.CharField(label=_("Card number"), max_length=40, required=False)


class PlaceForm(forms.Form):
    """Whose texts are looked at, and in which language; it stands in the address."""

    library = LibraryField(
        label=_("Library"), queryset=Library.objects.none(), required=False, empty_label=None
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=list(LANGUAGE_LABELS.items()), required=False
    )

    def __init__(self, data: object, *, actor: Actor) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        offer(self, "library", libraries_for(actor, NoticesPermission.EDIT_TEMPLATES))

    def language_chosen(self) -> str:
        known = self.is_valid() and self.cleaned_data["language"]
        return str(known or DEFAULT_LANGUAGE)


class TextForm(forms.Form):
    """A library's own text. For Zalo the subject is the number of the approved template."""

    subject = forms.CharField(label=_("Subject line"), max_length=SUBJECT_ROOM, required=False)
    body = forms.CharField(
        label=_("Words of the message"),
        max_length=BODY_ROOM,
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false"}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(
        self, data: object = None, *, channel: Channel, has_subject: bool, initial: object = None
    ) -> None:
        super().__init__(data, initial=initial)  # type: ignore[arg-type]
        if channel is Channel.ZALO:
            self.fields["subject"].label = _("Number of the template approved by Zalo")
        elif not has_subject:
            del self.fields["subject"]

    def told(self) -> Text:
        body = self.cleaned_data.get("body", "").replace("\r\n", "\n")
        return Text(self.cleaned_data.get("subject", ""), body)


class AddressForm(forms.Form):
    """Where a test goes."""

    address = forms.CharField(label=_("Your e-mail address or telephone"), max_length=254)

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from tangthu.digitisation.actions.ocr import Wish
from tangthu.digitisation.models.ocr import PRIORITY_LABELS
from tangthu.digitisation.policy.recognition import Priority
from tangthu.repository.labels import LANGUAGES
from tangthu.repository.models import DigitalObject


class WishForm(forms.Form):
    """In which languages an object is read, and how soon."""

    languages = forms.MultipleChoiceField(
        label=_("Languages of the text"),
        choices=list(LANGUAGES.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "With a highland language, letters that the program does not know are put back from "
            "the list of names."
        ),
    )
    priority = forms.TypedChoiceField(
        label=_("Turn in the queue"),
        choices=list(PRIORITY_LABELS.items()),
        coerce=lambda value: Priority(int(value)),
        initial=Priority.NORMAL,
    )
    again = forms.BooleanField(
        label=_("Also read pages anew that have text; corrected ones stay"), required=False
    )

    @classmethod
    def of(cls, obj: DigitalObject) -> WishForm:
        """Return the form as it stands before anybody changes it."""
        return cls(initial={"languages": obj.language_codes, "priority": Priority.NORMAL})

    @property
    def wish(self) -> Wish:
        return Wish(
            languages=" ".join(self.cleaned_data["languages"]),
            priority=self.cleaned_data["priority"],
            again=self.cleaned_data["again"],
        )


class NamesForm(forms.Form):
    """Names to add to the library's list, or a file of them."""

    names = forms.CharField(
        label=_("Names, one a line"),
        help_text=_("As they are written: Ƀuôn Hô. What follows a # is a remark."),
        required=False,
        max_length=400_000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    file = forms.FileField(label=_("Or a text file"), required=False)

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or self.cleaned_data
        sent = cleaned.get("file")
        if sent is not None:
            if sent.size > 400_000:
                raise forms.ValidationError(_("The file is too large."))
            cleaned["names"] += "\n" + sent.read().decode("utf-8-sig", "replace")
        if not cleaned.get("names", "").strip():
            raise forms.ValidationError(_("Write at least one name."))
        return cleaned

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from tangthu.access.policy import LONGEST_PASSWORD
from tangthu.opac.policy import LONGEST_NAME
from tangthu.patrons.models import RequestKind

NAME = {
    "autocomplete": "username",
    "autocapitalize": "characters",
    "autocorrect": "off",
    "spellcheck": "false",
}


class LoginForm(forms.Form):
    name = forms.CharField(
        label=_("Card number or phone number"),
        max_length=60,
        widget=forms.TextInput(attrs={"autofocus": True, **NAME}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    is_kept = forms.BooleanField(
        label=_("This is my own device: keep me logged in for 30 days"), required=False
    )


class NewPasswordForm(forms.Form):
    """A password for who has just shown who they are."""

    new = forms.CharField(
        label=_("New password"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        help_text=_(
            "At least 8 characters, not only digits, no common word. A short sentence is easy to "
            "remember and hard to guess."
        ),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("New password once more"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> None:
        super().clean()
        new, again = self.cleaned_data.get("new"), self.cleaned_data.get("again")
        if new and again and new != again:
            self.add_error("again", _("The two new passwords are not the same. Type them again."))


class ChangePasswordForm(NewPasswordForm):
    present = forms.CharField(
        label=_("Present password"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ("present", "new", "again")


class AskCodeForm(forms.Form):
    name = forms.CharField(max_length=60)
    is_kept = forms.BooleanField(required=False)


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "autofocus": True,
                "class": "num",
            }
        ),
    )


class ListForm(forms.Form):
    name = forms.CharField(label=_("Name of the list"), max_length=LONGEST_NAME)


class SearchForm(forms.Form):
    name = forms.CharField(label=_("Name of the search"), max_length=200)


class ContactForm(forms.Form):
    phone = forms.CharField(
        label=_("Phone"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    email = forms.CharField(
        label=_("E-mail"),
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    address = forms.CharField(
        label=_("Address"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )


class DataRequestForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("What you ask for"),
        choices=[
            (RequestKind.CORRECT, _("Correct something in my file")),
            (RequestKind.ERASE, _("Erase what is kept on me, and end my card")),
        ],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("What the library should know"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

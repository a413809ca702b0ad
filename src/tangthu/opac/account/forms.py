from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from tangthu.access.policy import LONGEST_PASSWORD

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

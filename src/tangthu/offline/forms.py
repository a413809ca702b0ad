from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class FileForm(forms.Form):
    """A file that an offline desk wrote onto a USB stick."""

    file = forms.FileField(label=_("File of the offline desk (.tangthu)"))


class DismissForm(forms.Form):
    """Why an event is put aside."""

    reason = forms.CharField(label=_("Reason"), max_length=300, strip=True)

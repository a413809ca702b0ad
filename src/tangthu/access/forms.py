from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from datetime import date
from itertools import groupby
from typing import Any, cast

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tangthu.access.grants import working_libraries
from tangthu.access.models import Role, User
from tangthu.access.permissions import AccessPermission
from tangthu.access.policy import LONGEST_PASSWORD
from tangthu.core.actor import Actor
from tangthu.core.permissions import Permission, every_permission
from tangthu.libraries.fields import LibraryField, libraries_for, offer
from tangthu.libraries.models import Library

Data = Mapping[str, Any] | None
Initial = MutableMapping[str, Any] | None
"""What Django's forms take; the values of both may be of any type."""

THINKABLE_DAYS = (MinValueValidator(date(1900, 1, 1)), MaxValueValidator(date(2999, 12, 31)))
"""Beyond them a moment in another time zone may have no date at all."""

PLAIN_TYPING = {"autocapitalize": "none", "autocorrect": "off", "spellcheck": "false"}


class LoginForm(forms.Form):
    username = forms.CharField(
        label=_("User name"),
        max_length=150,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autofocus": True, **PLAIN_TYPING}
        ),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class PasswordForm(forms.Form):
    present = forms.CharField(
        label=_("Present password"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )
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


class TokenForm(forms.Form):
    name = forms.CharField(
        label=_("What it is for"),
        max_length=100,
        widget=forms.TextInput(attrs={"placeholder": _("for example: self-check machine")}),
    )
    days = forms.TypedChoiceField(
        label=_("Valid for"),
        coerce=int,
        initial=365,
        choices=[(90, _("90 days")), (365, _("one year")), (0, _("until it is revoked"))],
    )


class WorkingLibraryForm(forms.Form):
    library = LibraryField(label=_("Library"), queryset=Library.objects.none(), empty_label=None)

    def __init__(self, data: Data = None, *, actor: Actor) -> None:
        super().__init__(data, initial={"library": actor.library_id})
        offer(self, "library", working_libraries(actor))


class UserFilterForm(forms.Form):
    """What the list of users is narrowed by. All in the address, all optional."""

    q = forms.CharField(required=False, max_length=100)
    library = LibraryField(
        label=_("Library"),
        queryset=Library.objects.none(),
        required=False,
        empty_label=_("All libraries"),
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("All")),
            ("active", _("May log in")),
            ("barred", _("Barred")),
            ("locked", _("Locked by wrong passwords")),
        ],
    )

    def __init__(self, data: Data = None, *, actor: Actor, initial: Initial = None) -> None:
        super().__init__(data, initial=initial)
        offer(self, "library", libraries_for(actor, AccessPermission.MANAGE_USERS))


class UserForm(forms.Form):
    name = forms.CharField(label=_("Full name"), max_length=150)
    username = forms.CharField(
        label=_("User name"),
        max_length=60,
        help_text=_("Letters without marks, digits and dots: lan.nguyen"),
        widget=forms.TextInput(attrs={"autocomplete": "off", **PLAIN_TYPING}),
    )
    library = LibraryField(
        label=_("Library where they work"), queryset=Library.objects.none(), empty_label=None
    )
    email = forms.EmailField(label=_("E-mail"), required=False)

    def __init__(self, data: Data = None, *, actor: Actor, initial: Initial = None) -> None:
        super().__init__(data, initial=initial)
        offer(self, "library", libraries_for(actor, AccessPermission.MANAGE_USERS))


class NewUserForm(UserForm):
    role = forms.ModelChoiceField(
        label=_("Role at that library"),
        queryset=Role.objects.all(),
        required=False,
        empty_label=_("None yet"),
        help_text=_("More roles, also at other libraries, can be given afterwards."),
    )


class GrantForm(forms.Form):
    role = forms.ModelChoiceField(label=_("Role"), queryset=Role.objects.all(), empty_label=None)
    library = LibraryField(
        label=_("At this library and all below it"),
        queryset=Library.objects.none(),
        empty_label=None,
    )

    def __init__(self, data: Data = None, *, actor: Actor, initial: Initial = None) -> None:
        super().__init__(data, initial=initial)
        offer(self, "library", libraries_for(actor, AccessPermission.MANAGE_USERS))


APPS: dict[str, Promise] = {
    "circulation": _("Circulation"),
    "patrons": _("Readers"),
    "catalogue": _("Catalogue"),
    "libraries": _("Libraries"),
    "access": _("Staff and rights"),
}
"""The headings under which rights stand, by the beginning of their codes."""


def permission_groups() -> list[tuple[str, list[Permission]]]:
    """Return all rights under the heading of their app, in the order of `APPS`."""
    order = list(APPS)

    def app_of(permission: Permission) -> str:
        return str(permission).partition(".")[0]

    def rank(permission: Permission) -> tuple[int, str]:
        app = app_of(permission)
        return (order.index(app) if app in order else len(order), app)

    ordered = sorted(every_permission(), key=rank)
    return [
        (str(APPS.get(app, app)), list(permissions))
        for app, permissions in groupby(ordered, key=app_of)
    ]


class RoleForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    code = forms.SlugField(
        label=_("Code"),
        max_length=40,
        help_text=_("Short, without marks or spaces. Programs know the role by it."),
    )
    permissions = forms.MultipleChoiceField(
        label=_("Rights"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Data = None, *, initial: Initial = None) -> None:
        super().__init__(data, initial=initial)
        rights = cast(forms.MultipleChoiceField, self.fields["permissions"])
        rights.choices = [(str(each), each.label) for each in every_permission()]


class AuditFilterForm(forms.Form):
    """What the audit log is narrowed by."""

    who = forms.CharField(label=_("Who"), required=False, max_length=100)
    kind = forms.ChoiceField(label=_("About"), required=False)
    library = LibraryField(
        label=_("Library"),
        queryset=Library.objects.none(),
        required=False,
        empty_label=_("All libraries"),
    )
    since = forms.DateField(
        label=_("From the day"),
        required=False,
        validators=THINKABLE_DAYS,
        widget=forms.DateInput(attrs={"placeholder": "01/01/2026"}),
    )
    until = forms.DateField(
        label=_("To the day"),
        required=False,
        validators=THINKABLE_DAYS,
        widget=forms.DateInput(attrs={"placeholder": "31/12/2026"}),
    )
    key = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    before = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, data: Data, *, actor: Actor, kinds: list[tuple[str, str]]) -> None:
        super().__init__(data)
        offer(self, "library", libraries_for(actor, AccessPermission.SEE_AUDIT))
        kind = cast(forms.ChoiceField, self.fields["kind"])
        kind.choices = [("", _("Everything")), *kinds]


def initial_of(user: User) -> dict[str, object]:
    """Return what the form of a user shows at first."""
    return {
        "name": user.name,
        "username": user.username,
        "library": user.library_id,
        "email": user.email,
    }

"""The forms of licences, of the rules of electronic loans, and of usage reports."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tangthu.core.actor import Actor
from tangthu.libraries.fields import LibraryField, libraries_for, offer
from tangthu.libraries.models import Library
from tangthu.patrons.models import PatronCategory
from tangthu.reading.actions.lending import LicenceData
from tangthu.reading.models import Licence
from tangthu.reading.models.licences import PROTECTION_LABELS
from tangthu.reading.permissions import ReadingPermission
from tangthu.reading.policy.licences import Protection
from tangthu.reading.policy.protection import LONGEST_HINT, LONGEST_PASSPHRASE

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as Promise

_MOST = 32_000


def _day(label: Promise, *, help_text: Promise | str = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget, help_text=help_text)


def _number(label: Promise, *, least: int = 0, help_text: Promise | str = "") -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"inputmode": "numeric"})
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=least,
        max_value=_MOST,
        widget=widget,
        help_text=help_text,
    )


def _text(label: Promise, *, length: int = 200, help_text: Promise | str = "") -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off"})
    return forms.CharField(
        label=label, required=False, max_length=length, widget=widget, help_text=help_text
    )


class LicenceForm(forms.Form):
    """The terms of a licence, and where it was bought."""

    library = LibraryField(
        queryset=Library.objects.none(),
        label=_("Library that may lend it"),
        help_text=_("To its own readers and to those of the libraries below it."),
    )
    limit = forms.ChoiceField(
        label=_("What bounds the loans"),
        choices=[
            ("places", _("The number that was bought")),
            ("copies", _("As many as the network holds printed copies")),
            ("open", _("As many as wish")),
        ],
        initial="places",
        help_text=_("How the contract says how many may have it at the same moment."),
    )
    at_once = _number(
        _("Copies bought"),
        least=1,
        help_text=_("One copy is read by one reader at a time. For a number that was bought."),
    )
    begins_on = _day(_("In force from"))
    expires_on = _day(_("In force until"), help_text=_("The last day. Empty: for ever."))
    loans_bought = _number(
        _("Loans in all"), least=1, help_text=_("Empty: as many as wish, while it is in force.")
    )
    protection = forms.ChoiceField(
        label=_("Protection"),
        choices=list(PROTECTION_LABELS.items()),
        required=False,
        initial=Protection.NONE,
        help_text=_("How a borrowed file is kept from being passed on."),
    )
    downloads = forms.BooleanField(
        label=_("The borrower may take the file along"),
        required=False,
        help_text=_("For as long as the loan lasts it can be saved. With LCP it always can."),
    )
    content_id = _text(
        _("Name at the licence server"),
        length=100,
        help_text=_("With LCP alone: a UUID. Empty: the file is handed over to be encrypted."),
    )
    source = _text(_("Bought from"))
    number = _text(_("Number of the contract"), length=100)
    price = forms.IntegerField(
        label=_("Price in đồng"), required=False, min_value=0, max_value=10**12
    )
    bought_on = _day(_("Bought on"))
    note = _text(_("Note"), length=300)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, actor: Actor, licence: Licence | None = None) -> None:
        super().__init__(data, initial=_initial(licence) if licence else {"at_once": 1})
        offer(self, "library", libraries_for(actor, ReadingPermission.LICENCES))

    def clean(self) -> dict[str, Any]:
        told = cast(dict[str, Any], super().clean())
        if told.get("limit") == "places" and not told.get("at_once"):
            self.add_error("at_once", _("Say how many copies were bought."))
        return told

    def told(self) -> LicenceData:
        """Return the terms as the form says them; a day counts whole."""
        said = self.cleaned_data
        return LicenceData(
            library=said["library"],
            by_copies=said["limit"] == "copies",
            at_once=said["at_once"] if said["limit"] == "places" else None,
            begins_at=_moment(said["begins_on"], time.min),
            expires_at=_moment(said["expires_on"], time(23, 59, 59)),
            loans_bought=said["loans_bought"] if said["limit"] != "copies" else None,
            protection=said["protection"] or Protection.NONE,
            downloads=said["downloads"],
            content_id=said["content_id"].lower(),
            source=said["source"],
            number=said["number"],
            price=said["price"],
            bought_on=said["bought_on"],
            note=said["note"],
        )


def _initial(licence: Licence) -> dict[str, object]:
    limit = "copies" if licence.by_copies else "open" if licence.at_once is None else "places"
    names = (
        *("at_once", "loans_bought", "source", "number", "price", "bought_on", "note", "version"),
        *("protection", "downloads", "content_id"),
    )
    return {name: getattr(licence, name) for name in names} | {
        "library": licence.library_id,
        "limit": limit,
        "begins_on": _on(licence.begins_at),
        "expires_on": _on(licence.expires_at),
    }


def _on(moment: datetime | None) -> date | None:
    return timezone.localdate(moment) if moment else None


def _moment(day: date | None, at: time) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, at)) if day else None


class DigitalRuleForm(forms.Form):
    """What a library decides for its readers; what is left empty is decided above it."""

    library = LibraryField(queryset=Library.objects.none(), label=_("Library"))
    category = forms.ModelChoiceField(
        queryset=PatronCategory.objects.order_by("name"),
        label=_("Category of readers"),
        required=False,
        empty_label=_("All"),
    )
    loans = forms.IntegerField(
        label=_("Loans at once"),
        required=False,
        min_value=-1,
        max_value=500,
        help_text=_("0: nothing is lent; -1: without limit."),
    )
    days = _number(_("Days of a loan"), least=1)
    renewals = _number(_("Renewals"))
    holds = forms.IntegerField(
        label=_("Holds at once"), required=False, min_value=-1, max_value=500
    )
    ready_days = _number(_("Days for which a turn is kept"), least=1)
    max_debt = forms.IntegerField(
        label=_("Debt in đồng above which nothing is lent"),
        required=False,
        min_value=-1,
        max_value=10**12,
        help_text=_("-1: debts do not count."),
    )

    def __init__(self, data: Any = None, *, actor: Actor) -> None:
        super().__init__(data)
        offer(self, "library", libraries_for(actor, ReadingPermission.LICENCES))


class FoundCopyForm(forms.Form):
    """A file that was found somewhere."""

    file = forms.FileField(label=_("File (PDF, EPUB or DOCX)"))

    def clean_file(self) -> UploadedFile[bytes]:
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > settings.LARGEST_UPLOAD:
            raise forms.ValidationError(_("This file is too large."))
        return file


class PassphraseForm(forms.Form):
    """The passphrase of protected books, and what recalls it."""

    passphrase = forms.CharField(
        label=_("Passphrase"),
        max_length=LONGEST_PASSPHRASE,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 6 characters. Not the password of your account."),
    )
    hint = forms.CharField(
        label=_("Hint"),
        max_length=LONGEST_HINT,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("What recalls it to you: the reading program shows it when it asks."),
    )


class UsageForm(forms.Form):
    """Which usage report, of which library, over which months."""

    library = LibraryField(
        queryset=Library.objects.none(), label=_("Library"), to_field_name="code"
    )
    report = forms.ChoiceField(
        label=_("Report"),
        choices=[("TR", _("By title (TR)")), ("IR", _("By document (IR)"))],
        required=False,
    )
    begin = forms.CharField(
        label=_("From month"), widget=forms.TextInput(attrs={"type": "month"}), max_length=7
    )
    end = forms.CharField(
        label=_("To month"), widget=forms.TextInput(attrs={"type": "month"}), max_length=7
    )

    def __init__(self, data: Any = None, *, actor: Actor, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        offer(self, "library", libraries_for(actor, ReadingPermission.USAGE))

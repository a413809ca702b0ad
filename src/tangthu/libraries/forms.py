from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django import forms
from django.db.models import Q
from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tangthu.core.actor import Actor
from tangthu.libraries import policy
from tangthu.libraries.actions import LibraryData, LocationData
from tangthu.libraries.fields import LibraryField, libraries_for
from tangthu.libraries.models import Library, LibraryKind, Location, StackAccess
from tangthu.libraries.permissions import LibrariesPermission
from tangthu.libraries.policy import DayEntry, DayRule, PreferenceKind

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

LONGEST_CLOSURE = 92
YES, NO = "true", "false"


def _date_field(
    label: _StrPromise, *, required: bool = True, help_text: _StrPromise | str = ""
) -> forms.DateField:
    widget = forms.DateInput(
        attrs={"placeholder": _("dd/mm/yyyy"), "inputmode": "numeric", "autocomplete": "off"}
    )
    return forms.DateField(label=label, required=required, widget=widget, help_text=help_text)


class SearchForm(forms.Form):
    q = forms.CharField(required=False, max_length=100, strip=True)


class LibraryForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), choices=LibraryKind.choices)
    parent = LibraryField(
        label=_("Stands under"),
        queryset=Library.objects.none(),
        help_text=_("It inherits lending rules, calendar and preferences from there."),
    )
    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        help_text=_("Short, without marks or spaces; it stands in numbers and in files."),
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "spellcheck": "false"}),
    )
    ward_code = forms.CharField(
        label=_("Code of the commune or ward"),
        max_length=10,
        required=False,
        help_text=_("The five digits of the national list of administrative units."),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    address = forms.CharField(label=_("Address"), max_length=300, required=False)
    phone = forms.CharField(
        label=_("Phone"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    email = forms.EmailField(label=_("E-mail"), required=False)
    valid_from = _date_field(_("Founded on"), required=False)

    def __init__(
        self, *args: object, actor: Actor, library: Library | None = None, **kw: object
    ) -> None:
        super().__init__(*args, **kw)  # type: ignore[arg-type]
        may_be = libraries_for(actor, LibrariesPermission.MANAGE_LIBRARIES)
        if library is not None:
            # The library above may be out of reach; leaving it there is no move.
            stays = Library.objects.filter(pk=library.parent_id or 0)
            may_be = (may_be | stays).exclude(path__startswith=library.path)
        parent = self.fields["parent"]
        parent.queryset = may_be.in_tree_order()  # type: ignore[attr-defined]
        stands_alone = library is not None and library.parent_id is None
        parent.required = not (actor.everywhere or stands_alone)
        if stands_alone:
            parent.empty_label = _("Nothing: it is the top of the tree")  # type: ignore[attr-defined]

    def told(self) -> LibraryData:
        told = dict(self.cleaned_data)
        return LibraryData(kind=policy.LibraryKind(told.pop("kind")), **told)


def initial_of(library: Library) -> dict[str, object]:
    """Return what the form of a library shows at first."""
    names = ("name", "kind", "code", "ward_code", "address", "phone", "email", "valid_from")
    return {"parent": library.parent_id, **{name: getattr(library, name) for name in names}}


class DissolveForm(forms.Form):
    valid_to = _date_field(_("Last day"), help_text=_("On this day it still works as always."))
    successor = LibraryField(
        label=_("Successor"),
        queryset=Library.objects.none(),
        required=False,
        empty_label=_("No successor"),
        help_text=_("The library that carries on; usually the one it was merged into."),
    )

    def __init__(self, *args: object, library: Library, **kw: object) -> None:
        super().__init__(*args, **kw)  # type: ignore[arg-type]
        others = Library.objects.filter(Q(valid_to=None)).exclude(pk=library.pk)
        self.fields["successor"].queryset = others.in_tree_order()  # type: ignore[attr-defined]


class StackForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    code = forms.CharField(
        label=_("Code"),
        max_length=30,
        help_text=_("It stands before the accession numbers and on the labels."),
    )
    access = forms.ChoiceField(
        label=_("Access to the stack"),
        choices=StackAccess.choices,
        initial=StackAccess.OPEN,
        widget=forms.RadioSelect,
    )
    on_site_only = forms.BooleanField(label=_("Its copies are read on site only"), required=False)
    is_active = forms.BooleanField(
        label=_("In use"),
        required=False,
        initial=True,
        help_text=_("Out of use, it takes no new copies; those it has keep it."),
    )

    def told(self) -> LocationData:
        told = dict(self.cleaned_data)
        return LocationData(access=StackAccess(told.pop("access")), **told)


def initial_of_stack(stack: Location) -> dict[str, object]:
    """Return what the form of a stack shows at first."""
    return {name: getattr(stack, name) for name in StackForm.base_fields}


class DayForm(forms.Form):
    """What a line of the calendar names. Each rule has a form of its own."""

    rule: DayRule
    note = forms.CharField(
        label=_("Note"),
        max_length=120,
        required=False,
        help_text=_("Readers see it: why the library is closed or open."),
    )

    def __init__(self, *args: object, **kw: object) -> None:
        super().__init__(*args, **kw)  # type: ignore[arg-type]
        self.auto_id = f"{self.rule}_%s"
        self.order_fields([name for name in self.fields if name != "note"])

    def entries(self) -> list[DayEntry]:
        raise NotImplementedError


class WeeklyForm(DayForm):
    rule = DayRule.WEEKLY
    weekday = forms.TypedChoiceField(
        label=_("Weekday"), coerce=int, choices=[(n, capfirst(WEEKDAYS[n])) for n in range(7)]
    )

    def entries(self) -> list[DayEntry]:
        return [DayEntry(rule=self.rule, weekday=self.cleaned_data["weekday"])]


class YearlyForm(DayForm):
    rule = DayRule.YEARLY
    day = forms.TypedChoiceField(label=_("Day"), coerce=int, choices=[(n, n) for n in range(1, 32)])
    month = forms.TypedChoiceField(
        label=_("Month"), coerce=int, choices=[(n, MONTHS[n]) for n in range(1, 13)]
    )

    def entries(self) -> list[DayEntry]:
        told = self.cleaned_data
        return [DayEntry(rule=self.rule, month=told["month"], day=told["day"])]


class SingleForm(DayForm):
    rule = DayRule.SINGLE
    on = _date_field(_("Day"))
    until = _date_field(
        _("To the day"), required=False, help_text=_("Only when it is closed for several days.")
    )

    def clean(self) -> None:
        super().clean()
        on, until = self.cleaned_data.get("on"), self.cleaned_data.get("until")
        if not on or not until:
            return
        if until < on:
            self.add_error("until", gettext("The last day would be before the first."))
        elif (until - on).days >= LONGEST_CLOSURE:
            self.add_error("until", gettext("That is more than three months: enter it in parts."))

    def entries(self) -> list[DayEntry]:
        on: date = self.cleaned_data["on"]
        until: date = self.cleaned_data["until"] or on
        return [
            DayEntry(rule=self.rule, on=on + timedelta(days=past))
            for past in range((until - on).days + 1)
        ]


class ReopenedForm(DayForm):
    rule = DayRule.REOPENED
    on = _date_field(_("Day"))

    def entries(self) -> list[DayEntry]:
        return [DayEntry(rule=self.rule, on=self.cleaned_data["on"])]


DAY_FORMS: dict[DayRule, type[DayForm]] = {
    form.rule: form for form in (WeeklyForm, YearlyForm, SingleForm, ReopenedForm)
}


class MonthForm(forms.Form):
    """Which month is looked at; it stands in the address as 2026-11."""

    month = forms.DateField(input_formats=["%Y-%m"], required=False)


class YearForm(forms.Form):
    year = forms.IntegerField(label=_("Year"), min_value=1995, max_value=2099)


class PreferenceForm(forms.Form):
    """One preference; the action judges whether the text is a value for it."""

    value = forms.CharField(required=False, max_length=2000)

    def __init__(self, *args: object, preference: policy.Preference, **kw: object) -> None:
        super().__init__(*args, **kw)  # type: ignore[arg-type]
        field = self.fields["value"]
        field.label = gettext(preference.label)
        field.help_text = gettext(preference.help) if preference.help else ""
        field.widget = _widget(preference)
        if isinstance(field.widget, forms.TextInput):
            field.widget.attrs["autocomplete"] = "off"


def _widget(preference: policy.Preference) -> forms.Widget:
    match preference.kind:
        case PreferenceKind.BOOL:
            return forms.RadioSelect(choices=[(YES, gettext("Yes")), (NO, gettext("No"))])
        case PreferenceKind.CHOICE:
            choices = [(each.value, gettext(each.label)) for each in preference.choices]
            return forms.RadioSelect(choices=choices)
        case PreferenceKind.INT | PreferenceKind.MONEY:
            return forms.TextInput(attrs={"inputmode": "numeric"})
        case PreferenceKind.TEXT:
            return forms.TextInput()

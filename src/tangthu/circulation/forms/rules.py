"""A lending rule on its page: for whom, for what, and its value."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tangthu.catalogue.models import ItemType
from tangthu.circulation.permissions import CirculationPermission
from tangthu.circulation.policy import RuleDefinition, RuleKind
from tangthu.circulation.reading.rulebook import Scope
from tangthu.core.actor import Actor
from tangthu.libraries.fields import LibraryField, libraries_for, offer
from tangthu.libraries.models import Library
from tangthu.patrons.models import PatronCategory


def _category_field() -> forms.ModelChoiceField[PatronCategory]:
    return forms.ModelChoiceField(
        label=_("Readers"),
        queryset=PatronCategory.objects.order_by("name"),
        required=False,
        empty_label=_("All readers"),
    )


def _item_type_field() -> forms.ModelChoiceField[ItemType]:
    return forms.ModelChoiceField(
        label=_("Types of copies"),
        queryset=ItemType.objects.order_by("name"),
        required=False,
        empty_label=_("All types"),
    )


class ScopeForm(forms.Form):
    """For which library, readers and copies the rules are looked at; it stands in the address."""

    library = LibraryField(
        label=_("Library"), queryset=Library.objects.none(), required=False, empty_label=None
    )
    category = _category_field()
    item_type = _item_type_field()

    def __init__(self, told: Mapping[str, str], *, actor: Actor, library: Library) -> None:
        asked = {name: told.get(name, "") for name in ("category", "item_type")}
        super().__init__({"library": library.pk, **asked})
        managed = libraries_for(actor, CirculationPermission.MANAGE_RULES)
        self.fields["library"].queryset = managed  # type: ignore[attr-defined]

    def scope(self) -> Scope:
        """Return what was chosen; what is not there is as if nothing was."""
        self.is_valid()
        told = self.cleaned_data
        return Scope(category=told.get("category"), item_type=told.get("item_type"))


class LimitForm(forms.Form):
    """Whether copies that stand at a library are carried to another."""

    destination = LibraryField(label=_("To"), queryset=Library.objects.none(), empty_label=None)
    item_type = _item_type_field()
    allowed = forms.ChoiceField(
        label=_("Such copies"),
        choices=(("no", _("are not carried there")), ("yes", _("are carried there"))),
        initial="no",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: object, library: Library, today: date, **kw: object) -> None:
        super().__init__(*args, **kw)  # type: ignore[arg-type]
        offer(
            self,
            "destination",
            Library.objects.living(today).exclude(pk=library.pk).in_tree_order(),
        )

    def clean_allowed(self) -> bool:
        return bool(self.cleaned_data["allowed"] == "yes")


class RuleForm(forms.Form):
    """One lending rule, for whom and for what. The action judges whether the value suits."""

    value = forms.CharField(label=_("Value"), required=False, max_length=100)
    category = _category_field()
    item_type = _item_type_field()

    def __init__(self, *args: object, definition: RuleDefinition, **kw: object) -> None:
        super().__init__(*args, **kw)  # type: ignore[arg-type]
        self.fields["value"] = _value_field(definition)
        if not definition.per_item_type:
            del self.fields["item_type"]
        if not definition.per_category:
            del self.fields["category"]

    def scope(self) -> Scope:
        """Return for whom and for what the rule is set."""
        told = self.cleaned_data
        return Scope(category=told.get("category"), item_type=told.get("item_type"))

    def clean_value(self) -> str:
        value = self.cleaned_data["value"]
        return "" if value is None else str(value)


def _value_field(definition: RuleDefinition) -> forms.Field:
    label, help_text = gettext(definition.label), ""
    if definition.blank:
        blank = gettext(definition.blank)
        help_text = gettext("Left empty, it means: %(blank)s.") % {"blank": blank}
    if definition.kind is RuleKind.CHOICE:
        choices = [(value, gettext(words)) for value, words in definition.choices]
        widget: forms.Widget = forms.RadioSelect(choices=choices)
        return forms.CharField(label=label, required=False, max_length=100, widget=widget)
    if definition.kind is RuleKind.DATE:
        widget = forms.DateInput(
            attrs={"placeholder": _("dd/mm/yyyy"), "inputmode": "numeric", "autocomplete": "off"}
        )
        return forms.DateField(label=label, required=False, widget=widget, help_text=help_text)
    if definition.kind is RuleKind.MONEY:
        written = gettext("In đồng, such as 5.000.")
        return _number_field(label, f"{written} {help_text}".strip())
    bounds = gettext("A whole number from %(lowest)s to %(highest)s.") % {
        "lowest": definition.minimum,
        "highest": definition.maximum,
    }
    told = gettext(definition.help) if definition.help else ""
    return _number_field(label, " ".join(filter(None, (told, bounds, help_text))))


def _number_field(label: str, help_text: str) -> forms.Field:
    return forms.CharField(
        label=label,
        required=False,
        max_length=100,
        help_text=help_text,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

"""The forms of projects: planning, stages, choosing documents, sending back, the sheet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from tangthu.core.actor import Actor
from tangthu.digitisation.actions.projects import ProjectData
from tangthu.digitisation.choosing import MOST
from tangthu.digitisation.models import (
    COLOUR_LABELS,
    DOER_LABELS,
    EFFECT_LABELS,
    Project,
    Sheet,
    Stage,
)
from tangthu.digitisation.permissions import DigitisationPermission
from tangthu.digitisation.policy.sheets import LEAST_DPI, MOST_BITS, MOST_DPI
from tangthu.digitisation.policy.stages import MOST_DAYS, Doer, Effect, StagePlan
from tangthu.libraries.fields import LibraryField, libraries_for, offer
from tangthu.libraries.models import Library, Location
from tangthu.repository.labels import RIGHTS
from tangthu.repository.models import ACCESS_LABELS, Collection

Data = Mapping[str, object] | None


def _day(label: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget)


class PlaceField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Choose a stack, named with its library."""

    def label_from_instance(self, obj: Location) -> str:
        return f"{obj.name} · {obj.library.name}"


class ProjectForm(forms.Form):
    """A project: its name, collection, goal, and what its objects begin with."""

    name = forms.CharField(label=_("Name"), max_length=200)
    code = forms.CharField(
        label=_("Short code"),
        max_length=12,
        help_text=_("Capitals and digits: DC26. It stands on every docket."),
    )
    library = LibraryField(label=_("Library"), queryset=Library.objects.none())
    purpose = forms.CharField(
        label=_("Purpose, and the decision behind it"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    ends_on = _day(_("To be done by"))
    location = PlaceField(
        label=_("The collection: what stands in this stack"),
        queryset=Location.objects.none(),
        required=False,
        empty_label=_("Not by a stack"),
    )
    call_number = forms.CharField(
        label=_("and whose call number begins with"),
        max_length=60,
        required=False,
        help_text=_("Such as ĐC. Percentages count the documents of this collection."),
    )
    planned = forms.IntegerField(
        label=_("Documents in the written plan"),
        min_value=1,
        max_value=10_000_000,
        required=False,
        help_text=_("Left empty, what the catalogue holds of the collection counts."),
    )
    goal = forms.IntegerField(label=_("Goal in percent"), min_value=1, max_value=100)
    collection = forms.ModelChoiceField(
        label=_("Digital collection of its objects"),
        queryset=Collection.objects.none(),
        required=False,
        empty_label=_("None yet"),
    )
    rights = forms.ChoiceField(
        label=_("Copyright status of its objects"),
        choices=[("", _("Said for each object")), *RIGHTS.items()],
        required=False,
    )
    access = forms.ChoiceField(
        label=_("Who may open its objects"), choices=list(ACCESS_LABELS.items())
    )

    def __init__(self, data: Data = None, *, actor: Actor, project: Project | None = None) -> None:
        super().__init__(data, initial=_told(project) if project else _fresh(actor))
        self.kept_code = project.code if project else ""
        libraries = libraries_for(actor, DigitisationPermission.PLAN)
        offer(self, "library", libraries)
        places = Location.objects.filter(library__in=libraries, is_active=True)
        cast(PlaceField, self.fields["location"]).queryset = places.select_related("library")
        chosen = cast("forms.ModelChoiceField[Collection]", self.fields["collection"])
        chosen.queryset = Collection.objects.in_tree_order()
        if project is not None:
            del self.fields["library"], self.fields["code"]

    @property
    def project_data(self) -> ProjectData:
        """The project as the form says it."""
        told = dict(self.cleaned_data)
        told.pop("library", None)
        told.setdefault("code", self.kept_code)
        return ProjectData(**told)


class StageForm(forms.Form):
    """One line of the list of stages. An empty name leaves the stage out."""

    key = forms.IntegerField(required=False, widget=forms.HiddenInput)
    position = forms.IntegerField(
        label=_("Place in the order"), min_value=1, max_value=99, required=False
    )
    name = forms.CharField(label=_("Stage"), max_length=80, required=False)
    effect = forms.ChoiceField(label=_("What happens"), choices=list(EFFECT_LABELS.items()))
    doer = forms.ChoiceField(label=_("Right that is needed"), choices=list(DOER_LABELS.items()))
    days = forms.IntegerField(label=_("Days"), min_value=0, max_value=MOST_DAYS)
    gives_back = forms.BooleanField(label=_("The copy goes back"), required=False)

    @property
    def plan(self) -> StagePlan:
        """The stage as the line says it."""
        told = self.cleaned_data
        return StagePlan(
            name=told["name"],
            effect=Effect(told["effect"]),
            doer=Doer(told["doer"]),
            days=told["days"],
            gives_back=told["gives_back"],
        )


def stage_lines(stages: list[Stage]) -> list[dict[str, object]]:
    """Return the stages as the lines of a form, with one more for another."""
    lines: list[dict[str, object]] = [
        {
            "key": row.pk,
            "position": row.position + 1,
            "name": row.name,
            "effect": row.effect,
            "doer": row.doer,
            "days": row.days,
            "gives_back": row.gives_back,
        }
        for row in stages
    ]
    empty = {"effect": Effect.NONE, "doer": Doer.WORK, "days": 3, "position": len(lines) + 1}
    return [*lines, empty]


class ChooseForm(forms.Form):
    """Which documents go into a batch: a pasted list, or a stretch of a shelf."""

    numbers = forms.CharField(
        label=_("Accession numbers or barcodes"),
        help_text=_("Scan them one after another, or paste a column: one in a line, at most %s.")
        % MOST,
        required=False,
        max_length=60_000,
        widget=forms.Textarea(attrs={"rows": 8, "autocomplete": "off", "spellcheck": "false"}),
    )
    location = PlaceField(
        label=_("Or a stack, in the order of its shelves"),
        queryset=Location.objects.none(),
        required=False,
        empty_label=_("No stack"),
    )
    first = forms.CharField(label=_("From call number"), max_length=100, required=False)
    last = forms.CharField(label=_("To call number"), max_length=100, required=False)
    note = forms.CharField(label=_("Note on the batch"), max_length=200, required=False)
    again = forms.BooleanField(
        label=_("Take also what is digitised already: another volume, or a better scan"),
        required=False,
    )

    def __init__(self, data: Data = None, *, project: Project, initial: Data = None) -> None:
        super().__init__(data, initial=dict(initial or {}))
        places = Location.objects.filter(library=project.library_id, is_active=True)
        cast(PlaceField, self.fields["location"]).queryset = places.select_related("library")


class BackForm(forms.Form):
    """To which stage a document goes back, and why."""

    to = forms.ModelChoiceField(label=_("Back to"), queryset=Stage.objects.none())
    reason = forms.CharField(
        label=_("Why"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, data: Data = None, *, earlier: Any, reason: str = "") -> None:
        super().__init__(data, initial={"reason": reason})
        cast("forms.ModelChoiceField[Stage]", self.fields["to"]).queryset = earlier


class ReasonForm(forms.Form):
    """Why a document is set aside."""

    reason = forms.CharField(label=_("Why is it set aside?"), max_length=200)


class SheetForm(forms.ModelForm[Sheet]):
    """The digitisation sheet of an object."""

    resolution = forms.IntegerField(
        label=_("Resolution (dpi)"),
        min_value=1,
        max_value=MOST_DPI,
        required=False,
        help_text=_("At least %s for pages; 600 for photographs and maps.") % LEAST_DPI,
    )
    bit_depth = forms.IntegerField(
        label=_("Bits per pixel"), min_value=1, max_value=MOST_BITS, required=False
    )
    colour = forms.ChoiceField(
        label=_("Colour"), choices=[("", _("Not said yet")), *COLOUR_LABELS.items()], required=False
    )
    scanned_on = _day(_("Scanned on"))
    checked_on = _day(_("Checked on"))

    class Meta:
        model = Sheet
        fields = (
            "original_kind",
            "original_number",
            "original_size",
            "original_material",
            "original_condition",
            "device",
            "software",
            "resolution",
            "colour",
            "bit_depth",
            "profile",
            "processing",
            "operator",
            "scanned_on",
            "checker",
            "checked_on",
            "note",
        )
        widgets = {
            "processing": forms.Textarea(attrs={"rows": 2}),
            "note": forms.Textarea(attrs={"rows": 2}),
        }


def _told(project: Project) -> dict[str, object]:
    names = ("name", "purpose", "ends_on", "location", "call_number", "planned", "goal")
    more = ("collection", "rights", "access")
    return {name: getattr(project, name) for name in (*names, *more)}


def _fresh(actor: Actor) -> dict[str, object]:
    return {"library": actor.library_id, "goal": 70, "access": "staff"}

"""The preferences of a library: what holds, who said so, and changing it."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tangthu.core.models import AuditEntry
from tangthu.core.requests import LibraryRequest
from tangthu.libraries import actions, policy
from tangthu.libraries.errors import PreferenceRefused
from tangthu.libraries.forms import PreferenceForm
from tangthu.libraries.models import Library, PreferenceValue
from tangthu.libraries.permissions import LibrariesPermission
from tangthu.libraries.policy import Preference, PreferenceKind
from tangthu.libraries.reading import Network, network
from tangthu.libraries.views import frame
from tangthu.libraries.views.frame import ANY
from tangthu.ui.staff import staff_page
from tangthu.ui.templatetags.ui import dong

SET = LibrariesPermission.MANAGE_PREFERENCES
HISTORY = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A preference as it holds at a library. Without `source` it is the default."""

    preference: Preference
    label: str
    help: str
    value: str
    own: bool
    source: Library | None


@staff_page(*ANY)
@require_safe
def preferences(request: LibraryRequest, pk: int) -> HttpResponse:
    library = frame.library_to_see(pk)
    known = network()
    context: dict[str, object] = {
        "held": [_held(each, library, known) for each in policy.PREFERENCES.values()],
        "sets": request.actor.may(SET, at=library.pk),
    }
    return frame.page(request, "libraries/preferences.html", library, context, tab="preferences")


@staff_page(SET)
@require_http_methods(["GET", "HEAD", "POST"])
def preference(request: LibraryRequest, pk: int, name: str) -> HttpResponse:
    library = frame.library_to_change(request, pk, SET)
    wanted = _wanted(name)
    known = network()
    held, now = _held(wanted, library, known), known.preference(library.chain, name)
    form = PreferenceForm(
        request.POST or None, preference=wanted, initial={"value": wanted.serialise(now)}
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_preference(library, name, form.cleaned_data["value"], by=request.actor)
        except PreferenceRefused as refused:
            frame.show_refusal(form, refused)
        else:
            messages.success(request, _("Saved. It holds from now on."))
            return redirect("libraries:preferences", pk=pk)
    context: dict[str, object] = {
        "form": form,
        "held": held,
        "bounds": _bounds(wanted),
        "history": _history(library, wanted),
    }
    return frame.page(request, "libraries/preference.html", library, context, tab="preferences")


@staff_page(SET)
@require_POST
def inherit_preference(request: LibraryRequest, pk: int, name: str) -> HttpResponse:
    library = frame.library_to_change(request, pk, SET)
    actions.clear_preference(library, _wanted(name).name, by=request.actor)
    messages.success(request, _("What holds above holds here again."))
    return redirect("libraries:preferences", pk=pk)


def _wanted(name: str) -> Preference:
    try:
        return policy.preference(name)
    except policy.UnknownPreference:
        raise Http404 from None


def _held(preference: Preference, library: Library, known: Network) -> Held:
    holds = known.effective(library.chain, preference.name)
    return Held(
        preference=preference,
        label=_(preference.label),
        help=_(preference.help) if preference.help else "",
        value=_words(preference, holds.value),
        own=holds.source == library.pk,
        source=known.libraries.get(holds.source) if holds.source else None,
    )


def _words(preference: Preference, value: policy.Value) -> str:
    match preference.kind:
        case PreferenceKind.BOOL:
            return _("Yes") if value else _("No")
        case PreferenceKind.CHOICE:
            labels = {choice.value: choice.label for choice in preference.choices}
            return _(labels[str(value)])
        case PreferenceKind.MONEY:
            return dong(int(value))
        case _:
            return str(value) or _("(nothing)")


def _bounds(preference: Preference) -> tuple[int, int] | None:
    """Return between which numbers the value must lie, where it is a number."""
    lowest, highest = preference.minimum, preference.maximum
    if preference.kind is not PreferenceKind.INT or lowest is None or highest is None:
        return None
    return lowest, highest


def _history(library: Library, preference: Preference) -> list[dict[str, object]]:
    """Return who gave the library's own value, and what was before. The newest first."""
    row = PreferenceValue.objects.filter(library=library, name=preference.name).first()
    if row is None:
        return []
    entries = AuditEntry.objects.about("preferencevalue", row.pk).newest()[:HISTORY]
    return [
        {"at": entry.at, "who": entry.actor, "before": _told(preference, pair[0]), "after": after}
        for entry in entries
        if len(pair := entry.changes.get("value", [])) == 2
        and (after := _told(preference, pair[1]))
    ]


def _told(preference: Preference, text: object) -> str:
    if text is None:
        return _("inherited")
    try:
        return _words(preference, preference.parse(str(text)))
    except policy.BadPreference:
        return str(text)

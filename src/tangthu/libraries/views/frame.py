"""What the pages about one library share: who may open them, the tabs, words of refusals."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from tangthu.core.errors import Invalid
from tangthu.core.permissions import Permission
from tangthu.core.requests import LibraryRequest
from tangthu.libraries.models import Library
from tangthu.libraries.permissions import LibrariesPermission
from tangthu.libraries.wording import fault_sentence

ANY = tuple(LibrariesPermission)
MANAGE = LibrariesPermission.MANAGE_LIBRARIES


def library_to_see(pk: int) -> Library:
    """Return a library of the tree, which all who administer one may look at."""
    return get_object_or_404(Library.objects.select_related("parent", "successor"), pk=pk)


def library_to_change(request: LibraryRequest, pk: int, permission: Permission) -> Library:
    """Return a library at which the permission holds; for others there is no such page."""
    libraries = Library.objects.select_related("parent", "successor")
    if not request.actor.everywhere:
        libraries = libraries.filter(pk__in=request.actor.libraries(permission))
    return get_object_or_404(libraries, pk=pk)


def page(
    request: LibraryRequest,
    template: str,
    library: Library,
    context: dict[str, object],
    *,
    tab: str = "library",
) -> HttpResponse:
    """Answer with a page about the library; 422 where its form has errors."""
    form = context.get("form")
    failed = isinstance(form, forms.Form) and bool(form.errors)
    here = {
        "library": library,
        "tabs": _tabs(library, tab),
        "crumbs": crumbs_to(library),
        "manages": request.actor.may(MANAGE, at=library.pk),
    }
    return render(request, template, here | context, status=422 if failed else 200)


def crumbs_to(library: Library) -> list[tuple[str, str]]:
    """Return the way from the list of libraries to this one."""
    above = Library.objects.in_bulk([pk for pk in library.chain if pk != library.pk])
    way = [
        (above[pk].name, reverse("libraries:library", args=[pk]))
        for pk in reversed(library.chain)
        if pk in above
    ]
    return [(_("Libraries"), reverse("libraries:list")), *way, (library.name, "")]


def show_refusal(form: forms.Form, error: Invalid) -> None:
    """Put the sentence of the fault at the field that it names, or above all fields."""
    field = error.field if error.field in form.fields else None
    form.add_error(field, fault_sentence(error))


def _tabs(library: Library, current: str) -> list[dict[str, object]]:
    return [
        {
            "label": _("Library"),
            "url": reverse("libraries:library", args=[library.pk]),
            "icon": "building",
            "current": current == "library",
        },
        {
            "label": _("Calendar"),
            "url": reverse("libraries:calendar", args=[library.pk]),
            "icon": "calendar3",
            "current": current == "calendar",
        },
        {
            "label": _("Preferences"),
            "url": reverse("libraries:preferences", args=[library.pk]),
            "icon": "sliders",
            "current": current == "preferences",
        },
    ]

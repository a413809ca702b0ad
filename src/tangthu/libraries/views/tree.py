"""The tree of libraries: looking at it, founding, changing, moving, dissolving."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tangthu.core.errors import Invalid
from tangthu.core.numbers import whole_number
from tangthu.core.requests import LibraryRequest
from tangthu.libraries import actions
from tangthu.libraries.errors import LibraryRefused
from tangthu.libraries.fields import libraries_for
from tangthu.libraries.forms import DissolveForm, LibraryForm, SearchForm, initial_of
from tangthu.libraries.models import Library, LibraryKind
from tangthu.libraries.network import (
    NOTHING,
    Figures,
    branches_of,
    figures,
    in_tree_order,
    matching,
)
from tangthu.libraries.views import frame
from tangthu.libraries.views.frame import ANY, MANAGE
from tangthu.libraries.wording import fault_sentence
from tangthu.ui.staff import staff_page

PAGE = 100
DEEPEST = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A library as the list shows it."""

    library: Library
    level: int
    is_living: bool
    is_ours: bool
    figures: Figures


@staff_page(*ANY)
@require_safe
def libraries(request: LibraryRequest) -> HttpResponse:
    form = SearchForm(request.GET)
    q = form.cleaned_data["q"] if form.is_valid() else ""
    tree = in_tree_order(Library.objects.select_related("parent", "successor"))
    found = matching(tree, q) if q else tree
    shown = Paginator(found, PAGE).get_page(request.GET.get("page"))
    rows = _rows(request, list(shown.object_list), flat=bool(q))
    context = {
        "q": q,
        "page": shown,
        "rows": rows,
        "marks_ours": not all(row.is_ours for row in rows),
        "manages": request.actor.may(MANAGE),
    }
    return render(request, "libraries/list.html", context)


def _rows(request: LibraryRequest, libraries: list[Library], *, flat: bool) -> list[Row]:
    counted, today = figures(libraries), timezone.localdate()
    return [
        Row(
            library=library,
            level=0 if flat else min(library.depth, DEEPEST),
            is_living=library.is_living(today),
            is_ours=any(request.actor.may(each, at=library.pk) for each in ANY),
            figures=counted[library.pk],
        )
        for library in libraries
    ]


@staff_page(*ANY)
@require_safe
def library(request: LibraryRequest, pk: int) -> HttpResponse:
    library = frame.library_to_see(pk)
    branches = in_tree_order(branches_of(library).select_related("parent", "successor"))
    context = {
        "stacks": library.locations.order_by("-is_active", "code"),
        "figures": figures([library]).get(library.pk, NOTHING),
        "branches": _rows(request, branches, flat=True),
        "predecessors": library.predecessors.order_by("name"),
        "is_living": library.is_living(timezone.localdate()),
    }
    return frame.page(request, "libraries/library.html", library, context)


@staff_page(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def new_library(request: LibraryRequest) -> HttpResponse:
    initial = {"parent": _parent_asked_for(request), "kind": LibraryKind.WARD}
    form = LibraryForm(request.POST or None, actor=request.actor, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            founded = actions.create_library(form.told(), by=request.actor)
        except LibraryRefused as refused:
            frame.show_refusal(form, refused)
        else:
            messages.success(request, _("The library has been founded. Give it its stacks now."))
            return redirect("libraries:library", pk=founded.pk)
    status = 422 if form.errors else 200
    return render(request, "libraries/library_form.html", {"form": form}, status=status)


def _parent_asked_for(request: LibraryRequest) -> int | None:
    asked = whole_number(request.GET.get("parent", ""))
    found = libraries_for(request.actor, MANAGE).filter(pk=asked or 0).first()
    return found.pk if found else request.actor.library_id


@staff_page(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_library(request: LibraryRequest, pk: int) -> HttpResponse:
    library = frame.library_to_change(request, pk, MANAGE)
    form = LibraryForm(
        request.POST or None, actor=request.actor, library=library, initial=initial_of(library)
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_library(library, form.told(), by=request.actor)
        except LibraryRefused as refused:
            frame.show_refusal(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("libraries:library", pk=pk)
    return frame.page(request, "libraries/library_form.html", library, {"form": form})


@staff_page(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def dissolve(request: LibraryRequest, pk: int) -> HttpResponse:
    library = frame.library_to_change(request, pk, MANAGE)
    initial = {
        "valid_to": library.valid_to or timezone.localdate(),
        "successor": library.successor_id,
    }
    form = DissolveForm(request.POST or None, library=library, initial=initial)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            actions.dissolve_library(
                library, on=told["valid_to"], successor=told["successor"], by=request.actor
            )
        except LibraryRefused as refused:
            frame.show_refusal(form, refused)
        else:
            messages.success(request, _("The end of the library is entered. It can be taken back."))
            return redirect("libraries:library", pk=pk)
    context = {
        "form": form,
        "figures": figures([library]).get(library.pk, NOTHING),
        "branches": branches_of(library).living(timezone.localdate()).order_by("name"),
    }
    return frame.page(request, "libraries/dissolve.html", library, context)


@staff_page(MANAGE)
@require_POST
def revive(request: LibraryRequest, pk: int) -> HttpResponse:
    library = frame.library_to_change(request, pk, MANAGE)
    try:
        actions.revive_library(library, by=request.actor)
    except Invalid as refused:
        messages.error(request, fault_sentence(refused))
    else:
        messages.success(request, _("The end was taken back: the library lives on."))
    return redirect("libraries:library", pk=pk)

"""The stacks of a library."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tangthu.core.requests import LibraryRequest
from tangthu.libraries import actions
from tangthu.libraries.errors import LibraryRefused
from tangthu.libraries.forms import StackForm, initial_of_stack
from tangthu.libraries.views import frame
from tangthu.libraries.views.frame import MANAGE
from tangthu.ui.staff import staff_page


@staff_page(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def new_stack(request: LibraryRequest, pk: int) -> HttpResponse:
    library = frame.library_to_change(request, pk, MANAGE)
    form = StackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_location(library, form.told(), by=request.actor)
        except LibraryRefused as refused:
            frame.show_refusal(form, refused)
        else:
            messages.success(request, _("The stack has been added."))
            return redirect("libraries:library", pk=pk)
    return frame.page(request, "libraries/stack_form.html", library, {"form": form})


@staff_page(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_stack(request: LibraryRequest, pk: int, stack_pk: int) -> HttpResponse:
    library = frame.library_to_change(request, pk, MANAGE)
    stack = get_object_or_404(library.locations, pk=stack_pk)
    form = StackForm(request.POST or None, initial=initial_of_stack(stack))
    name = stack.name
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_location(stack, form.told(), by=request.actor)
        except LibraryRefused as refused:
            frame.show_refusal(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("libraries:library", pk=pk)
    context: dict[str, object] = {"form": form, "stack_name": name}
    return frame.page(request, "libraries/stack_form.html", library, context)

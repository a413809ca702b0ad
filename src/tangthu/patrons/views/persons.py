"""Small deeds on a reader's file: the photo, the guardian, the papers shown at the desk."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tangthu.core import wording
from tangthu.core.requests import LibraryRequest
from tangthu.patrons.actions.deciding import confirm_identity
from tangthu.patrons.actions.guardians import set_guardian
from tangthu.patrons.actions.photos import remove_photo, set_photo
from tangthu.patrons.errors import PatronInvalid, PhotoRefused
from tangthu.patrons.forms_afar import GuardianForm, PhotoForm
from tangthu.patrons.models import Patron
from tangthu.patrons.permissions import PatronsPermission
from tangthu.patrons.photos import LARGEST_FILE
from tangthu.ui.staff import staff_page

SEE, EDIT = PatronsPermission.SEE_PATRONS, PatronsPermission.EDIT_PATRONS


@staff_page(SEE)
@never_cache
@require_safe
def photo(request: LibraryRequest, pk: int) -> HttpResponse:
    found = _visible(request, pk).photo
    if found is None:
        raise Http404
    return HttpResponse(bytes(found.jpeg), content_type="image/jpeg")


@staff_page(EDIT)
@require_POST
def change_photo(request: LibraryRequest, pk: int) -> HttpResponse:
    patron = _visible(request, pk)
    if request.POST.get("do") == "remove":
        remove_photo(patron, by=request.actor)
        messages.success(request, _("The photo is removed."))
        return redirect("patrons:detail", pk=pk)
    form = PhotoForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, _("Choose a picture first."))
        return redirect("patrons:detail", pk=pk)
    try:
        set_photo(patron, form.cleaned_data["photo"].read(LARGEST_FILE + 1), by=request.actor)
    except PhotoRefused as refused:
        messages.error(request, wording.explain(refused))
    else:
        messages.success(request, _("The photo is saved."))
    return redirect("patrons:detail", pk=pk)


@staff_page(EDIT)
@require_POST
def confirm(request: LibraryRequest, pk: int) -> HttpResponse:
    patron = confirm_identity(_visible(request, pk), by=request.actor)
    told = {"card": patron.card, "day": patron.expires_on.strftime("%d/%m/%Y")}
    messages.success(request, _("The card %(card)s is valid until %(day)s.") % told)
    return redirect("patrons:detail", pk=pk)


@staff_page(EDIT)
@require_POST
def guardian(request: LibraryRequest, pk: int) -> HttpResponse:
    patron = _visible(request, pk)
    form = GuardianForm(request.POST, actor=request.actor)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for error in form.errors["guardian_card"]))
        return redirect("patrons:detail", pk=pk)
    try:
        set_guardian(patron, form.cleaned_data["guardian_card"], by=request.actor)
    except PatronInvalid as refused:
        fault = refused.faults[0]
        messages.error(request, wording.sentence(fault.code, {"limit": fault.limit}))
    else:
        messages.success(request, _("Saved."))
    return redirect("patrons:detail", pk=pk)


def _visible(request: LibraryRequest, pk: int) -> Patron:
    seen = Patron.objects.visible_to(request.actor).for_list().select_related("guardian", "photo")
    return get_object_or_404(seen, pk=pk)

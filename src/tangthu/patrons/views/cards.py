"""Cards on paper: one to a page for a card printer, or ten to a sheet of A4."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tangthu.core.numbers import whole_number
from tangthu.core.requests import LibraryRequest
from tangthu.patrons.actions.files import note_cards_printed
from tangthu.patrons.cardfaces import CardFace, face_of
from tangthu.patrons.models import Patron
from tangthu.patrons.permissions import PatronsPermission
from tangthu.ui.staff import staff_page

PER_SHEET = 10
MOST = 200
FORMATS = ("a4", "cr80")


@staff_page(PatronsPermission.EDIT_PATRONS)
@never_cache
@require_safe
def print_cards(request: LibraryRequest) -> HttpResponse:
    """Show the cards of the readers chosen, as they come out of the printer."""
    asked = [whole_number(text) for text in request.GET.getlist("chosen")[:MOST]]
    seen = Patron.objects.visible_to(request.actor).for_list().select_related("photo")
    readers = list(seen.filter(pk__in=[pk for pk in asked if pk is not None]))
    if not readers:
        messages.error(request, _("Choose the readers whose cards you want to print."))
        return redirect("patrons:list")
    shape = request.GET.get("shape", "")
    note_cards_printed(readers, by=request.actor)
    faces = [face_of(patron, today=timezone.localdate()) for patron in readers]
    context = {
        "faces": faces,
        "sheets": _sheets(faces),
        "shape": shape if shape in FORMATS else FORMATS[0],
        "chosen": [patron.pk for patron in readers],
        "backs": request.GET.get("backs") != "no",
        "without_photo": sum(1 for face in faces if not face.photo),
    }
    return render(request, "patrons/cards.html", context)


def _sheets(faces: Sequence[CardFace]) -> list[Sequence[CardFace]]:
    return [faces[at : at + PER_SHEET] for at in range(0, len(faces), PER_SHEET)]

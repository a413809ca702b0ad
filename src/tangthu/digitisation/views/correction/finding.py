from __future__ import annotations

from django.shortcuts import get_object_or_404

from tangthu.core.numbers import whole_number
from tangthu.core.requests import LibraryRequest
from tangthu.digitisation.permissions import DigitisationPermission
from tangthu.formats.alto import Box
from tangthu.repository.models import DigitalObject, DigitalObjectQuerySet, Page

CORRECT = DigitisationPermission.CORRECT


def corrected_by(request: LibraryRequest) -> DigitalObjectQuerySet:
    """Return the objects whose text this member of staff may correct, drafts too."""
    rows = DigitalObject.objects.select_related("library")
    if request.actor.everywhere:
        return rows
    return rows.filter(library__in=request.actor.libraries(CORRECT))


def object_of(request: LibraryRequest, identifier: str) -> DigitalObject:
    return get_object_or_404(corrected_by(request), identifier=identifier)


def page_of(request: LibraryRequest, identifier: str, page: str) -> Page:
    obj = object_of(request, identifier)
    rows = Page.objects.filter(object=obj).ready().select_related("object__library", "delivery")
    return get_object_or_404(rows, identifier=page)


def box_of(text: str) -> Box | None:
    """Return a box written as x,y,w,h; None for anything else."""
    sides = [whole_number(each) for each in text.split(",")]
    if len(sides) != 4 or any(each is None or each < 0 or each > 1_000_000 for each in sides):
        return None
    left, top, width, height = (each or 0 for each in sides)
    return (left, top, width, height)

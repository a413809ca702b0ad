"""The object and the page that a request is about."""

from __future__ import annotations

from django.shortcuts import get_object_or_404

from tangthu.core.requests import LibraryRequest
from tangthu.repository.models import DigitalObject, Page
from tangthu.repository.permissions import RepositoryPermission

EDIT = RepositoryPermission.EDIT_OBJECTS


def kept_object(request: LibraryRequest, identifier: str) -> DigitalObject:
    """Return an object that this person keeps, or 404."""
    rows = DigitalObject.objects.kept_by(request.actor).select_related("library")
    return get_object_or_404(rows, identifier=identifier)


def kept_page(request: LibraryRequest, identifier: str, page: str) -> Page:
    """Return a page of such an object, or 404."""
    rows = kept_object(request, identifier).pages.select_related("object", "master", "delivery")
    return get_object_or_404(rows, identifier=page)

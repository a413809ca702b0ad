"""What a person may see of projects, and what their pages say of a document."""

from __future__ import annotations

from django.shortcuts import get_object_or_404

from tangthu.core.requests import LibraryRequest
from tangthu.digitisation.models import Batch, Capture, Project
from tangthu.digitisation.models.projects import STAFF
from tangthu.digitisation.permissions import DigitisationPermission

PLAN = DigitisationPermission.PLAN
PARTS = STAFF


def seen_project(request: LibraryRequest, pk: int) -> Project:
    """Return a project that these eyes may see, or 404."""
    rows = Project.objects.visible_to(request.actor).select_related("library", "location")
    return get_object_or_404(rows, pk=pk)


def planned_project(request: LibraryRequest, pk: int) -> Project:
    """Return a project that this person plans, or 404."""
    rows = Project.objects.planned_by(request.actor).select_related("library", "location")
    return get_object_or_404(rows, pk=pk)


def seen_batch(request: LibraryRequest, number: str) -> Batch:
    """Return a batch by the number on its docket, or 404."""
    projects = Project.objects.visible_to(request.actor)
    rows = Batch.objects.filter(project__in=projects).select_related("project__library")
    return get_object_or_404(rows, number=number.upper())


def seen_capture(request: LibraryRequest, number: str) -> Capture:
    """Return a document by the number on its docket, or 404."""
    rows = Capture.objects.visible_to(request.actor).for_list()
    rows = rows.select_related("batch__project__library")
    return get_object_or_404(rows, number=number.upper())

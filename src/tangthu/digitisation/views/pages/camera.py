"""Pages taken with a telephone: edges found, corners moved by hand, sent as scans."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from tangthu.core.requests import LibraryRequest
from tangthu.core.wording import sentence
from tangthu.digitisation.actions.pagechecks import MEASURING
from tangthu.digitisation.views.pages.finding import EDIT, kept_object
from tangthu.repository.actions.ingest import working_folder
from tangthu.repository.errors import FileRefused
from tangthu.repository.renderer import LimitedProgram
from tangthu.ui.camera import with_camera
from tangthu.ui.staff import staff_page

LARGEST = 2 * 1024 * 1024
"""Of the small picture in which edges are looked for: the browser sends 800 pixels, some 100 kB."""

SECONDS = 20.0


@staff_page(EDIT)
@require_safe
def camera(request: LibraryRequest, identifier: str) -> HttpResponse:
    """Show the camera of the telephone, and the pages that were taken."""
    obj = kept_object(request, identifier)
    context = {
        "object": obj,
        "count": obj.pages.count(),
        # The script that sends pictures must show it with every piece.
        "csrf": get_token(request),
    }
    return with_camera(render(request, "digitisation/camera.html", context))


@staff_page(EDIT)
@require_POST
def edges(request: LibraryRequest, identifier: str) -> HttpResponse:
    """Answer where the page lies in a small picture: four corners, or null where it is not seen."""
    kept_object(request, identifier)
    picture = request.read(LARGEST + 1)
    if not picture.startswith(b"\xff\xd8") or len(picture) > LARGEST:
        return JsonResponse({"corners": None, "words": sentence("no_edges")}, status=422)
    try:
        with working_folder() as folder, LimitedProgram(MEASURING, seconds=SECONDS) as program:
            path = folder / "picture.jpg"
            path.write_bytes(picture)
            found = program.ask({"deed": "edges", "path": str(path)})
    except FileRefused:
        found = {"corners": None}
    words = "" if found["corners"] else sentence("no_edges")
    return JsonResponse({"corners": found["corners"], "words": words})

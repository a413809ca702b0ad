"""Taking along, at the desk, what was made of a text."""

from __future__ import annotations

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from tangthu.core.requests import LibraryRequest
from tangthu.digitisation.models import TextCopy
from tangthu.digitisation.views.correction.finding import CORRECT, object_of
from tangthu.repository import storage
from tangthu.ui.staff import staff_page


@staff_page(CORRECT)
@require_safe
def copy(request: LibraryRequest, identifier: str, form: str) -> FileResponse:
    """Send the file that was made in this form."""
    rows = TextCopy.objects.ready().filter(object=object_of(request, identifier))
    file = get_object_or_404(rows.select_related("file"), form=form).file
    if file is None:
        raise Http404
    try:
        opened = storage.path_of(file).open("rb")
    except FileNotFoundError as gone:
        raise Http404 from gone
    return FileResponse(
        opened, as_attachment=True, filename=file.name, content_type=file.media_type
    )

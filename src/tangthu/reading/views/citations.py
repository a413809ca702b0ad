"""Citations of what is read, as files for the programs in which people keep them."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from tangthu.catalogue.models import Record
from tangthu.core.requests import LibraryRequest
from tangthu.formats.citations import CITATIONS
from tangthu.reading import citing
from tangthu.repository.models import DigitalObject
from tangthu.ui.staff import public_page


@require_safe
@public_page
def cite(request: LibraryRequest, name: str, form: str) -> HttpResponse:
    """Hand out the citation of the object, or of the page that the address names."""
    written = CITATIONS.get(form)
    if written is None:
        raise Http404
    rows = DigitalObject.objects.visible_to(request.actor).select_related("library")
    obj = get_object_or_404(rows, identifier=name)
    page = obj.pages.filter(identifier=request.GET.get("page", "")[:64]).first()
    records = Record.objects.visible_to(request.actor).filter(digital_links__object=obj)
    record = records.order_by("digital_links__position", "digital_links__id").first()
    work = citing.work_of(obj, record, page, site=request.build_absolute_uri("/")[:-1])
    answer = HttpResponse(written.write(work), written.content_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}.{written.ending}"'
    return answer

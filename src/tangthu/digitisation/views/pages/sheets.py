"""How an object was digitised: the form of TCVN 12200, and what the files tell themselves."""

from __future__ import annotations

import json

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tangthu.core.requests import LibraryRequest
from tangthu.digitisation.actions.sheets import begun_sheet, keep_sheet
from tangthu.digitisation.forms import SheetForm
from tangthu.digitisation.labels import GAPS
from tangthu.digitisation.policy.sheets import gaps
from tangthu.digitisation.views.pages.finding import EDIT, kept_object
from tangthu.repository.describing import description_of
from tangthu.repository.policy.kinds import FileRole
from tangthu.ui.staff import staff_page

FILES = 200


@staff_page(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: LibraryRequest, identifier: str) -> HttpResponse:
    """Write down how the object was digitised."""
    obj = kept_object(request, identifier)
    row = begun_sheet(obj)
    posted = request.POST if request.method == "POST" else None
    form = SheetForm(posted, instance=row)
    if posted is not None and form.is_valid():
        keep_sheet(form.instance, by=request.actor)
        messages.success(request, _("Saved."))
        return redirect("digitisation:sheet", identifier)
    masters = obj.files.current().filter(role__in=[FileRole.MASTER, FileRole.ORIGINAL])
    told = {field: getattr(row, field) for field in SheetForm.Meta.fields}
    context = {
        "object": obj,
        "form": form,
        "gaps": [GAPS[gap] for gap in gaps(told)],
        "files": masters[:FILES],
        "pages": {page.master_id: page for page in obj.pages.all()[:FILES]},
        "is_kept": row.pk is not None,
    }
    return render(request, "digitisation/sheet.html", context, status=422 if form.errors else 200)


@staff_page(EDIT)
@require_safe
def export(request: LibraryRequest, identifier: str) -> HttpResponse:
    """Hand out the whole description of the object, the sheet in it, as JSON."""
    obj = kept_object(request, identifier)
    text = json.dumps(description_of(obj), ensure_ascii=False, indent=1, default=str)
    response = HttpResponse(f"{text}\n", content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{obj.identifier}.json"'
    return response

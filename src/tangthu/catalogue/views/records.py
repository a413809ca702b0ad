"""The list of records, the page of one, what is done with several, and their export."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import cast

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from tangthu.catalogue import actions, labels, reading
from tangthu.catalogue.doors import doors_of
from tangthu.catalogue.exporting import CONTENT_TYPES, EXTENSIONS, ExportFormat, pieces
from tangthu.catalogue.forms import ListForm
from tangthu.catalogue.models import Item, Record, RecordQuerySet, RecordVersion
from tangthu.catalogue.permissions import CataloguePermission
from tangthu.catalogue.policy import changed
from tangthu.core.actor import Actor
from tangthu.core.numbers import whole_number
from tangthu.core.requests import LibraryRequest
from tangthu.formats.marc import storage
from tangthu.formats.marc.bibliographic import Description, describe
from tangthu.formats.marc.isbd import isbd
from tangthu.formats.marc.record import ControlField, Field
from tangthu.ui.staff import staff_page

EDIT = CataloguePermission.EDIT_RECORDS
ITEMS = CataloguePermission.EDIT_ITEMS
SUPPRESS = CataloguePermission.SUPPRESS_RECORDS
EXPORT = CataloguePermission.IMPORT_RECORDS
ANY = tuple(CataloguePermission)
MOST_CHOSEN = 500


@staff_page(*ANY)
@require_safe
def records(request: LibraryRequest) -> HttpResponse:
    """Show the records that fit, or go straight to the one whose barcode was scanned."""
    form = ListForm(request.GET)
    wanted = form.wanted()
    scanned = Item.objects.by_barcode(wanted.q).first() if wanted.q else None
    if scanned is not None:
        return redirect("catalogue:record", pk=scanned.record_id)
    found = reading.wanted_records(Record.objects.visible_to(request.actor), wanted)
    page = reading.slice_of(
        found,
        sort=wanted.sort,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    context = {
        "form": form,
        "wanted": wanted,
        "page": page,
        "rows": [(record, labels.material(record.material_type)) for record in page.records],
        "query": _without_page(request.GET),
        "here": request.get_full_path(),
        **_rights(request.actor),
    }
    return render(request, "catalogue/list.html", context)


@staff_page(*ANY)
@require_POST
def selected(request: LibraryRequest) -> HttpResponse:
    """Do one thing with the chosen records: hide them, show them, or hand them out."""
    numbers = map(whole_number, request.POST.getlist("chosen")[:MOST_CHOSEN])
    chosen = [pk for pk in numbers if pk is not None]
    deed = request.POST.get("deed", "")
    if deed == "export":
        request.actor.require(EXPORT)
        found = Record.objects.visible_to(request.actor).filter(pk__in=chosen)
        return _file(found.order_by("id"), ExportFormat.ISO2709)
    if deed in {"hide", "show"}:
        count = actions.suppress_many(chosen, hidden=deed == "hide", by=request.actor)
        messages.success(request, _told(count, hidden=deed == "hide"))
    return HttpResponseRedirect(_back(request))


@staff_page(EXPORT)
@require_safe
def export(request: LibraryRequest) -> HttpResponse:
    """Hand out all records that fit, as they stand."""
    wanted = ListForm(request.GET).wanted()
    given = request.GET.get("format", "")
    form = ExportFormat(given) if given in set(ExportFormat) else ExportFormat.ISO2709
    found = reading.wanted_records(Record.objects.visible_to(request.actor), wanted)
    return _file(found.order_by("id"), form, with_items=bool(request.GET.get("items")))


@staff_page(*ANY)
@require_safe
def record(request: LibraryRequest, pk: int) -> HttpResponse:
    row = _seen(request, pk)
    marc = storage.loads(row.marc)
    described = describe(marc)
    items = Item.objects.filter(record=row).for_list()
    context = {
        "record": row,
        "kind_label": labels.material(row.material_type),
        "facts": _facts(row, described),
        "isbd": isbd(marc),
        "items": [(item, request.actor.may(ITEMS, at=item.library_id)) for item in items],
        "leader": marc.leader.replace(" ", "#"),
        "fields": [_shown(field) for field in marc.fields],
        "versions": RecordVersion.objects.filter(record=row).defer("marc").order_by("-number"),
        **_rights(request.actor, at=row.library_id),
        "may_add_items": request.actor.may(ITEMS),
        "doors": doors_of(row, request.actor),
    }
    return render(request, "catalogue/record.html", context)


@staff_page(SUPPRESS)
@require_POST
def suppress(request: LibraryRequest, pk: int) -> HttpResponse:
    """Hide the record from the public, or show it again."""
    row = _seen(request, pk)
    hidden = request.POST.get("hidden") == "1"
    (actions.suppress if hidden else actions.unsuppress)(row, by=request.actor)
    messages.success(request, _told(1, hidden=hidden))
    return redirect("catalogue:record", pk=pk)


@staff_page(*ANY)
@require_safe
def version(request: LibraryRequest, pk: int, number: int) -> HttpResponse:
    """Show an earlier version beside the present one: what went and what came since."""
    row = _seen(request, pk)
    kept = get_object_or_404(RecordVersion, record=row, number=number)
    before, now = storage.loads(kept.marc), storage.loads(row.marc)
    gone, come = changed(before, now)
    context = {
        "record": row,
        "kept": kept,
        "gone": [_shown(field) for field in gone],
        "come": [_shown(field) for field in come],
        "fields": [_shown(field) for field in before.fields],
        "leader": before.leader.replace(" ", "#"),
        **_rights(request.actor, at=row.library_id),
    }
    return render(request, "catalogue/version.html", context)


@staff_page(EDIT)
@require_POST
def restore(request: LibraryRequest, pk: int, number: int) -> HttpResponse:
    row = _seen(request, pk)
    seen = whole_number(request.POST.get("version", "")) or 0
    actions.restore_version(row, number, version=seen, by=request.actor)
    messages.success(
        request, _("Version %(number)s is the present one again.") % {"number": number}
    )
    return redirect("catalogue:record", pk=pk)


def _seen(request: LibraryRequest, pk: int) -> Record:
    found = Record.objects.visible_to(request.actor).select_related("library")
    return get_object_or_404(found, pk=pk)


def _rights(actor: Actor, *, at: int | None = None) -> dict[str, bool]:
    return {
        "may_edit": actor.may(EDIT, at=at),
        "may_suppress": actor.may(SUPPRESS, at=at),
        "may_export": actor.may(EXPORT),
        "may_import": actor.may(EXPORT),
    }


def _facts(row: Record, said: Description) -> list[tuple[str, object]]:
    """Return what the description says, as pairs; the page hides the empty ones."""
    imprint = ", ".join(
        filter(None, (" : ".join(filter(None, (said.place, said.publisher))), str(said.year or "")))
    )
    return [
        (_("Author"), "; ".join(author.name for author in said.authors)),
        (_("Statement of responsibility"), said.responsibility),
        (_("Edition"), said.edition),
        (_("Published"), imprint),
        (_("Pages, illustrations, size"), said.extent),
        (_("Series"), "; ".join(said.series)),
        (_("Language"), "; ".join(labels.language(code) for code in said.languages)),
        (_("ISBN"), "; ".join(said.isbns)),
        (_("ISSN"), "; ".join(said.issns)),
        (_("Class number"), row.call_number),
        (_("Subject headings"), "; ".join((*said.subjects, *said.keywords))),
        (_("Price"), said.price),
        (_("Summary"), said.summary),
        (_("Belongs to"), row.library.name),
        (_("Control number"), " ".join(filter(None, (row.control_agency, row.control_number)))),
    ]


def _shown(field: Field) -> tuple[str, str, Sequence[tuple[str, str]]]:
    """Return tag, indicators and subfields; where blanks count, each is shown as #."""
    if isinstance(field, ControlField):
        return field.tag, "", [("", field.value.replace(" ", "#"))]
    return field.tag, f"{field.ind1}{field.ind2}".replace(" ", "#"), field.subfields


def _told(count: int, *, hidden: bool) -> str:
    if hidden:
        words = ngettext(
            "%(count)s record is hidden from the public.",
            "%(count)s records are hidden from the public.",
            count,
        )
    else:
        words = ngettext(
            "%(count)s record is shown to the public.",
            "%(count)s records are shown to the public.",
            count,
        )
    return words % {"count": count}


def _without_page(query: QueryDict) -> str:
    kept = query.copy()
    for name in ("after", "before"):
        kept.pop(name, None)
    return kept.urlencode()


def _back(request: LibraryRequest) -> str:
    """Return the list as it was; never an address outside of this site."""
    here = request.POST.get("here", "")
    safe = url_has_allowed_host_and_scheme(here, allowed_hosts={request.get_host()})
    return here if safe else reverse("catalogue:records")


def _file(found: RecordQuerySet, form: ExportFormat, *, with_items: bool = False) -> HttpResponse:
    content: Iterable[bytes] = pieces(found, form, with_items=with_items)
    name = f"tangthu-{timezone.localdate():%Y%m%d}.{EXTENSIONS[form]}"
    answer = StreamingHttpResponse(
        content,
        content_type=CONTENT_TYPES[form],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
    # Django's two kinds of response share all that a view's caller touches.
    return cast(HttpResponse, answer)

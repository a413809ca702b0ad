"""Handing over: a run is loaded by scanning labels, sent, and followed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tangthu.circulation.wording.outcomes import Outcome, stopped
from tangthu.core.errors import Conflict, Invalid
from tangthu.core.requests import LibraryRequest
from tangthu.delivery import actions, links
from tangthu.delivery.models import Carrier, Delivery, Run
from tangthu.delivery.permissions import DeliveryPermission
from tangthu.delivery.policy import Leg, State
from tangthu.delivery.sheets import CONTENT_TYPE, run_sheet
from tangthu.delivery.views.board import deliveries
from tangthu.delivery.wording import sentences
from tangthu.libraries.models import Library
from tangthu.patrons.symbols import qr
from tangthu.ui.staff import staff_page

HANDLE = DeliveryPermission.HANDLE
SHOWN = 50


@require_safe
@staff_page(HANDLE)
def runs(request: LibraryRequest) -> HttpResponse:
    """List the runs, and the carriers for whom one can be loaded."""
    context = {
        "runs": Run.objects.visible_to(request.actor).for_list()[:SHOWN],
        "carriers": Carrier.objects.visible_to(request.actor).active(),
        "packed": deliveries(request).filter(state=State.PACKED).count(),
    }
    return render(request, "delivery/runs.html", context)


@require_POST
@staff_page(HANDLE)
def begin(request: LibraryRequest) -> HttpResponse:
    """Begin to load a run for the chosen carrier."""
    mine = Carrier.objects.visible_to(request.actor).active().select_related("library")
    wanted = request.POST.get("carrier", "")
    carrier = get_object_or_404(mine, pk=int(wanted) if wanted.isdecimal() else 0)
    return redirect("delivery:run", pk=actions.begin_run(carrier, by=request.actor).pk)


@require_safe
@staff_page(HANDLE)
def run(request: LibraryRequest, pk: int) -> HttpResponse:
    return page(request, run_of(request, pk))


@require_POST
@staff_page(HANDLE)
def load(request: LibraryRequest, pk: int) -> HttpResponse:
    """Load the scanned parcel."""
    row = run_of(request, pk)
    try:
        loaded = actions.load(row, request.POST.get("q", "")[:60], by=request.actor)
    except (Conflict, Invalid) as refused:
        words = " ".join(sentences(refused))
        return page(request, row, outcome=stopped(_("Not loaded"), words))
    outcome = Outcome(kind="success", title=_("Loaded"), text=loaded.reference, sound="done")
    return page(request, row, outcome=outcome)


@require_POST
@staff_page(HANDLE)
def change(request: LibraryRequest, pk: int) -> HttpResponse:
    """Unload a parcel, send the run, or renew or end the carrier's link."""
    row = run_of(request, pk)
    try:
        told = do(request, row)
    except Conflict as refused:
        messages.error(request, " ".join(sentences(refused)))
    else:
        messages.success(request, told)
    return redirect("delivery:run", pk=pk)


def do(request: LibraryRequest, row: Run) -> str:
    """Do what the pressed button says, and return the words for it."""
    deed = request.POST.get("deed", "")
    if deed == "send":
        actions.hand_over(row, by=request.actor)
        return _("Handed over. The carrier's link works now.")
    if deed == "renew_link":
        actions.renew_link(row, by=request.actor)
        return _("The carrier has a new link; the former one has ended.")
    if deed == "end_link":
        actions.end_link(row, by=request.actor)
        return _("The carrier's link has ended.")
    wanted = request.POST.get("delivery", "")
    delivery = get_object_or_404(row.deliveries, pk=int(wanted) if wanted.isdecimal() else 0)
    actions.unload(row, delivery, by=request.actor)
    return _("Unloaded: %(reference)s") % {"reference": delivery.reference}


@require_safe
@staff_page(HANDLE)
def run_list(request: LibraryRequest, pk: int) -> HttpResponse:
    """Print the list that goes with the carrier, with the QR code of the link."""
    row = run_of(request, pk)
    context = {"run": row, "rows": parcels(row), **link_of(request, row)}
    return render(request, "delivery/run_list.html", context)


@require_safe
@staff_page(HANDLE)
def run_excel(request: LibraryRequest, pk: int) -> HttpResponse:
    """Give the same list as an Excel file."""
    row = run_of(request, pk)
    answer = HttpResponse(run_sheet(parcels(row)), content_type=CONTENT_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="giao-sach-{row.pk}.xlsx"'
    return answer


def run_of(request: LibraryRequest, pk: int) -> Run:
    rows = Run.objects.visible_to(request.actor).select_related("carrier", "library")
    return get_object_or_404(rows, pk=pk)


def parcels(row: Run) -> list[Delivery]:
    return list(Delivery.objects.filter(run=row).with_books().order_by("leg", "address", "id"))


def link_of(request: LibraryRequest, row: Run) -> dict[str, object]:
    """Return the carrier's link and its QR code, while it works."""
    if row.expires_at is None or row.expires_at <= timezone.now():
        return {"link": "", "symbol": None}
    link = request.build_absolute_uri(f"/carry/?key={links.key_of(row)}")
    return {"link": link, "symbol": qr(link)}


def page(request: LibraryRequest, row: Run, *, outcome: Outcome | None = None) -> HttpResponse:
    below = Library.objects.under(row.library)
    ready = deliveries(request).filter(run=None, library__in=below).with_books()
    context = {
        "run": row,
        "rows": parcels(row),
        "collections": [] if row.is_sent else ready.filter(leg=Leg.BACK, state=State.APPROVED),
        "outcome": outcome,
        **link_of(request, row),
    }
    template = "delivery/run.html#board" if request.htmx else "delivery/run.html"
    return render(request, template, context)

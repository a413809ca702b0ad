"""The copies of a record: enter them, correct one, withdraw it, take it back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tangthu.catalogue import actions
from tangthu.catalogue.actions import provide_item_types
from tangthu.catalogue.forms import AddItemsForm, ChangeItemForm, WithdrawForm
from tangthu.catalogue.models import Item, ItemType, Record
from tangthu.catalogue.permissions import CataloguePermission
from tangthu.core.errors import TangthuError
from tangthu.core.numbers import whole_number
from tangthu.core.requests import LibraryRequest
from tangthu.libraries.models import Library
from tangthu.ui import refusals
from tangthu.ui.staff import staff_page

EDIT = CataloguePermission.EDIT_ITEMS
READ_OR_WRITE = ["GET", "HEAD", "POST"]


@staff_page(EDIT)
@require_http_methods(READ_OR_WRITE)
def items(request: LibraryRequest, pk: int) -> HttpResponse:
    """Enter copies of the record."""
    record = get_object_or_404(Record.objects.visible_to(request.actor), pk=pk)
    provide_item_types()
    form = AddItemsForm(request.POST or None, actor=request.actor, initial=_usual(request, record))
    if request.method == "POST" and form.is_valid():
        try:
            added = actions.add_items(
                record, form.told(), copies=form.cleaned_data["copies"], by=request.actor
            )
        except TangthuError as refused:
            refusals.show(form, refused)
        else:
            _tell(request, added)
            return redirect("catalogue:record", pk=pk)
    context = {
        "form": form,
        "record": record,
        "present": Item.objects.filter(record=record).in_stock().count(),
        "next_number": _next_number(request, form),
        "numbered": bool(form["accession_number"].value() or form["barcode"].value()),
    }
    return render(request, "catalogue/items_form.html", context, status=422 if form.errors else 200)


@staff_page(EDIT)
@require_safe
def next_number(request: LibraryRequest) -> HttpResponse:
    """Answer which accession number comes next in the chosen library and series."""
    form = AddItemsForm(request.GET, actor=request.actor, initial={})
    return render(
        request, "catalogue/next_number.html", {"next_number": _next_number(request, form)}
    )


@staff_page(EDIT)
@require_http_methods(READ_OR_WRITE)
def item(request: LibraryRequest, pk: int) -> HttpResponse:
    """Correct the data of a copy."""
    row = _own(request, pk)
    form = ChangeItemForm(request.POST or None, actor=request.actor, item=row)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        try:
            actions.change_item(row, by=request.actor, version=version, **form.told())
        except TangthuError as refused:
            refusals.show(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("catalogue:record", pk=row.record_id)
    context = {"form": form, "item": row, "withdraw_form": WithdrawForm()}
    return render(request, "catalogue/item.html", context, status=422 if form.errors else 200)


@staff_page(EDIT)
@require_POST
def withdraw(request: LibraryRequest, pk: int) -> HttpResponse:
    row = _own(request, pk)
    form = WithdrawForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    actions.withdraw_item(row, by=request.actor, reason=reason)
    told = _("The copy %(barcode)s was withdrawn. Its number stays in the register.")
    messages.success(request, told % {"barcode": row.barcode})
    return redirect("catalogue:record", pk=row.record_id)


@staff_page(EDIT)
@require_POST
def reinstate(request: LibraryRequest, pk: int) -> HttpResponse:
    row = _own(request, pk)
    actions.reinstate_item(row, by=request.actor)
    messages.success(
        request, _("The copy %(barcode)s is in the stock again.") % {"barcode": row.barcode}
    )
    return redirect("catalogue:record", pk=row.record_id)


def _own(request: LibraryRequest, pk: int) -> Item:
    """Return the copy, refusing staff who may not change copies of its library."""
    found = Item.objects.select_related("record", "library", "location", "item_type")
    row = get_object_or_404(found.defer("record__marc"), pk=pk)
    request.actor.require(EDIT, at=row.library_id)
    return row


def _usual(request: LibraryRequest, record: Record) -> dict[str, object]:
    """Return what most new copies are: one, here, of the type of the document."""
    types = {kind.code: kind.pk for kind in ItemType.objects.all()}
    here = request.actor.library_id
    may = here is not None and request.actor.may(EDIT, at=here)
    return {
        "library": here if may else record.library_id,
        "item_type": types.get(record.material_type, types.get("book")),
        "call_number": record.call_number,
        "copies": 1,
        "status": "available",
    }


def _next_number(request: LibraryRequest, form: AddItemsForm) -> str:
    chosen = str(form["library"].value() or "")
    library = Library.objects.filter(pk=whole_number(chosen) or 0).first()
    if library is None or not request.actor.may(EDIT, at=library.pk):
        return ""
    return actions.next_number(library, str(form["series"].value() or "")[:30] or None)


def _tell(request: LibraryRequest, added: list[Item]) -> None:
    numbers = ", ".join(item.accession_number for item in added[:5])
    words = ngettext(
        "%(count)s copy was added: %(numbers)s.",
        "%(count)s copies were added: %(numbers)s.",
        len(added),
    )
    more = " …" if len(added) > len(numbers.split(", ")) else ""
    messages.success(request, words % {"count": len(added), "numbers": numbers + more})

"""Lending many copies to one card at once."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tangthu.catalogue.barcodes import normal
from tangthu.catalogue.models import Item
from tangthu.circulation import actions
from tangthu.circulation.desk import items
from tangthu.circulation.forms.lending import SetForm
from tangthu.circulation.permissions import CirculationPermission
from tangthu.circulation.wording.lending import reasons
from tangthu.circulation.wording.outcomes import may_waive
from tangthu.core.requests import LibraryRequest
from tangthu.patrons.actions import note_seen
from tangthu.patrons.reading import patron_by_card
from tangthu.ui.staff import staff_page

LEND = CirculationPermission.LEND


@staff_page(LEND)
@require_http_methods(["GET", "HEAD", "POST"])
def sets(request: LibraryRequest) -> HttpResponse:
    """Take a card and barcodes, lend what may be lent, and say of the rest why not."""
    form = SetForm(request.POST or None, initial={"card": request.GET.get("patron", "")})
    context: dict[str, object] = {"form": form, "result": None}
    if request.method == "POST" and form.is_valid():
        patron = patron_by_card(form.cleaned_data["card"], by=request.actor, whole=True)
        if patron is None:
            form.add_error("card", _("No reader here has this card."))
        else:
            note_seen(patron, by=request.actor)
            copies, unknown = found(form.codes)
            result = actions.lend_set(
                copies,
                to=patron,
                due_at=form.due_at,
                override=[code for code in form.cleaned_data["override"].split(",") if code],
                by=request.actor,
            )
            context |= {
                "result": result,
                "patron": patron,
                "unknown": unknown,
                "refused": [(item, reasons(verdict.blocks)) for item, verdict in result.refused],
                "again": "\n".join(item.barcode for item, _verdict in result.refused),
                "waivable": waivable(request, result),
            }
    return render(request, "circulation/sets.html", context, status=422 if form.errors else 200)


def found(codes: list[str]) -> tuple[list[Item], list[str]]:
    """Find the copies in the order of their barcodes, and what no copy has. One query."""
    wanted = {normal(code): code for code in codes}
    there = {item.barcode: item for item in items().filter(barcode__in=wanted)}
    copies = [there[code] for code in wanted if code in there]
    return copies, [told for code, told in wanted.items() if code not in there]


def waivable(request: LibraryRequest, result: actions.SetResult) -> str:
    """Return the codes of the blocks if this person may lend the rest all the same."""
    blocks = [block for _item, verdict in result.refused for block in verdict.blocks]
    may = all(may_waive(block, request.actor) for block in blocks)
    return ",".join(sorted({str(block.code) for block in blocks})) if may and blocks else ""

"""How the library reaches the reader, and the reader's rights over what it keeps on them."""

from __future__ import annotations

from datetime import date, datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tangthu.core import wording
from tangthu.core.errors import TangthuError
from tangthu.core.requests import LibraryRequest
from tangthu.opac.account.forms import ContactForm, DataRequestForm
from tangthu.opac.account.reader import patron_of
from tangthu.patrons.actions.contacts import request_contact_change, withdraw_contact_change
from tangthu.patrons.actions.requests import (
    export_data,
    request_data_right,
    withdraw_data_request,
)
from tangthu.patrons.errors import ContactInvalid, NothingToChange
from tangthu.patrons.holders import Section
from tangthu.patrons.models import ContactChange, DataRequest, RequestKind
from tangthu.ui import refusals
from tangthu.ui.readers import reader_page
from tangthu.ui.templatetags.ui import gio, ngay


@reader_page
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: LibraryRequest) -> HttpResponse:
    """Show the contacts in the file, and ask for others."""
    patron = patron_of(request)
    now = {"phone": patron.dialled_phone, "email": patron.email, "address": patron.address}
    form = ContactForm(request.POST if request.method == "POST" else None, initial=now)
    if request.method == "POST" and form.is_valid():
        try:
            request_contact_change(patron, **form.cleaned_data, by=request.actor)
        except ContactInvalid as refused:
            form.add_error(refused.field, wording.sentence(str(refused.data["fault"])))
        except NothingToChange as refused:
            refusals.show(form, refused)
        else:
            messages.success(
                request, _("The library has your wish. The file changes once staff accept it.")
            )
            return redirect("account:contact")
    changes = ContactChange.objects.visible_to(request.actor).filter(patron=patron)
    context = {"form": form, "patron": patron, "waiting": changes.waiting().first()}
    return render(request, "account/contact.html", context, status=422 if form.errors else 200)


@reader_page
@require_POST
def withdraw_contact(request: LibraryRequest, pk: int) -> HttpResponse:
    own = ContactChange.objects.visible_to(request.actor).filter(patron=request.actor.patron_id)
    withdraw_contact_change(get_object_or_404(own, pk=pk), by=request.actor)
    messages.success(request, _("The wish is taken back."))
    return redirect("account:contact")


@reader_page
@require_safe
def data(request: LibraryRequest) -> HttpResponse:
    """Show what the reader may ask for under the law, and what they have asked."""
    return _data_page(request, DataRequestForm())


@reader_page
@require_POST
def export(request: LibraryRequest) -> HttpResponse:
    """Hand out everything that is kept on the reader, to read or for programs."""
    told = export_data(patron_of(request), by=request.actor)
    if request.POST.get("form") != "json":
        sections = [(section.title, _told(section)) for section in told.sections]
        context = {"disclosure": told, "sections": sections}
        return render(request, "account/disclosure.html", context)
    answer = HttpResponse(told.as_json(), content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="tang-thu-{told.card}.json"'
    return answer


@reader_page
@require_POST
def ask(request: LibraryRequest) -> HttpResponse:
    """Ask for a correction or for erasure: the library answers within two working days."""
    form = DataRequestForm(request.POST)
    if form.is_valid():
        kind = RequestKind(form.cleaned_data["kind"])
        try:
            made = request_data_right(
                patron_of(request), kind, text=form.cleaned_data["text"], by=request.actor
            )
        except TangthuError as refused:
            refusals.show(form, refused)
        else:
            day = made.answer_by.strftime("%d/%m/%Y")
            told = _("The library has your request and answers by %(day)s.") % {"day": day}
            messages.success(request, told)
            return redirect("account:data")
    return _data_page(request, form, status=422)


@reader_page
@require_POST
def withdraw_request(request: LibraryRequest, pk: int) -> HttpResponse:
    own = DataRequest.objects.visible_to(request.actor).filter(patron=request.actor.patron_id)
    withdraw_data_request(get_object_or_404(own, pk=pk), by=request.actor)
    messages.success(request, _("The request is taken back."))
    return redirect("account:data")


def _data_page(
    request: LibraryRequest, form: DataRequestForm, *, status: int = 200
) -> HttpResponse:
    own = DataRequest.objects.visible_to(request.actor).filter(patron=request.actor.patron_id)
    context = {"form": form, "requests": own.order_by("-asked_at", "-pk")[:50]}
    return render(request, "account/data.html", context, status=status)


def _told(section: Section) -> list[list[tuple[object, object]]]:
    """Return the lines of a section as labels and values for people; empty ones are left out."""
    return [
        [
            (label, _readable(row.get(key)))
            for key, label in section.columns.items()
            if row.get(key) not in (None, "")
        ]
        for row in section.rows
    ]


def _readable(value: object) -> object:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return gio(value)
    return ngay(value) if isinstance(value, date) else value

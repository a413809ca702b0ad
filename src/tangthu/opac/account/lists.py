"""The reader's lists of records; a list that is shared opens to anybody with its link."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tangthu.catalogue.models import Record
from tangthu.core import wording
from tangthu.core.errors import TangthuError
from tangthu.core.numbers import whole_number
from tangthu.core.requests import LibraryRequest
from tangthu.opac import actions
from tangthu.opac.account.entering import local
from tangthu.opac.account.forms import ListForm
from tangthu.opac.bundles import BUNDLES
from tangthu.opac.models import ReadingList, ReadingListQuerySet
from tangthu.ui import refusals
from tangthu.ui.readers import reader_page
from tangthu.ui.staff import public_page


@reader_page
@require_http_methods(["GET", "HEAD", "POST"])
def lists(request: LibraryRequest) -> HttpResponse:
    """Show the lists, and make a new one."""
    form = ListForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.create_list(form.cleaned_data["name"], by=request.actor)
        except TangthuError as refused:
            refusals.show(form, refused)
        else:
            return redirect("account:list", pk=made.pk)
    context = {"lists": _own(request).for_account(), "form": form}
    return render(request, "account/lists.html", context, status=422 if form.errors else 200)


@reader_page
@require_safe
def one(request: LibraryRequest, pk: int) -> HttpResponse:
    """Show one list."""
    found = get_object_or_404(_own(request), pk=pk)
    shared = ""
    if found.secret:
        shared = request.build_absolute_uri(reverse("opac:shared_list", args=[found.secret]))
    context = {
        "list": found,
        "records": records_of(found),
        "shared": shared,
        "exports": _exports(found.pk),
        "form": ListForm(initial={"name": found.name}),
    }
    return render(request, "account/list.html", context)


@reader_page
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: LibraryRequest, pk: int = 0) -> HttpResponse:
    """Choose a list for a record, or make one for it."""
    asked = request.POST if request.method == "POST" else request.GET
    pk = pk or whole_number(asked.get("record", "")) or 0
    record = get_object_or_404(Record.objects.public().without_marc(), pk=pk)
    there = local(asked.get("next") or reverse("opac:record", args=[pk]))
    form = ListForm(request.POST if request.POST.get("name") else None)
    if request.method == "POST":
        try:
            chosen = _chosen(request, form)
            if chosen is not None:
                actions.add_to_list(chosen, record, by=request.actor)
                messages.success(
                    request, _("It is on the list “%(name)s”.") % {"name": chosen.name}
                )
                return HttpResponseRedirect(there)
        except TangthuError as refused:
            _show(form, refused, request)
    context = {
        "record": record,
        "lists": _own(request).for_account(),
        "form": form,
        "next": there,
    }
    return render(request, "account/add.html", context, status=422 if form.errors else 200)


@reader_page
@require_POST
def rename(request: LibraryRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(_own(request), pk=pk)
    try:
        actions.rename_list(found, request.POST.get("name", ""), by=request.actor)
    except TangthuError as refused:
        messages.error(request, wording.explain(refused))
    return redirect("account:list", pk=pk)


@reader_page
@require_POST
def remove(request: LibraryRequest, pk: int) -> HttpResponse:
    actions.remove_list(get_object_or_404(_own(request), pk=pk), by=request.actor)
    messages.success(request, _("The list is gone."))
    return redirect("account:lists")


@reader_page
@require_POST
def take_off(request: LibraryRequest, pk: int) -> HttpResponse:
    record = whole_number(request.POST.get("record", "")) or 0
    actions.remove_from_list(get_object_or_404(_own(request), pk=pk), record, by=request.actor)
    return redirect("account:list", pk=pk)


@reader_page
@require_POST
def share(request: LibraryRequest, pk: int) -> HttpResponse:
    actions.share_list(get_object_or_404(_own(request), pk=pk), by=request.actor)
    return redirect("account:list", pk=pk)


@reader_page
@require_POST
def unshare(request: LibraryRequest, pk: int) -> HttpResponse:
    actions.stop_sharing(get_object_or_404(_own(request), pk=pk), by=request.actor)
    messages.success(request, _("The link opens nothing any more."))
    return redirect("account:list", pk=pk)


@reader_page
@require_safe
def export(request: LibraryRequest, pk: int, form: str) -> HttpResponse:
    """Hand out the list as text, MARC, RIS or BibTeX."""
    return _file(request, get_object_or_404(_own(request), pk=pk), form)


@public_page
@require_safe
def shared(request: LibraryRequest, secret: str) -> HttpResponse:
    """Show a list to whoever has its link. Whose it is stands nowhere."""
    found = get_object_or_404(ReadingList, secret=secret)
    context = {"list": found, "records": records_of(found), "exports": _shared_exports(secret)}
    response = render(request, "account/shared_list.html", context)
    response["Referrer-Policy"] = "no-referrer"
    return response


@public_page
@require_safe
def export_shared(request: LibraryRequest, secret: str, form: str) -> HttpResponse:
    return _file(request, get_object_or_404(ReadingList, secret=secret), form)


def records_of(found: ReadingList) -> Sequence[Record]:
    """Return the public records of a list, the newest on it first."""
    on_it = Record.objects.public().filter(pk__in=found.entries.values("record"))
    order = dict(found.entries.order_by("-added_at", "-pk").values_list("record", "added_at"))
    rows = on_it.without_marc().in_bulk()
    return [rows[pk] for pk in order if pk in rows]


def _file(request: LibraryRequest, found: ReadingList, form: str) -> HttpResponse:
    bundle = BUNDLES.get(form)
    if bundle is None:
        raise Http404
    rows = (
        Record.objects.public().filter(pk__in=found.entries.values("record")).order_by("title_key")
    )
    site = request.build_absolute_uri("/")[:-1]
    answer = HttpResponse(bundle.write(rows, site), bundle.content_type)
    answer["Content-Disposition"] = f'attachment; filename="list-{found.pk}.{form}"'
    return answer


def _chosen(request: LibraryRequest, form: ListForm) -> ReadingList | None:
    pk = whole_number(request.POST.get("list", ""))
    if pk is not None:
        return get_object_or_404(_own(request), pk=pk)
    if form.is_bound and form.is_valid():
        return actions.create_list(form.cleaned_data["name"], by=request.actor)
    return None


def _show(form: ListForm, refused: TangthuError, request: LibraryRequest) -> None:
    if form.is_bound:
        refusals.show(form, refused)
    else:
        messages.error(request, wording.explain(refused))


def _own(request: LibraryRequest) -> ReadingListQuerySet:
    return ReadingList.objects.visible_to(request.actor)


def _exports(pk: int) -> list[tuple[str, str]]:
    return [
        (str(bundle.name), reverse("account:export_list", args=[pk, form]))
        for form, bundle in BUNDLES.items()
    ]


def _shared_exports(secret: str) -> list[tuple[str, str]]:
    return [
        (str(bundle.name), reverse("opac:export_shared_list", args=[secret, form]))
        for form, bundle in BUNDLES.items()
    ]

"""Exhibitions: shown to everybody, composed by staff."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tangthu.community.actions import exhibitions as deeds
from tangthu.community.errors import BlockRefused, BlockTakenOut
from tangthu.community.exhibiting import cover_of, covers, shown
from tangthu.community.forms import BlockForm, ExhibitionForm, NewExhibitionForm, seen_by_now
from tangthu.community.models import BLOCK_LABELS, Block, Exhibition
from tangthu.community.permissions import CommunityPermission
from tangthu.community.policy.blocks import BlockKind
from tangthu.community.wording import CHANGED_MEANWHILE, FAULTS
from tangthu.core import wording
from tangthu.core.errors import StaleVersion, TangthuError
from tangthu.core.numbers import whole_number
from tangthu.core.requests import LibraryRequest
from tangthu.ui import refusals
from tangthu.ui.staff import public_page, staff_page

SHOW = CommunityPermission.SHOW


@require_safe
@public_page
def exhibitions(request: LibraryRequest) -> HttpResponse:
    """List what is shown."""
    rows = Exhibition.objects.filter(published_at__isnull=False).select_related("library")
    pictures = covers(rows, now=timezone.now())
    context = {"exhibitions": [(row, pictures.get(row.pk)) for row in rows]}
    return render(request, "community/exhibitions.html", context)


@require_safe
@public_page
def exhibition(request: LibraryRequest, slug: str) -> HttpResponse:
    """Show an exhibition; its keepers see it before it is published."""
    rows = Exhibition.objects.visible_to(request.actor).select_related("library")
    row = get_object_or_404(rows, slug=slug)
    blocks = shown(row.blocks.all(), now=timezone.now())
    cover = cover_of(blocks)
    context = {
        "exhibition": row,
        "blocks": blocks,
        "cover": cover,
        "preview": request.build_absolute_uri(cover.address) if cover else "",
        "address": request.build_absolute_uri(request.path),
        "may_change": request.actor.may(SHOW, at=row.library_id),
    }
    return render(request, "community/exhibition.html", context)


@staff_page(SHOW)
@require_safe
def desk(request: LibraryRequest) -> HttpResponse:
    """List the exhibitions that the member of staff may change."""
    rows = Exhibition.objects.kept_by(request.actor).order_by("-changed_at")
    return render(request, "community/desk_exhibitions.html", {"exhibitions": rows})


@staff_page(SHOW)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: LibraryRequest) -> HttpResponse:
    """Make an exhibition."""
    posted = request.POST if request.method == "POST" else None
    form = NewExhibitionForm(posted, actor=request.actor)
    if posted is not None and form.is_valid():
        library = form.cleaned_data["library"]
        try:
            row = deeds.make_exhibition(form.exhibition_data, library=library, by=request.actor)
        except TangthuError as refused:
            refusals.show(form, refused)
        else:
            return redirect("community:compose", row.pk)
    status = 422 if form.errors else 200
    return render(request, "community/new_exhibition.html", {"form": form}, status=status)


@staff_page(SHOW)
@require_http_methods(["GET", "HEAD", "POST"])
def compose(request: LibraryRequest, pk: int) -> HttpResponse:
    """Announce an exhibition anew, and compose its blocks."""
    row = _kept(request, pk)
    posted = request.POST if request.method == "POST" else None
    form = ExhibitionForm(posted, initial=_announced(row))
    if posted is not None and form.is_valid():
        revision = form.cleaned_data["revision"] or 0
        try:
            deeds.change_exhibition(row, form.exhibition_data, revision=revision, by=request.actor)
        except StaleVersion:
            row.refresh_from_db()
            seen_by_now(form, row.revision)
            form.add_error(None, str(CHANGED_MEANWHILE["exhibition"]) % _announced(row))
        except TangthuError as refused:
            refusals.show(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("community:compose", pk)
    return _composer(request, row, form=form)


@staff_page(SHOW)
@require_POST
def publish(request: LibraryRequest, pk: int) -> HttpResponse:
    """Show an exhibition to readers, or take it back."""
    is_shown = request.POST.get("shown") == "yes"
    deeds.show_exhibition(_kept(request, pk), shown=is_shown, by=request.actor)
    messages.success(request, _("Published.") if is_shown else _("Readers do not see it any more."))
    return redirect("community:compose", pk)


@staff_page(SHOW)
@require_POST
def add(request: LibraryRequest, pk: int, kind: str) -> HttpResponse:
    """Put a block behind the last one."""
    row, which = _kept(request, pk), _kind(kind)
    form = BlockForm(request.POST, kind=which)
    if form.is_valid():
        try:
            block = deeds.add_block(row, which, form.block_data, by=request.actor)
        except TangthuError as refused:
            _explain(form, refused)
        else:
            return _to(pk, block)
    return _composer(request, row, adding=(which, form))


@staff_page(SHOW)
@require_POST
def change(request: LibraryRequest, pk: int, block: int) -> HttpResponse:
    """Type a block anew."""
    row = _kept(request, pk)
    found = _block(row, block)
    kind = BlockKind(found.kind)
    form = BlockForm(request.POST, kind=kind, block=found)
    if form.is_valid():
        revision = form.cleaned_data["revision"] or 0
        try:
            deeds.change_block(found, form.block_data, revision=revision, by=request.actor)
        except BlockTakenOut as gone:
            again = form.typed_anew(kind)
            again.add_error(None, wording.explain(gone))
            return _composer(request, row, adding=(kind, again))
        except StaleVersion:
            found.refresh_from_db()
            seen_by_now(form, found.revision)
            form.add_error(None, str(CHANGED_MEANWHILE["block"]))
        except TangthuError as refused:
            _explain(form, refused)
        else:
            messages.success(request, _("Saved."))
            return _to(pk, found)
    return _composer(request, row, changing=(found.pk, form))


@staff_page(SHOW)
@require_POST
def move(request: LibraryRequest, pk: int, block: int) -> HttpResponse:
    """Let a block change places with its neighbour, or take it out."""
    row = _kept(request, pk)
    found = _block(row, block)
    match request.POST.get("step"):
        case "up":
            deeds.move_block(found, step=-1, by=request.actor)
        case "down":
            deeds.move_block(found, step=1, by=request.actor)
        case "out":
            deeds.remove_block(found, by=request.actor)
            return redirect(f"{reverse('community:compose', args=[pk])}?removed={found.pk}")
        case _:
            raise Http404
    return _to(pk, found)


@staff_page(SHOW)
@require_POST
def put_back(request: LibraryRequest, pk: int, block: int) -> HttpResponse:
    """Put a block back that was taken out."""
    found = _block(_kept(request, pk), block)
    deeds.put_block_back(found, by=request.actor)
    return _to(pk, found)


def _composer(
    request: LibraryRequest,
    row: Exhibition,
    *,
    form: ExhibitionForm | None = None,
    adding: tuple[BlockKind, BlockForm] | None = None,
    changing: tuple[int, BlockForm] | None = None,
) -> HttpResponse:
    forms = dict([changing]) if changing else {}
    blocks = [
        (each, forms.get(each.block.pk) or _form_of(each.block), each.block.pk in forms)
        for each in shown(row.blocks.all(), now=timezone.now())
    ]
    new_forms: Mapping[BlockKind, BlockForm] = dict([adding]) if adding else {}
    context = {
        "exhibition": row,
        "form": form or ExhibitionForm(initial=_announced(row)),
        "removed": _just_removed(request, row),
        "blocks": blocks,
        "adding": adding[0] if adding else "",
        "kinds": [
            (kind, label, new_forms.get(BlockKind(kind)) or BlockForm(kind=BlockKind(kind)))
            for kind, label in BLOCK_LABELS.items()
        ],
    }
    is_refused = bool(adding or changing or (form is not None and form.errors))
    status = 422 if is_refused else 200
    return render(request, "community/compose.html", context, status=status)


def _form_of(block: Block) -> BlockForm:
    return BlockForm(kind=BlockKind(block.kind), block=block)


def _explain(form: BlockForm, refused: TangthuError) -> None:
    if isinstance(refused, BlockRefused):
        field = refused.field if refused.field in form.fields else None
        form.add_error(field, str(FAULTS[refused.fault]) % {"line": refused.line})
    else:
        refusals.show(form, refused)


def _announced(row: Exhibition) -> dict[str, object]:
    return {name: getattr(row, name) for name in ("title", "slug", "lead", "revision")}


def _just_removed(request: LibraryRequest, row: Exhibition) -> Block | None:
    removed = Block.with_removed.filter(exhibition=row, removed_at__isnull=False)
    return removed.filter(pk=whole_number(request.GET.get("removed", "")) or 0).first()


def _block(row: Exhibition, pk: int) -> Block:
    """Return a block of the exhibition, also one that was taken out."""
    blocks = Block.with_removed.select_related("exhibition")
    return get_object_or_404(blocks, exhibition=row, pk=pk)


def _kept(request: LibraryRequest, pk: int) -> Exhibition:
    return get_object_or_404(Exhibition.objects.kept_by(request.actor), pk=pk)


def _kind(text: str) -> BlockKind:
    try:
        return BlockKind(text)
    except ValueError:
        raise Http404 from None


def _to(pk: int, block: Block) -> HttpResponse:
    return redirect(f"{reverse('community:compose', args=[pk])}#block-{block.pk}")

"""The texts of notices: what holds at a library, and writing one's own with a live preview."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tangthu.core import wording
from tangthu.core.errors import TangthuError
from tangthu.core.requests import LibraryRequest
from tangthu.libraries.fields import libraries_for
from tangthu.libraries.models import Library
from tangthu.notices import setup
from tangthu.notices.actions import templates as deeds
from tangthu.notices.actions.templates import Place
from tangthu.notices.actions.testing import send_test
from tangthu.notices.errors import TemplateRefused
from tangthu.notices.forms import AddressForm, PlaceForm, TextForm
from tangthu.notices.kinds import CHANNEL_LABELS, KIND_LABELS, LANGUAGE_LABELS, VALUE_LABELS
from tangthu.notices.models import Template
from tangthu.notices.policy import (
    INTERNAL,
    WITH_SUBJECT,
    BrokenTemplate,
    Channel,
    NoticeKind,
    SmsSize,
    TemplateFault,
    Text,
    faults,
    measure,
    sample_values,
    values_of,
)
from tangthu.notices.rendering import preview as filled_in
from tangthu.notices.rendering import text_for
from tangthu.notices.views import frame
from tangthu.ui import refusals
from tangthu.ui.staff import staff_page

WITHOUT_TEXTS = INTERNAL - {NoticeKind.DIGEST}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Where the text for a kind and channel comes from."""

    channel: str
    url: str
    own: bool
    source: str
    broken: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A kind with its text for each channel."""

    kind: str
    cells: list[Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A text with examples in it, what it costs as SMS, or what is wrong with it."""

    text: Text | None
    size: SmsSize | None
    faults: list[str]


@staff_page(frame.EDIT)
@require_safe
def texts(request: LibraryRequest) -> HttpResponse:
    library, language = _library(request), _language(request)
    found = {
        (row.kind, row.channel, row.library_id): row
        for row in Template.objects.filter(
            library__in=library.chain, language=language
        ).select_related("library")
    }

    def cell(kind: NoticeKind, channel: Channel) -> Cell:
        rows = (found.get((str(kind), str(channel), pk)) for pk in library.chain)
        nearest = next((row for row in rows if row is not None), None)
        return Cell(
            channel=str(CHANNEL_LABELS[channel]),
            url=_url(
                "notices:text",
                Place(library=library, kind=kind, channel=channel, language=language),
            ),
            own=nearest is not None and nearest.library_id == library.pk,
            source=nearest.library.name if nearest else "",
            broken=nearest is not None and nearest.broken_at is not None,
        )

    rows = [
        Row(kind=str(label), cells=[cell(kind, channel) for channel in Channel])
        for kind, label in KIND_LABELS.items()
        if kind not in WITHOUT_TEXTS
    ]
    form = PlaceForm({"library": library.pk, "language": language}, actor=request.actor)
    context: dict[str, object] = {
        "form": form,
        "library": library,
        "rows": rows,
        "channels": [str(label) for label in CHANNEL_LABELS.values()],
    }
    return frame.page(request, "notices/texts.html", context, tab="texts")


@staff_page(frame.EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def text(request: LibraryRequest, kind: str, channel: str, language: str) -> HttpResponse:
    place = _place(request, kind, channel, language)
    if request.method != "POST":
        return _editor(request, place, _form(place))
    form = _form(place, request.POST)
    if form.is_valid():
        try:
            deeds.save_text(
                place,
                form.told(),
                version=form.cleaned_data["version"] or 0,
                by=request.actor,
            )
        except TemplateRefused as refused:
            for fault in refused.faults:
                form.add_error(refused.field, _fault_words(fault))
        except TangthuError as refused:
            refusals.show(form, refused)
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(_url("notices:text", place))
    return _editor(request, place, form, status=422)


@staff_page(frame.EDIT)
@require_POST
def preview(request: LibraryRequest, kind: str, channel: str, language: str) -> HttpResponse:
    place = _place(request, kind, channel, language)
    form = _form(place, request.POST)
    form.is_valid()
    context = {"preview": _preview(place, form.told()), "place": place}
    return render(request, "notices/text.html#preview", context)


@staff_page(frame.EDIT)
@require_POST
def remove(request: LibraryRequest, kind: str, channel: str, language: str) -> HttpResponse:
    place = _place(request, kind, channel, language)
    own = _own(place)
    if own is None:
        raise Http404
    try:
        deeds.remove_text(own, by=request.actor)
    except TangthuError as refused:
        messages.error(request, wording.explain(refused))
    else:
        messages.success(request, _("The library uses the inherited text again."))
    return HttpResponseRedirect(_url("notices:text", place))


@staff_page(frame.EDIT)
@require_POST
def test(request: LibraryRequest, kind: str, channel: str, language: str) -> HttpResponse:
    place = _place(request, kind, channel, language)
    form = AddressForm(request.POST)
    try:
        send_test(
            place.library,
            place.channel,
            form.cleaned_data["address"] if form.is_valid() else "",
            about=place.kind,
            language=place.language,
            by=request.actor,
        )
    except TangthuError as refused:
        messages.error(request, wording.explain(refused))
    else:
        messages.success(request, _("The test is on its way. The outbox shows what becomes of it."))
    return HttpResponseRedirect(_url("notices:text", place))


def _editor(
    request: LibraryRequest, place: Place, form: TextForm, *, status: int = 200
) -> HttpResponse:
    chosen = text_for(place.kind, place.channel, library=place.library, language=place.language)
    shown = form.told() if form.is_bound else chosen.text
    own = chosen.own if chosen.own and chosen.own.library_id == place.library.pk else None
    values = sample_values(place.kind, site=_site())
    context: dict[str, object] = {
        "form": form,
        "place": place,
        "kind_label": KIND_LABELS[place.kind],
        "channel_label": CHANNEL_LABELS[place.channel],
        "language_label": LANGUAGE_LABELS[place.language],
        "own": own,
        "inherited": chosen.own if chosen.own and not own else None,
        "preview": _preview(place, shown),
        "values": [
            ("{" + each.name + "}", VALUE_LABELS[each.name], values[each.name])
            for each in values_of(place.kind)
        ],
        "may_test": place.channel in setup.configured()
        and place.channel in {Channel.EMAIL, Channel.SMS, Channel.ZALO},
        "address": AddressForm(),
        "urls": {
            name: _url(f"notices:text_{name}", place) for name in ("preview", "remove", "test")
        },
        "back": f"{reverse('notices:texts')}?{_query(place)}",
    }
    return frame.page(request, "notices/text.html", context, tab="texts", status=status)


def _preview(place: Place, text: Text) -> Preview:
    known = {each.name for each in values_of(place.kind)}
    wrong = [_fault_words(each) for each in faults(text.body, known)]
    if text.subject and place.channel in WITH_SUBJECT:
        wrong += [_fault_words(each) for each in faults(text.subject, known)]
    if wrong:
        return Preview(text=None, size=None, faults=wrong)
    try:
        filled = filled_in(
            text,
            sample_values(place.kind, site=_site()),
            channel=place.channel,
            library=place.library,
        )
    except BrokenTemplate as broken:
        return Preview(text=None, size=None, faults=[_fault_words(broken.fault)])
    size = measure(filled.body) if place.channel is Channel.SMS else None
    return Preview(text=filled, size=size, faults=[])


def _fault_words(fault: TemplateFault) -> str:
    where = _("Line %(line)s, column %(column)s: %(text)s") % {
        "line": fault.line,
        "column": fault.column,
        "text": fault.text,
    }
    return f"{where} – {wording.sentence(fault.fault)}"


def _form(place: Place, data: object = None) -> TextForm:
    has_subject = place.channel in WITH_SUBJECT
    if data is not None:
        return TextForm(data, channel=place.channel, has_subject=has_subject)
    chosen = text_for(place.kind, place.channel, library=place.library, language=place.language)
    own = _own(place)
    initial = {
        "subject": chosen.text.subject,
        "body": chosen.text.body,
        "version": own.version if own else 0,
    }
    return TextForm(channel=place.channel, has_subject=has_subject, initial=initial)


def _own(place: Place) -> Template | None:
    return Template.objects.filter(
        library=place.library, kind=place.kind, channel=place.channel, language=place.language
    ).first()


def _place(request: LibraryRequest, kind: str, channel: str, language: str) -> Place:
    kinds = set(NoticeKind) - WITHOUT_TEXTS
    if kind not in kinds or channel not in set(Channel) or language not in LANGUAGE_LABELS:
        raise Http404
    return Place(
        library=_library(request),
        kind=NoticeKind(kind),
        channel=Channel(channel),
        language=language,
    )


def _library(request: LibraryRequest) -> Library:
    """Return the library that the address names, else one's own, else the first allowed."""
    allowed = libraries_for(request.actor, frame.EDIT)
    named = request.GET.get("library", "")
    if named:
        wanted = allowed.filter(pk=int(named) if named.isdecimal() and len(named) < 18 else 0)
    else:
        wanted = allowed.filter(pk=request.actor.library_id or 0)
    found = wanted.first() or (None if named else allowed.first())
    if found is None:
        raise Http404
    return found


def _language(request: LibraryRequest) -> str:
    asked = request.GET.get("language", "")
    return asked if asked in LANGUAGE_LABELS else "vi"


def _site() -> str:
    return setup.site_address() or "https://thuvien.example.vn"


def _url(name: str, place: Place) -> str:
    path = reverse(name, args=[str(place.kind), str(place.channel), place.language])
    return f"{path}?library={place.library.pk}"


def _query(place: Place) -> str:
    return urlencode({"library": place.library.pk, "language": place.language})

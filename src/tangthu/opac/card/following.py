"""What becomes of an application: its receipt, its state, and the card on the screen."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tangthu.core import wording
from tangthu.core.requests import LibraryRequest, client_address
from tangthu.opac.card.forms import CodeForm
from tangthu.opac.card.holding import hand, held, let_go
from tangthu.patrons.actions import applying
from tangthu.patrons.cardfaces import face_of
from tangthu.patrons.errors import TooManyTries, UnknownCode
from tangthu.patrons.models import Application, ApplicationState, Patron
from tangthu.patrons.policy.applying import normal_code, spoken_code
from tangthu.ui import refusals
from tangthu.ui.staff import public_page


@public_page
@never_cache
@require_safe
def start(request: LibraryRequest) -> HttpResponse:
    """Say what is needed, and let people begin, go on, or look up what became of it."""
    return render(request, "card/start.html", {"application": held(request), "form": CodeForm()})


@public_page
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def open_code(request: LibraryRequest) -> HttpResponse:
    """Let this phone hold the application of a code: typed, or in the link of a message."""
    typed = request.POST.get("code") or request.GET.get("code") or ""
    form = CodeForm({"code": typed})
    if form.is_valid():
        code = form.cleaned_data["code"]
        try:
            applying.find_application(code, address=client_address(request))
        except (UnknownCode, TooManyTries) as refused:
            refusals.show(form, refused)
            return render(request, "card/start.html", {"form": form}, status=refused.status)
        return hand(redirect("card:mine"), normal_code(code))
    return render(request, "card/start.html", {"form": form}, status=422)


@public_page
@require_POST
def leave(request: LibraryRequest) -> HttpResponse:
    """Take the application off this phone, as on one that others use too."""
    messages.success(request, _("This browser does not know your application any more."))
    return let_go(redirect("card:start"))


@public_page
@never_cache
@require_safe
def mine(request: LibraryRequest) -> HttpResponse:
    """Show the receipt and the state."""
    application = held(request)
    if application is None:
        return redirect("card:start")
    if application.state == ApplicationState.DRAFT:
        return redirect("card:apply")
    code = spoken_code(applying.code_of(application))
    link = request.build_absolute_uri(f"/card/open?code={code}")
    context = {"application": application, "code": code, "link": link}
    return render(request, "card/mine.html", context)


@public_page
@require_POST
def withdraw(request: LibraryRequest) -> HttpResponse:
    application = held(request)
    if application is None:
        return redirect("card:start")
    applying.withdraw_application(application, by=request.actor)
    messages.success(request, _("Your application is withdrawn, and everything in it deleted."))
    return let_go(redirect("card:start"))


@public_page
@never_cache
@require_safe
def digital(request: LibraryRequest) -> HttpResponse:
    """Show the card, to be read off the screen."""
    patron = _patron(request)
    face = face_of(patron, today=timezone.localdate())
    return render(request, "card/digital.html", {"face": face, "patron": patron})


@public_page
@never_cache
@require_safe
def digital_file(request: LibraryRequest) -> HttpResponse:
    """Hand out the card as one file that needs no line to be shown."""
    patron = _patron(request)
    face = face_of(patron, today=timezone.localdate())
    context = {"face": face, "style": _sheet()}
    page = render_to_string("card/digital_file.html", context, request)
    response = HttpResponse(page, content_type="text/html; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="the-thu-vien.html"'
    return response


@public_page
@never_cache
@require_safe
def photo(request: LibraryRequest) -> HttpResponse:
    """Show the applicant their own portrait."""
    application = held(request)
    if application is None or application.photo is None:
        raise Http404
    return HttpResponse(bytes(application.photo.jpeg), content_type="image/jpeg")


def _sheet() -> str:
    """Return the file's own sheet as an address that holds it."""
    sheet = Path(__file__).with_name("digital.css").read_bytes()
    return "data:text/css;base64," + b64encode(sheet).decode()


def _patron(request: LibraryRequest) -> Patron:
    application: Application | None = held(request)
    if application is None or application.patron is None:
        raise Http404(wording.sentence("not_found"))
    return application.patron

"""The pages of the form, one after another. Each is saved when it is sent."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from tangthu.core import wording
from tangthu.core.errors import TangthuError
from tangthu.core.requests import LibraryRequest, client_address
from tangthu.opac.card.forms import AboutForm, PhotoForm, ReachForm
from tangthu.opac.card.holding import hand, held
from tangthu.patrons import consents
from tangthu.patrons.actions import applying
from tangthu.patrons.errors import ApplicationIncomplete, PatronInvalid, TooManyTries
from tangthu.patrons.models import Application
from tangthu.patrons.policy.applying import NEEDED, Purpose, Step, is_asked_too, is_child, next_step
from tangthu.patrons.policy.citizen_card import looks_like_a_card
from tangthu.ui import refusals
from tangthu.ui.camera import with_camera
from tangthu.ui.staff import public_page

TITLES = {
    Step.YOU: _("Who you are"),
    Step.CONTACT: _("Library and contact"),
    Step.PHOTO: _("Photo"),
    Step.CONSENTS: _("What you agree to"),
    Step.CHECK: _("Check and send"),
}


@public_page
@never_cache
@require_safe
def apply(request: LibraryRequest) -> HttpResponse:
    """Go on where the form stopped, or begin."""
    application = held(request)
    if application is None:
        return redirect("card:step", step=Step.YOU)
    if not application.is_changeable:
        return redirect("card:mine")
    lacks = applying.missing_in(application)
    return redirect("card:step", step=min(lacks, key=list(Step).index, default=Step.CHECK))


@public_page
@never_cache
@sensitive_post_parameters("citizen_number")
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: LibraryRequest, step: str) -> HttpResponse:
    if step not in set(Step):
        raise Http404
    application = held(request)
    if step == Step.YOU and application is None:
        return _you(request, None)
    if application is None:
        return redirect("card:start")
    if not application.is_changeable:
        return redirect("card:mine")
    try:
        return PAGES[Step(step)](request, application)
    except TooManyTries as refused:
        return _stopped(request, refused)


def _you(request: LibraryRequest, application: Application | None) -> HttpResponse:
    form = AboutForm(request.POST or None, application=application)
    if request.method != "POST" or form.is_program or not form.is_valid():
        return with_camera(_page(request, Step.YOU, application, form=form))
    is_scan = looks_like_a_card(form.cleaned_data["citizen_number"])
    try:
        if application is not None:
            applying.save_about(application, form.told())
            return _onward(Step.YOU, again=is_scan)
        _begun, code = applying.begin_application(
            form.told(),
            address=client_address(request),
            language=get_language() or "vi",
        )
    except PatronInvalid as refused:
        for fault in refused.faults:
            form.add_error(fault.field, wording.sentence(fault.code, {"limit": fault.limit}))
        return with_camera(_page(request, Step.YOU, application, form=form))
    except TooManyTries as refused:
        return _stopped(request, refused)
    return hand(_onward(Step.YOU, again=is_scan), code)


def _contact(request: LibraryRequest, application: Application) -> HttpResponse:
    child = _is_child(application)
    form = ReachForm(request.POST or None, application=application, is_child=child)
    if request.method == "POST" and form.is_valid():
        try:
            applying.save_reach(application, form.told())
        except PatronInvalid as refused:
            for fault in refused.faults:
                field = fault.field if fault.field in form.fields else None
                form.add_error(field, wording.sentence(fault.code, {"limit": fault.limit}))
        except TangthuError as refused:
            refusals.show(form, refused)
        else:
            return _onward(Step.CONTACT)
    return _page(request, Step.CONTACT, application, form=form, is_child=child)


def _photo(request: LibraryRequest, application: Application) -> HttpResponse:
    form = PhotoForm(request.POST, request.FILES) if request.method == "POST" else PhotoForm()
    if request.method == "POST" and request.POST.get("do") == "remove":
        applying.drop_photo(application)
        return redirect("card:step", step=Step.PHOTO)
    if request.method == "POST" and form.is_valid():
        sent = form.sent
        if sent is None:
            return _onward(Step.PHOTO)
        try:
            applying.save_photo(application, sent, address=client_address(request))
        except TooManyTries:
            raise
        except TangthuError as refused:
            refusals.show(form, refused)
        else:
            return redirect("card:step", step=Step.PHOTO)
    return _page(request, Step.PHOTO, application, form=form)


def _consents(request: LibraryRequest, application: Application) -> HttpResponse:
    if application.library is None:
        return redirect("card:step", step=Step.CONTACT)
    needs: str | None = None
    agreed = set(application.consents.in_force().values_list("purpose", flat=True))
    if request.method == "POST":
        agreed = set(request.POST.getlist("agree")) & {purpose.value for purpose in Purpose}
        applying.save_consents(
            application,
            [Purpose(purpose) for purpose in agreed],
            language=get_language() or "vi",
        )
        if not (absent := _absent(application, agreed)):
            return _onward(Step.CONSENTS)
        needs = absent
    offers = [
        {"offer": offer, "is_agreed": offer.purpose.value in agreed}
        for offer in consents.offers(application.library)
    ]
    return _page(
        request,
        Step.CONSENTS,
        application,
        offers=offers,
        needs=needs,
        is_child=_is_child(application),
        is_asked_too=is_asked_too(
            application.birth_on,
            today=timezone.localdate(),
            until_age=applying.guardian_until_age(application),
        ),
    )


def _absent(application: Application, agreed: set[str]) -> str | None:
    if any(purpose.value not in agreed for purpose in NEEDED):
        return Purpose.CARD.value
    if application.photo_id is not None and Purpose.PHOTO.value not in agreed:
        return Purpose.PHOTO.value
    return None


def _check(request: LibraryRequest, application: Application) -> HttpResponse:
    if request.method == "POST":
        try:
            applying.send_application(application, by=request.actor)
        except ApplicationIncomplete:
            return redirect("card:step", step=Step.CHECK)
        messages.success(request, _("Your application is with the library."))
        return redirect("card:mine")
    lacks = applying.missing_in(application)
    return _page(
        request,
        Step.CHECK,
        application,
        lacks=[{"step": step, "title": TITLES[step]} for step in lacks],
        agreed=application.consents.in_force().order_by("pk"),
        is_child=_is_child(application),
    )


PAGES = {
    Step.YOU: _you,
    Step.CONTACT: _contact,
    Step.PHOTO: _photo,
    Step.CONSENTS: _consents,
    Step.CHECK: _check,
}


def _is_child(application: Application) -> bool:
    return is_child(
        application.birth_on,
        today=timezone.localdate(),
        until_age=applying.guardian_until_age(application),
    )


def _onward(step: Step, *, again: bool = False) -> HttpResponse:
    """Go to the next page; after a scanned card back to the same, where it can be checked."""
    return redirect("card:step", step=step if again else next_step(step))


def _page(
    request: LibraryRequest, step: Step, application: Application | None, **others: object
) -> HttpResponse:
    number = list(Step).index(step) + 1
    form = others.get("form")
    wrong = bool(getattr(form, "errors", None)) or bool(others.get("needs"))
    context = {
        "application": application,
        "step": step,
        "title": TITLES[step],
        "number": number,
        "steps": [
            {"step": each, "title": TITLES[each], "is_done": n < number, "is_here": n == number}
            for n, each in enumerate(Step, 1)
        ],
        "before": list(Step)[number - 2] if number > 1 else None,
        **others,
    }
    return render(request, f"card/{step}.html", context, status=422 if wrong else 200)


def _stopped(request: LibraryRequest, refused: TooManyTries) -> HttpResponse:
    context = {"message": wording.explain(refused), "code": refused.code}
    response = render(request, "ui/refused.html", context, status=refused.status)
    response["Retry-After"] = "3600"
    return response

"""Logging in with a one-time code: asking, typing it, and choosing between a family's cards."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from tangthu.core import wording
from tangthu.core.numbers import whole_number
from tangthu.core.requests import LibraryRequest, client_address
from tangthu.opac.account.entering import LINK_KEY, local, login_page
from tangthu.opac.account.forms import AskCodeForm, CodeForm, LoginForm
from tangthu.opac.actions import send_code
from tangthu.patrons import actions, sessions
from tangthu.patrons.errors import CodeRefused, IdentityTaken, ReaderMustWait
from tangthu.patrons.models import Patron
from tangthu.patrons.policy.logins import CODE_LASTS, PENDING_LASTS
from tangthu.ui import refusals
from tangthu.ui.staff import public_page

KEY = "entering"
LASTS = PENDING_LASTS.total_seconds()
ANSWER_AFTER = 0.35
"""Seconds. The answer takes as long for somebody unknown as for somebody to whom a code goes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entering:
    """Somebody on their way in, remembered in the session of their browser."""

    code: int
    next: str
    is_kept: bool
    link: dict[str, str] = field(default_factory=dict)
    patrons: list[int] = field(default_factory=list)
    proved_at: int = 0

    @property
    def is_proved(self) -> bool:
        now = timezone.now().timestamp()
        return bool(self.patrons) and now - self.proved_at <= LASTS


@public_page
@require_POST
@never_cache
def ask(request: LibraryRequest) -> HttpResponse:
    """Send a code, and say the same whether or not anybody is known by what was typed."""
    began = time.monotonic()
    there = local(request.POST.get("next", ""))
    form = AskCodeForm(request.POST)
    if not form.is_valid():
        return _back(request, form, there)
    try:
        asked = actions.ask_for_code(form.cleaned_data["name"], address=client_address(request))
    except ReaderMustWait as refused:
        return _back(request, form, there, refused=refused)
    send_code(asked)
    link = _waiting_link(request)
    is_kept = form.cleaned_data["is_kept"]
    _begin(request, Entering(code=asked.pk, next=there, is_kept=is_kept, link=link))
    time.sleep(max(0.0, began + ANSWER_AFTER - time.monotonic()))
    return redirect("account:code")


@public_page
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: LibraryRequest) -> HttpResponse:
    """Take the code that was sent."""
    entering = _entering(request)
    if entering is None:
        return redirect("account:login")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            patrons = actions.use_code(
                entering.code, form.cleaned_data["code"], address=client_address(request)
            )
        except (CodeRefused, ReaderMustWait) as refused:
            refusals.show(form, refused)
        else:
            return _proved(request, entering, patrons)
    context = {"form": form, "minutes": int(CODE_LASTS.total_seconds() // 60)}
    return render(request, "account/code.html", context, status=422 if form.errors else 200)


@public_page
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: LibraryRequest) -> HttpResponse:
    """Let a family that shares a telephone say whose card it is."""
    entering = _entering(request)
    if entering is None or not entering.is_proved:
        return redirect("account:login")
    family = Patron.objects.filter(pk__in=entering.patrons).order_by("birth_on", "pk")
    if request.method == "POST":
        chosen = family.filter(pk=whole_number(request.POST.get("patron", "")) or 0).first()
        if chosen is not None:
            return _enter(request, entering, chosen)
    return render(request, "account/choose.html", {"family": family})


def _proved(request: LibraryRequest, entering: Entering, patrons: list[Patron]) -> HttpResponse:
    if len(patrons) == 1:
        return _enter(request, entering, patrons[0])
    if not patrons:
        return redirect("account:login")
    _begin(
        request,
        Entering(
            code=entering.code,
            next=entering.next,
            is_kept=entering.is_kept,
            link=entering.link,
            patrons=[patron.pk for patron in patrons],
            proved_at=int(timezone.now().timestamp()),
        ),
    )
    return redirect("account:choose")


def _enter(request: LibraryRequest, entering: Entering, patron: Patron) -> HttpResponse:
    session = sessions.begin(request, patron, is_kept=entering.is_kept, by_code=True)
    account = session.patron.account
    if entering.link:
        _link(request, patron, entering.link)
    if not account.password and not entering.link:
        messages.info(
            request, _("With a password you need no code next time: choose one under “Password”.")
        )
    elif account.must_change_password:
        return redirect("account:password")
    return HttpResponseRedirect(entering.next)


def _waiting_link(request: LibraryRequest) -> dict[str, str]:
    """Return the account that waits for a card, if this is the step that was asked for it.

    Asked for from the log-in page a code links nothing: at a shared PC somebody may have come
    from the provider, and gone away.
    """
    kept = request.session.get(LINK_KEY) or {}
    asked = "link" in request.POST and kept
    is_fresh = timezone.now().timestamp() - float(kept.get("at", 0)) <= LASTS
    return {"issuer": kept["issuer"], "subject": kept["subject"]} if asked and is_fresh else {}


def _link(request: LibraryRequest, patron: Patron, link: Mapping[str, str]) -> None:
    """Link the account of another place to the card that the code has proved."""
    try:
        actions.link_identity(
            patron,
            issuer=link["issuer"],
            subject=link["subject"],
            by=actions.actor_for(patron),
        )
    except IdentityTaken as refused:
        messages.error(request, wording.explain(refused))
    else:
        messages.success(request, _("From now on the other account opens yours."))


def _back(
    request: LibraryRequest,
    asked: AskCodeForm,
    there: str,
    *,
    refused: ReaderMustWait | None = None,
) -> HttpResponse:
    """Show the log-in form again, with what kept the code from being sent."""
    form = LoginForm(request.POST)
    form.is_valid()
    form.errors.clear()
    for field_name, errors in asked.errors.items():
        form.add_error(field_name, [str(error) for error in errors])
    if refused is not None:
        refusals.show(form, refused)
    return login_page(request, form, there, refused=refused)


def _begin(request: LibraryRequest, entering: Entering) -> None:
    """Remember it in a session of a new name, in which nothing else is left."""
    request.session.flush()
    request.session[KEY] = asdict(entering)


def _entering(request: LibraryRequest) -> Entering | None:
    kept = request.session.get(KEY)
    return Entering(**kept) if kept else None

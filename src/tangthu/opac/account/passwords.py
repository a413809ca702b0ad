"""A reader's password, and the browsers in which they are logged in."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tangthu.access.errors import SamePassword, WeakPassword, WrongPassword
from tangthu.core import wording
from tangthu.core.requests import LibraryRequest, client_address
from tangthu.opac.account import oidc
from tangthu.opac.account.entering import local
from tangthu.opac.account.forms import ChangePasswordForm, NewPasswordForm
from tangthu.patrons import actions, sessions
from tangthu.patrons.errors import ReaderMustWait
from tangthu.patrons.models import Identity, Patron, ReaderProgram, ReaderSession
from tangthu.ui import refusals
from tangthu.ui.readers import reader_page, to_login
from tangthu.ui.staff import public_page


@public_page
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: LibraryRequest) -> HttpResponse:
    """Choose a password; open too to who came with a start password and may do nothing else."""
    session = sessions.session_of(request)
    if session is None:
        return to_login(request)
    account = session.patron.account
    is_proved = account.must_change_password or sessions.came_by_code(request)
    if not account.password and not is_proved:
        return _prove_again(request)
    there = local(request.POST.get("next") or request.GET.get("next") or "")
    form = (NewPasswordForm if is_proved else ChangePasswordForm)(request.POST or None)
    if request.method == "POST" and form.is_valid() and _changed(request, form, session.patron):
        sessions.begin(request, session.patron, is_kept=session.is_kept)
        messages.success(
            request, _("The new password holds. All other browsers have been logged out.")
        )
        return HttpResponseRedirect(there)
    context = {"form": form, "next": there, "first": account.must_change_password}
    return render(request, "account/password.html", context, status=422 if form.errors else 200)


def _prove_again(request: LibraryRequest) -> HttpResponse:
    """Have who came by a code long ago come by a new one, before a first password is chosen."""
    actions.log_out(request.session.session_key or "")
    request.session.flush()
    messages.info(request, _("To choose a first password, log in again with a code."))
    return HttpResponseRedirect(f"{reverse('account:login')}?next={reverse('account:password')}")


def _changed(request: LibraryRequest, form: NewPasswordForm, patron: Patron) -> bool:
    told = form.cleaned_data
    try:
        if "present" in told:
            address = client_address(request)
            actions.change_password(
                patron, present=told["present"], new=told["new"], address=address
            )
        else:
            actions.choose_password(patron, told["new"], by=actions.actor_for(patron))
    except WeakPassword as weak:
        reasons = weak.data["reasons"]
        for code in reasons if isinstance(reasons, list) else []:
            form.add_error("new", wording.sentence(code))
        return False
    except (WrongPassword, SamePassword, ReaderMustWait) as refused:
        refusals.show(form, refused)
        return False
    return True


@reader_page
@require_safe
def devices(request: LibraryRequest) -> HttpResponse:
    """Show in which browsers the reader is logged in."""
    context = {
        "open_sessions": _own(request).order_by("-seen_at"),
        "this_session": request.session.session_key,
        "programs": _programs(request).order_by("-renewed_at"),
        "provider": oidc.provider(),
        "identities": Identity.objects.filter(patron=request.actor.patron_id).order_by("pk"),
    }
    return render(request, "account/devices.html", context)


@reader_page
@require_POST
def end_device(request: LibraryRequest, pk: int) -> HttpResponse:
    actions.end_session(get_object_or_404(_own(request), pk=pk), by=request.actor)
    messages.success(request, _("Logged out there."))
    return redirect("account:devices")


@reader_page
@require_POST
def end_program(request: LibraryRequest, pk: int) -> HttpResponse:
    actions.end_program(get_object_or_404(_programs(request), pk=pk), by=request.actor)
    messages.success(request, _("Logged out there."))
    return redirect("account:devices")


@reader_page
@require_POST
def end_others(request: LibraryRequest) -> HttpResponse:
    patron = get_object_or_404(Patron, pk=request.actor.patron_id)
    here = request.session.session_key or ""
    ended = actions.end_all_sessions(patron, by=request.actor, keep=here)
    done = ngettext(
        "Logged out of %(count)s other browser.", "Logged out of %(count)s other browsers.", ended
    )
    messages.success(request, done % {"count": ended})
    return redirect("account:devices")


def _own(request: LibraryRequest) -> QuerySet[ReaderSession]:
    return ReaderSession.objects.filter(patron=request.actor.patron_id)


def _programs(request: LibraryRequest) -> QuerySet[ReaderProgram]:
    rows = ReaderProgram.objects.select_related("patron")
    return rows.filter(patron=request.actor.patron_id, renewable_until__gt=timezone.now())

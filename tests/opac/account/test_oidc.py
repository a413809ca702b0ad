"""Logging in through a real provider of identities: node's oidc-provider."""

from __future__ import annotations

import shutil
import socket
import subprocess
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
import time_machine
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse
from django.utils import timezone

from tangthu.core.errors import NotPermitted
from tangthu.core.models import AuditEntry
from tangthu.notices import sealing
from tangthu.notices.models import Notice
from tangthu.opac.account import codes, oidc
from tangthu.patrons import actions
from tangthu.patrons.errors import IdentityTaken
from tangthu.patrons.models import CardStatus, Identity
from tests.conftest import client_of_reader
from tests.factories import PatronFactory

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = ROOT / "tests/support/oidc-provider.mjs"
BACK = "http://testserver/account/oidc/callback"
SECRET = "known to everybody who reads the tests"
HOME = "/account/"


@pytest.fixture(scope="module")
def issuer():
    """A provider that runs; its address."""
    if shutil.which("node") is None or not (ROOT / "node_modules/oidc-provider").is_dir():
        pytest.skip("node or oidc-provider is not installed")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = ["node", str(PROGRAM), str(port), BACK]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT
    )
    try:
        assert process.stdout is not None
        while "listening" not in (line := process.stdout.readline()):
            assert line, "the provider ended"
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=10)


@pytest.fixture
def provider(issuer, settings, tmp_path, monkeypatch):
    """This library, with the provider set up."""
    settings.OIDC = {
        "issuer": issuer,
        "client_id": "tangthu",
        "client_secret": SECRET,
        "scope": "openid profile",
        "label": "Tài khoản tỉnh",
        "claim": "card",
        "claim_is": "card",
    }
    settings.NOTICES_FOLDER = str(tmp_path)
    monkeypatch.setattr(codes, "ANSWER_AFTER", 0.0)
    cache.clear()
    yield oidc.provider()
    cache.clear()


@pytest.fixture
def reader(province):
    return PatronFactory(card="DLK000001", phone="+84905123456", library=province)


def at_the_provider(address, somebody):
    """Log in and consent there as a person would; return the address it sends us back to."""
    with httpx.Client(follow_redirects=False, timeout=20) as browser:
        answer = browser.get(address)
        for _ in range(8):
            there = str(answer.headers.get("location", ""))
            if there.startswith(BACK):
                return there
            if there:
                answer = browser.get(httpx.URL(str(answer.url)).join(there))
                continue
            where = str(answer.url)
            prompt = "login" if 'value="login"' in answer.text else "consent"
            told = {"prompt": prompt, "login": somebody, "password": "x"}
            answer = browser.post(where, data=told)
    raise AssertionError("the provider did not send us back")


def go(client, somebody, **more):
    """Press the button, log in at the provider, and come back."""
    started = client.get(reverse("account:oidc_start"), more)
    back = at_the_provider(started["Location"], somebody)
    return client.get(f"{reverse('account:oidc_callback')}?{urlsplit(back).query}")


def test_the_log_in_page_offers_the_provider(client, provider, db):
    assert "Tài khoản tỉnh" in client.get(reverse("account:login")).content.decode()


def test_without_a_provider_the_page_offers_none(client, db):
    assert "oidc" not in client.get(reverse("account:login")).content.decode()
    assert client.get(reverse("account:oidc_start"))["Location"] == reverse("account:login")


def test_the_first_time_a_code_proves_the_card_then_the_account_opens_it(client, provider, reader):
    response = go(client, "card-DLK000001", next="/record/5")
    assert response["Location"] == reverse("account:link")
    page = client.get(response["Location"]).content.decode()
    assert 'value="DLK000001"' in page
    assert client.get(HOME).status_code == 302

    client.post(
        reverse("account:ask_code"), {"name": "DLK000001", "next": "/record/5", "link": "1"}
    )
    code = sealing.unseal(bytes(Notice.objects.get().sealed))["code"]
    entered = client.post(reverse("account:code"), {"code": code})

    assert entered["Location"] == "/record/5"
    assert client.get(HOME).status_code == 200
    linked = Identity.objects.get()
    assert (linked.patron, linked.subject) == (reader, "card-DLK000001")
    assert AuditEntry.objects.filter(action="patron.identity_linked").exists()

    client.post(reverse("account:logout"))
    again = go(client, "card-DLK000001", next="/record/6")
    assert again["Location"] == "/record/6"
    assert client.get(HOME).status_code == 200


def test_what_the_provider_says_of_the_card_is_no_proof(client, provider, reader):
    go(client, "card-DLK000001")

    client.post(reverse("account:ask_code"), {"name": "DLK000001", "link": "1"})
    client.post(reverse("account:code"), {"code": "000000"})

    assert client.get(HOME).status_code == 302
    assert not Identity.objects.exists()


@pytest.mark.parametrize(("told", "minutes"), [({}, 0), ({"link": "1"}, 11)])
def test_who_comes_after_somebody_at_a_shared_pc_is_not_linked(
    client, provider, reader, told, minutes
):
    go(client, "somebody-else")

    with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
        client.post(reverse("account:ask_code"), {"name": "DLK000001", **told})
        code = sealing.unseal(bytes(Notice.objects.get().sealed))["code"]
        client.post(reverse("account:code"), {"code": code})
        assert client.get(HOME).status_code == 200

    assert not Identity.objects.exists()


def link(patron, subject, issuer):
    by = actions.actor_for(patron)
    return actions.link_identity(patron, issuer=issuer, subject=subject, by=by)


def test_a_withdrawn_card_is_not_opened(client, provider, reader, issuer):
    link(reader, "an", issuer)
    reader.card_status = CardStatus.WITHDRAWN
    reader.save()

    assert go(client, "an")["Location"] == reverse("account:link")
    assert client.get(HOME).status_code == 302


def test_an_answer_that_was_not_asked_for_opens_nothing(client, provider, reader, issuer):
    link(reader, "an", issuer)
    callback = reverse("account:oidc_callback")

    assert client.get(f"{callback}?code=x&state=y")["Location"] == reverse("account:login")
    client.get(reverse("account:oidc_start"))
    assert client.get(f"{callback}?code=x&state=y")["Location"] == reverse("account:login")
    assert client.get(HOME).status_code == 302


def test_the_answer_of_one_browser_opens_nothing_in_another(
    client, desk_client, provider, reader, issuer
):
    link(reader, "an", issuer)
    desk_client.get(reverse("account:oidc_start"))
    started = client.get(reverse("account:oidc_start"))
    back = at_the_provider(started["Location"], "an")

    answer = desk_client.get(f"{reverse('account:oidc_callback')}?{urlsplit(back).query}")

    assert answer["Location"] == reverse("account:login")


def test_a_code_of_the_provider_is_good_once(client, provider, reader, issuer):
    link(reader, "an", issuer)
    started = client.get(reverse("account:oidc_start"))
    asked = client.session["oidc"]
    back = at_the_provider(started["Location"], "an")
    callback = f"{reverse('account:oidc_callback')}?{urlsplit(back).query}"
    assert client.get(callback)["Location"] == HOME

    session = client.session
    session["oidc"] = asked
    session.save()

    assert client.get(callback)["Location"] == reverse("account:login")


@pytest.mark.parametrize(
    ("field", "value"), [("nonce", "another"), ("verifier", "x" * 50), ("state", "another")]
)
def test_what_does_not_fit_what_was_asked_is_refused(
    client, provider, reader, issuer, field, value
):
    link(reader, "an", issuer)
    started = client.get(reverse("account:oidc_start"))
    back = at_the_provider(started["Location"], "an")
    session = client.session
    session["oidc"] = {**session["oidc"], field: value}
    session.save()

    client.get(f"{reverse('account:oidc_callback')}?{urlsplit(back).query}")

    assert client.get(HOME).status_code == 302


def test_the_question_carries_what_protects_it(client, provider, db):
    address = client.get(reverse("account:oidc_start"))["Location"]

    asked = dict(parse_qsl(urlsplit(address).query))
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["code_challenge"]) == 43
    assert len(asked["state"]) >= 32
    assert len(asked["nonce"]) >= 32
    assert asked["redirect_uri"] == BACK


def test_a_provider_that_does_not_answer_sends_back_to_the_log_in(client, provider, settings, db):
    settings.OIDC = {**settings.OIDC, "issuer": "http://127.0.0.1:9"}

    response = client.get(reverse("account:oidc_start"), follow=True)

    assert response.redirect_chain == [(reverse("account:login"), 302)]
    assert "xác nhận" in response.content.decode()


def test_a_claim_that_names_nothing_we_know_is_named_in_the_error(settings):
    settings.OIDC = {**settings.OIDC, "claim_is": "email"}

    with pytest.raises(ImproperlyConfigured, match="TANGTHU_OIDC_CLAIM_IS"):
        oidc.provider()


def test_one_account_opens_one_card(reader, province):
    link(reader, "an", "https://id.example")
    other = PatronFactory(library=province)

    with pytest.raises(IdentityTaken):
        link(other, "an", "https://id.example")

    assert Identity.objects.get().patron == reader


def test_only_the_reader_or_their_library_links_and_unlinks(
    reader, foreign_patron, neighbour, desk
):
    linked = link(reader, "an", "https://id.example")
    for stranger in (actions.actor_for(foreign_patron), neighbour):
        with pytest.raises(NotPermitted):
            actions.link_identity(reader, issuer="https://x", subject="y", by=stranger)
        with pytest.raises(NotPermitted):
            actions.unlink_identity(linked, by=stranger)

    actions.unlink_identity(linked, by=desk)

    assert not Identity.objects.exists()


def test_a_reader_unlinks_in_the_account(reader, foreign_patron):
    linked = link(reader, "an", "https://id.example")
    path = reverse("account:unlink", args=[linked.pk])

    denied = client_of_reader(foreign_patron).post(path)
    client_of_reader(reader).post(path)

    assert denied.status_code == 404
    assert not Identity.objects.exists()


def linking(client, path, somebody):
    """Ask to link, log in at the provider, and come back."""
    started = client.post(path)
    assert "prompt=login" in started["Location"]
    back = at_the_provider(started["Location"], somebody)
    return client.get(f"{reverse('account:oidc_callback')}?{urlsplit(back).query}")


@pytest.fixture
def invitation(provider, reader, desk):
    return reverse("account:invited", args=[actions.invite_identity(reader, by=desk)])


def test_a_reader_links_in_the_account_and_is_told(client, provider, reader):
    browser = client_of_reader(reader)

    linking(browser, reverse("account:link_own"), "an")

    linked = Identity.objects.get()
    assert (linked.patron, linked.subject, linked.linked_by) == (reader, "an", reader.card)
    told = Notice.objects.get(kind="contact_changed")
    assert told.values["what"] == "tài khoản nơi khác mở được tài khoản của bạn"
    page = browser.get(reverse("account:devices")).content.decode()
    assert reverse("account:unlink", args=[linked.pk]) in page
    assert go(client, "an", next=HOME)["Location"] == HOME


def test_an_account_that_opens_another_card_is_not_taken_over(
    provider, reader, foreign_patron, issuer
):
    link(foreign_patron, "an", issuer)
    browser = client_of_reader(reader)

    linking(browser, reverse("account:link_own"), "an")

    assert Identity.objects.get().patron == foreign_patron
    page = browser.get(reverse("account:devices")).content.decode()
    assert "thẻ của bạn đọc khác" in page
    assert browser.get(HOME).context["patron"] == reader


def test_who_logged_out_meanwhile_links_nothing(provider, reader):
    browser = client_of_reader(reader)
    started = browser.post(reverse("account:link_own"))
    kept = {name: browser.session[name] for name in ("oidc", "oidc_purpose")}
    back = at_the_provider(started["Location"], "an")
    browser.post(reverse("account:logout"))
    session = browser.session
    session.update(kept)
    session.save()

    answer = browser.get(f"{reverse('account:oidc_callback')}?{urlsplit(back).query}")

    assert answer["Location"] == reverse("account:login")
    assert not Identity.objects.exists()


def test_a_link_is_asked_for_by_who_is_logged_in_and_presses_the_button(client, provider, reader):
    path = reverse("account:link_own")

    assert client.post(path)["Location"].startswith(reverse("account:login"))
    assert client_of_reader(reader).get(path).status_code == 405


def test_the_desk_lets_a_reader_link_on_their_own_phone(
    client, desk_client, provider, reader, issuer
):
    page = desk_client.post(reverse("patrons:invite_identity", args=[reader.pk]))
    phone, path = client, urlsplit(page.context["address"]).path
    assert "Tài khoản tỉnh" in phone.get(path).content.decode()

    linking(phone, path, "an")

    assert Identity.objects.get().patron == reader
    assert phone.get(HOME).context["patron"] == reader
    assert list(
        AuditEntry.objects.about("patron", reader.pk)
        .filter(action__contains="identity")
        .order_by("pk")
        .values_list("action", flat=True)
    ) == ["patron.identity_invited", "patron.identity_linked"]
    assert Notice.objects.filter(kind="contact_changed", patron=reader).exists()
    file = desk_client.get(reverse("patrons:detail", args=[reader.pk])).content.decode()
    assert issuer in file


def test_an_invitation_is_good_once_even_after_the_account_is_unlinked(
    client, invitation, reader, desk
):
    linking(client, invitation, "an")
    actions.unlink_identity(Identity.objects.get(), by=desk)

    answer = client.post(invitation)

    assert answer["Location"] == reverse("account:login")
    assert not Identity.objects.exists()


def test_an_invitation_ends_after_a_quarter_of_an_hour(client, invitation):
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert client.post(invitation)["Location"] == reverse("account:login")


def test_an_invitation_cannot_be_made_up(client, provider, reader):
    for made_up in (f"[{reader.pk}]", "x:y:z"):
        path = reverse("account:invited", args=[made_up])
        assert client.post(path)["Location"] == reverse("account:login")


def test_an_invitation_takes_over_nobodys_account(client, invitation, foreign_patron, issuer):
    link(foreign_patron, "an", issuer)

    linking(client, invitation, "an")

    assert Identity.objects.get().patron == foreign_patron
    assert client.get(HOME).status_code == 302


def test_who_may_not_edit_readers_neither_invites_nor_unlinks(
    client, provider, reader, neighbour, neighbour_client, issuer
):
    linked = link(reader, "an", issuer)
    with pytest.raises(NotPermitted):
        actions.invite_identity(reader, by=neighbour)

    for path in (
        reverse("patrons:invite_identity", args=[reader.pk]),
        reverse("patrons:unlink_identity", args=[reader.pk, linked.pk]),
    ):
        assert neighbour_client.post(path).status_code in {403, 404}

    assert Identity.objects.get() == linked


def test_the_desk_unlinks(desk_client, provider, reader, foreign_patron, issuer):
    linked = link(reader, "an", issuer)
    other = reverse("patrons:unlink_identity", args=[foreign_patron.pk, linked.pk])
    assert desk_client.post(other).status_code == 404

    desk_client.post(reverse("patrons:unlink_identity", args=[reader.pk, linked.pk]))

    assert not Identity.objects.exists()
    assert AuditEntry.objects.filter(action="patron.identity_unlinked").exists()

"""Erasure of what readers' accounts keep: lists, searches, and every way in."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

from tangthu.core.actor import Actor, Face
from tangthu.opac import actions
from tangthu.opac.holding import HOLDER
from tangthu.opac.models import ListEntry, ReadingList, SavedSearch
from tangthu.patrons.actions import (
    actor_for,
    invite_identity,
    invited_reader,
    keep_history,
    link_identity,
    reader_of_identity,
)
from tangthu.patrons.actions.erasing import erase_patron
from tangthu.patrons.actions.programs import begin_program
from tangthu.patrons.actions.requests import request_data_right
from tangthu.patrons.errors import ErasureNotYet, InvitationOver
from tangthu.patrons.models import (
    Identity,
    LoginCode,
    LoginTry,
    Patron,
    ReaderAccount,
    ReaderProgram,
    ReaderSession,
    RequestKind,
)
from tests.conftest import client_of_reader
from tests.factories import PatronFactory, RecordFactory

ISSUER = "https://id.example"


@pytest.fixture
def settled(province):
    """Make a reader who has used everything that an account has; with the browser they use."""
    record = RecordFactory(library=province)

    def settle(card, phone, subject):
        patron = PatronFactory(library=province, card=card, phone=phone)
        by, now = actor_for(patron), timezone.now()
        reading_list = actions.create_list("Muốn đọc", by=by)
        actions.add_to_list(reading_list, record, by=by)
        actions.share_list(reading_list, by=by)
        actions.save_search("Về voi", "q=voi", is_alerting=True, by=by)
        link_identity(patron, issuer=ISSUER, subject=subject, by=by)
        keep_history(patron, text="1", by=by)
        begin_program(patron, address="192.0.2.7", program="Foliate/3.1")
        for name in (card, phone):
            LoginTry.objects.create(name=name, at=now)
            LoginCode.objects.create(name=name, asked_at=now, patrons=[patron.pk])
        return patron, client_of_reader(patron)

    return settle


@pytest.fixture
def an(settled):
    return settled("DLK000001", "+84905000001", "an")


@pytest.fixture
def binh(settled):
    return settled("DLK000002", "+84905000002", "binh")


def left_of(patron: Patron) -> dict[str, int]:
    names = (patron.card, patron.phone)
    return {
        "lists": ReadingList.objects.filter(patron=patron).count(),
        "entries": ListEntry.objects.filter(reading_list__patron=patron).count(),
        "searches": SavedSearch.objects.filter(patron=patron).count(),
        "sessions": ReaderSession.objects.filter(patron=patron).count(),
        "programs": ReaderProgram.objects.filter(patron=patron).count(),
        "identities": Identity.objects.filter(patron=patron).count(),
        "accounts": ReaderAccount.objects.filter(patron=patron).count(),
        "tries": LoginTry.objects.filter(name__in=names).count(),
        "codes": LoginCode.objects.filter(name__in=names).count(),
    }


EVERYTHING = {
    "lists": 1,
    "entries": 1,
    "searches": 1,
    "sessions": 1,
    "programs": 1,
    "identities": 1,
    "accounts": 1,
    "tries": 2,
    "codes": 2,
}
NOTHING = dict.fromkeys(EVERYTHING, 0)


def test_lists_searches_and_every_way_in_are_forgotten(an):
    patron, browser = an
    session_key = browser.session.session_key
    assert left_of(patron) == EVERYTHING

    actions.forget_reader(patron)

    assert left_of(patron) == NOTHING
    assert not Session.objects.filter(session_key=session_key).exists()
    assert reader_of_identity(ISSUER, "an") is None


def test_nobody_else_is_forgotten_with_them(an, binh):
    actions.forget_reader(an[0])

    assert left_of(binh[0]) == EVERYTHING
    assert binh[1].get(reverse("account:home")).status_code == 200
    assert reader_of_identity(ISSUER, "binh") == binh[0]


def test_who_is_forgotten_is_logged_out_and_their_shared_list_is_gone(an, client):
    patron, browser = an
    secret = ReadingList.objects.get().secret
    shared = reverse("opac:shared_list", args=[secret])
    assert client.get(shared).status_code == 200

    actions.forget_reader(patron)

    assert browser.get(reverse("account:home"))["Location"].startswith(reverse("account:login"))
    assert client.get(shared).status_code == 404


def test_forgetting_twice_changes_nothing(an):
    actions.forget_reader(an[0])

    actions.forget_reader(an[0])

    assert left_of(an[0]) == NOTHING


def test_what_is_kept_is_told_before_and_empty_after(an):
    told = {section.key: section.rows for section in HOLDER.tells(an[0])}
    assert told["lists"][0]["name"] == "Muốn đọc"
    assert told["searches"][0]["address"] == "q=voi"
    assert told["identities"][0]["issuer"] == ISSUER
    assert len(told["sessions"]) == len(told["programs"]) == 1

    actions.forget_reader(an[0])

    left = {section.key: list(section.rows) for section in HOLDER.tells(an[0])}
    assert left.keys() == told.keys()
    assert not any(left.values())


def test_an_erasure_reaches_the_account_by_the_names_of_before(an, binh, administrator):
    patron = an[0]
    card, phone = patron.card, patron.phone
    own = Actor(face=Face.OPAC, patron_id=patron.pk, name=card)

    erase_patron(request_data_right(patron, RequestKind.ERASE, by=own), by=administrator)

    patron.refresh_from_db()
    assert left_of(patron) == NOTHING
    assert not LoginTry.objects.filter(name__in=[card, phone]).exists()
    assert not LoginCode.objects.filter(name__in=[card, phone]).exists()
    assert left_of(binh[0]) == EVERYTHING


def test_an_invitation_of_before_links_nothing_to_the_forgotten(an, desk, administrator):
    patron = an[0]
    invitation = invite_identity(patron, by=desk)
    own = Actor(face=Face.OPAC, patron_id=patron.pk, name=patron.card)
    erase_patron(request_data_right(patron, RequestKind.ERASE, by=own), by=administrator)

    with pytest.raises(InvitationOver):
        invited_reader(invitation)


def test_while_something_is_open_the_account_stays(an, province, administrator):
    patron = an[0]
    PatronFactory(library=province, guardian=patron)
    own = Actor(face=Face.OPAC, patron_id=patron.pk, name=patron.card)

    with pytest.raises(ErasureNotYet):
        erase_patron(request_data_right(patron, RequestKind.ERASE, by=own), by=administrator)

    assert left_of(patron) == EVERYTHING

"""Accounts of other places: the desk's invitation to link one is good once, and for its reader."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from tangthu.core.errors import NotPermitted
from tangthu.patrons.actions import (
    accept_invitation,
    invite_identity,
    invited_reader,
    unlink_identity,
)
from tangthu.patrons.errors import IdentityTaken, InvitationOver
from tangthu.patrons.models import CardStatus, Identity
from tests.factories import PatronFactory
from tests.support.threads import at_once

ISSUER = "https://id.example"


def accept(invitation, subject="an"):
    return accept_invitation(invitation, issuer=ISSUER, subject=subject)


def test_an_invitation_links_to_the_card_it_was_given_for(patron, desk):
    linked = accept(invite_identity(patron, by=desk))

    assert (linked.patron, linked.linked_by) == (patron, patron.card)


def test_it_is_good_once(patron, desk):
    invitation = invite_identity(patron, by=desk)
    accept(invitation)

    with pytest.raises(InvitationOver):
        accept(invitation, "binh")

    assert Identity.objects.get().subject == "an"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_use_it_at_once_one_is_linked(patron, desk):
    invitation = invite_identity(patron, by=desk)

    outcomes = at_once(lambda: accept(invitation, "an"), lambda: accept(invitation, "binh"))

    assert Identity.objects.count() == 1
    assert sum(isinstance(outcome, InvitationOver) for outcome in outcomes) == 1


def test_it_is_over_when_what_it_linked_is_unlinked(patron, desk):
    invitation = invite_identity(patron, by=desk)
    unlink_identity(accept(invitation), by=desk)

    with pytest.raises(InvitationOver):
        accept(invitation)

    assert not Identity.objects.exists()


def test_it_ends_after_a_quarter_of_an_hour(patron, desk):
    invitation = invite_identity(patron, by=desk)

    with time_machine.travel(timezone.now() + timedelta(minutes=14)):
        assert invited_reader(invitation) == patron
    with time_machine.travel(timezone.now() + timedelta(minutes=16)), pytest.raises(InvitationOver):
        invited_reader(invitation)


def test_it_opens_no_card_that_was_withdrawn_meanwhile(patron, desk):
    invitation = invite_identity(patron, by=desk)
    patron.card_status = CardStatus.WITHDRAWN
    patron.save()

    with pytest.raises(InvitationOver):
        accept(invitation)


def test_it_cannot_be_changed_to_another_card(patron, desk, province):
    other = PatronFactory(library=province)
    mine, theirs = (invite_identity(each, by=desk).split(":") for each in (patron, other))

    with pytest.raises(InvitationOver):
        invited_reader(":".join([theirs[0], *mine[1:]]))


def test_an_account_that_opens_a_card_is_not_taken_over(patron, desk, province):
    other = PatronFactory(library=province)
    accept(invite_identity(other, by=desk))

    with pytest.raises(IdentityTaken):
        accept(invite_identity(patron, by=desk))

    assert Identity.objects.get().patron == other


def test_only_staff_who_may_edit_the_reader_invite(patron, neighbour, cataloguer):
    for actor in (neighbour, cataloguer):
        with pytest.raises(NotPermitted):
            invite_identity(patron, by=actor)

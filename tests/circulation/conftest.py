"""The cast of the desk: a title with copies, readers who want it, and libraries to fetch it at."""

from __future__ import annotations

import pytest

from tangthu.catalogue.models import Item, Record
from tangthu.circulation.actions import check_out
from tangthu.circulation.models import Loan
from tangthu.core.actor import Actor, Face
from tangthu.libraries.models import Library
from tangthu.patrons.models import Patron
from tests.factories import ItemFactory, LibraryFactory, PatronFactory, RecordFactory


@pytest.fixture
def ward(province: Library) -> Library:
    """A library below the province's, with its rules."""
    return LibraryFactory(code="EAK", name="Thư viện xã Ea Kar", parent=province)


@pytest.fixture
def title(province: Library) -> Record:
    return RecordFactory(library=province, title="Đất rừng phương Nam")


@pytest.fixture
def copy(province: Library, title: Record) -> Item:
    return ItemFactory(library=province, record=title)


@pytest.fixture
def borrower(province: Library) -> Patron:
    return PatronFactory(library=province, name="Trần Văn Nam")


@pytest.fixture
def lent(copy: Item, borrower: Patron, desk: Actor) -> Loan:
    """The only copy of the title, with a reader."""
    return check_out(copy, to=borrower, by=desk)


def the_reader(patron: Patron) -> Actor:
    """Return the reader as one who has logged in at the catalogue."""
    return Actor(face=Face.OPAC, patron_id=patron.pk, name=patron.card)

"""A library that brings books home, a reader whom it knows, and books in its stack."""

from __future__ import annotations

from datetime import date

import pytest

from tangthu.core.actor import Actor, Face
from tangthu.delivery import actions
from tangthu.delivery.actions import CarrierData, Request
from tangthu.delivery.models import Carrier, Delivery
from tangthu.delivery.reading import Destination
from tangthu.libraries.actions import set_preference
from tangthu.libraries.models import Library
from tangthu.patrons.models import Patron
from tests.delivery.parcels import pack_all
from tests.factories import ItemFactory, PatronFactory, RecordFactory

HOME = "12 Phan Chu Trinh, phường Tân Lập"


@pytest.fixture
def library(province: Library, machine: Actor) -> Library:
    """The provincial library, which delivers for 15,000 đ."""
    set_preference(province, "delivery_offered", "true", by=machine)
    set_preference(province, "delivery_fee", "15000", by=machine)
    return province


@pytest.fixture
def reader(library: Library) -> Patron:
    """A reader of forty whose address the library knows."""
    return PatronFactory(
        library=library, address=HOME, phone="+84905123456", birth_on=date(1986, 3, 1)
    )


@pytest.fixture
def reading(reader: Patron) -> Actor:
    """The reader, logged in."""
    return Actor(face=Face.OPAC, name=reader.card, patron_id=reader.pk)


@pytest.fixture
def staff(library: Library, administrator: Actor) -> Actor:
    return administrator


@pytest.fixture
def book(library: Library):
    """A record with one copy in the stack."""
    record = RecordFactory(library=library, title="Đam San")
    ItemFactory(library=library, record=record)
    return record


@pytest.fixture
def home() -> Destination:
    return Destination(name="Nguyễn Văn An", phone="0905 123 456", address=HOME)


@pytest.fixture
def request_(reader: Patron, library: Library, home: Destination) -> Request:
    return Request(patron=reader, library=library, to=home, note="Gọi trước khi đến")


@pytest.fixture
def asked(request_: Request, book, reading: Actor) -> Delivery:
    return actions.ask(request_, [book], by=reading)


@pytest.fixture
def approved(asked: Delivery, staff: Actor) -> Delivery:
    return actions.approve(asked, by=staff)


@pytest.fixture
def packed(approved: Delivery, staff: Actor) -> Delivery:
    return pack_all(approved, by=staff)


@pytest.fixture
def carrier(library: Library, staff: Actor) -> Carrier:
    return actions.add_carrier(library, CarrierData(name="Bưu tá Ama Thuột"), by=staff)


@pytest.fixture
def sent(packed: Delivery, carrier: Carrier, staff: Actor) -> Delivery:
    """A parcel on its way."""
    run = actions.begin_run(carrier, by=staff)
    actions.load(run, packed.reference, by=staff)
    actions.hand_over(run, by=staff)
    packed.refresh_from_db()
    return packed

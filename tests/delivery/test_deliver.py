"""From the request to the door: the loan begins when the book is in the reader's hand."""

import pytest

from tangthu.catalogue.models import ItemStatus
from tangthu.circulation.actions import check_out
from tangthu.circulation.errors import CheckoutRefused
from tangthu.circulation.models import Loan, LoanEvent, SetAside
from tangthu.circulation.reading.availability import of_records
from tangthu.core.actor import Actor, Face
from tangthu.core.errors import NotPermitted
from tangthu.core.money import Money
from tangthu.delivery import actions
from tangthu.delivery.actions import CarrierData, Request
from tangthu.delivery.errors import (
    LoanNotBegun,
    NoCopyFree,
    NotThisParcel,
    RequestRefused,
    RulesRefused,
    StepRefused,
)
from tangthu.delivery.models import Delivery, DeliveryItem, FailReason, Run
from tangthu.delivery.policy import Objection, Refusal
from tangthu.delivery.reading import Destination
from tangthu.fees.reading import debt_of
from tangthu.libraries.actions import set_preference
from tangthu.libraries.models import LibraryKind
from tangthu.notices.models import Notice
from tangthu.patrons.actions import restrict, withdraw_card
from tangthu.patrons.models import Patron, RestrictionKind
from tests.delivery.conftest import HOME
from tests.delivery.parcels import pack_all, states
from tests.factories import ItemFactory, LibraryFactory, PatronFactory, RecordFactory

pytestmark = pytest.mark.django_db


def test_a_reader_asks_for_a_book_at_home(asked, reader, library, book):
    assert (asked.patron, asked.library, asked.state, asked.leg) == (
        reader,
        library,
        "asked",
        "out",
    )
    assert (asked.phone, asked.address, asked.address_verified) == ("+84905123456", HOME, True)
    assert asked.fee == 15_000
    assert [line.record for line in asked.lines.all()] == [book]
    assert not SetAside.objects.exists()
    assert debt_of(reader.pk) == Money(0)


def test_the_reference_names_nobody(asked, reader):
    assert len(asked.reference) == 10
    assert asked.reference.startswith("GS")
    assert reader.card not in asked.reference


def test_asking_again_adds_to_the_request_that_waits(asked, request_, reading, library, book):
    other = RecordFactory(library=library)
    ItemFactory(library=library, record=other)

    again = actions.ask(request_, [other, book], by=reading)

    assert again == asked
    assert [line.record for line in asked.lines.order_by("id")] == [book, other]


def test_a_reader_does_not_ask_for_another(request_, book, foreign_patron, reading):
    stranger = Request(patron=foreign_patron, library=request_.library, to=request_.to)

    with pytest.raises(NotPermitted):
        actions.ask(stranger, [book], by=reading)

    assert not Delivery.objects.exists()


def test_staff_ask_for_a_reader_who_telephones(request_, book, staff):
    delivery = actions.ask(request_, [book], by=staff)

    assert delivery.events.get().by == "Nguyễn Thị Thủ Thư"


def test_a_library_that_does_not_deliver_says_so(request_, book, reading, machine):
    set_preference(request_.library, "delivery_offered", "false", by=machine)

    with pytest.raises(RequestRefused) as refused:
        actions.ask(request_, [book], by=reading)

    assert refused.value.objections == (Objection.NOT_OFFERED,)
    assert not Delivery.objects.exists()


def test_a_stopped_card_is_brought_nothing(request_, book, reading, reader, machine):
    restrict(reader, RestrictionKind.MANUAL, by=machine)

    with pytest.raises(RequestRefused) as refused:
        actions.ask(request_, [book], by=reading)

    assert refused.value.objections == (Objection.RESTRICTED,)


def test_another_address_needs_a_deposit(request_, book, reading, reader, library):
    elsewhere = Destination(name="An", phone="0905123456", address="Chợ Buôn Ma Thuột")

    with pytest.raises(RequestRefused) as refused:
        actions.ask(Request(patron=reader, library=library, to=elsewhere), [book], by=reading)

    assert refused.value.objections == (Objection.NEITHER_ADDRESS_NOR_DEPOSIT,)


def test_a_post_office_point_stands_for_an_address(reader, library, book, reading, network):
    point = LibraryFactory(kind=LibraryKind.POST_OFFICE, parent=network, name="BĐ-VHX Ea Tu")
    to = Destination(name="An", phone="0905123456", point=point)

    delivery = actions.ask(Request(patron=reader, library=library, to=to), [book], by=reading)

    assert (delivery.route, delivery.point, delivery.address) == ("point", point, "")


def test_what_is_no_post_office_point_is_none(reader, library, book, reading, commune):
    to = Destination(name="An", phone="0905123456", point=commune)

    with pytest.raises(Exception, match="wrong_point"):
        actions.ask(Request(patron=reader, library=library, to=to), [book], by=reading)

    assert not Delivery.objects.exists()


def test_a_book_of_which_no_copy_is_in_is_not_promised(request_, book, reading, patron, desk):
    check_out(book.items.get(), to=patron, by=desk)

    with pytest.raises(NoCopyFree):
        actions.ask(request_, [book], by=reading)

    assert not Delivery.objects.exists()


def test_approval_keeps_the_copy_back_and_charges(approved, reader, book):
    item = book.items.get()

    assert approved.state == "approved"
    assert SetAside.objects.get().item == item
    assert approved.lines.get().item == item
    assert debt_of(reader.pk) == Money(15_000)


def test_a_reader_does_not_approve_their_own_request(asked, reading):
    with pytest.raises(NotPermitted):
        actions.approve(asked, by=reading)

    asked.refresh_from_db()
    assert asked.state == "asked"


def test_staff_elsewhere_approve_nothing_here(asked, neighbour):
    with pytest.raises(NotPermitted):
        actions.approve(asked, by=neighbour)

    asked.refresh_from_db()
    assert asked.state == "asked"


def test_approving_twice_charges_once(approved, staff, reader):
    with pytest.raises(StepRefused) as refused:
        actions.approve(approved, by=staff)

    assert refused.value.reason is Refusal.WRONG_STATE
    assert debt_of(reader.pk) == Money(15_000)


def test_the_last_copy_may_go_out_before_the_approval(asked, staff, patron, desk, book, reader):
    check_out(book.items.get(), to=patron, by=desk)

    with pytest.raises(NoCopyFree):
        actions.approve(asked, by=staff)

    asked.refresh_from_db()
    assert (asked.state, asked.lines.get().item) == ("asked", None)
    assert debt_of(reader.pk) == Money(0)


def test_a_book_may_be_left_out(request_, book, library, reading, staff):
    other = RecordFactory(library=library)
    ItemFactory(library=library, record=other)
    delivery = actions.ask(request_, [book, other], by=reading)
    line = delivery.lines.get(record=book)

    actions.approve(delivery, by=staff, without={line.pk: "Bản bị rách"})

    line.refresh_from_db()
    assert (line.is_dropped, line.is_open, line.drop_reason) == (True, False, "Bản bị rách")
    assert [kept.item.record for kept in SetAside.objects.all()] == [other]


def test_nothing_left_is_not_approved(asked, staff):
    with pytest.raises(StepRefused) as refused:
        actions.approve(asked, by=staff, without={asked.lines.get().pk: "Hỏng"})

    assert refused.value.reason is Refusal.NOTHING_LEFT
    assert not asked.lines.get().is_dropped


def test_a_request_is_declined_with_a_reason(asked, staff, reader):
    actions.reject(asked, reason="Ngoài địa bàn giao", by=staff)

    asked.refresh_from_db()
    assert (asked.state, asked.is_open) == ("rejected", False)
    assert asked.events.last().note == "Ngoài địa bàn giao"
    assert not asked.lines.filter(is_open=True).exists()


def test_a_reader_calls_it_off_and_pays_nothing(approved, reading, reader):
    actions.cancel(approved, by=reading)

    assert not SetAside.objects.exists()
    assert debt_of(reader.pk) == Money(0)


def test_once_it_is_packed_only_staff_call_it_off(packed, reading, staff, reader):
    with pytest.raises(StepRefused):
        actions.cancel(packed, by=reading, reason="Đổi ý")
    actions.cancel(packed, by=staff, reason="Bạn đọc gọi điện")

    assert not SetAside.objects.exists()
    assert debt_of(reader.pk) == Money(0)


def test_the_desk_does_not_lend_a_copy_that_is_promised(approved, patron, desk, book):
    with pytest.raises(CheckoutRefused) as refused:
        check_out(book.items.get(), to=patron, by=desk, override=["set_aside"])

    assert refused.value.verdict.codes == ("set_aside",)
    assert not Loan.objects.exists()


def test_only_the_scanned_books_make_a_parcel(approved, staff, library):
    actions.pick(approved.lines.get(), by=staff)
    stranger = ItemFactory(library=library)

    with pytest.raises(NotThisParcel):
        actions.pack(approved, stranger.barcode, by=staff)

    approved.refresh_from_db()
    assert approved.state == "picked"


def test_another_copy_of_the_book_serves_as_well(approved, staff, book, library):
    twin = ItemFactory(library=library, record=book)
    chosen = approved.lines.get().item
    actions.pick(approved.lines.get(), by=staff)

    delivery = actions.pack(approved, twin.barcode, by=staff)

    assert delivery.state == "packed"
    assert delivery.lines.get().item == twin
    assert [kept.item for kept in SetAside.objects.all()] == [twin]
    assert chosen != twin


def test_a_copy_that_is_not_on_its_shelf_is_replaced(approved, staff, book, library):
    twin = ItemFactory(library=library, record=book)

    line = actions.not_on_shelf(approved.lines.get(), by=staff)

    assert line.item == twin
    assert SetAside.objects.get().item == twin


def test_without_another_copy_the_book_is_left_out(request_, book, library, reading, staff):
    other = RecordFactory(library=library)
    ItemFactory(library=library, record=other)
    delivery = actions.approve(actions.ask(request_, [book, other], by=reading), by=staff)
    actions.pick(delivery.lines.get(record=other), by=staff)

    actions.not_on_shelf(delivery.lines.get(record=book), by=staff, reason="Không có trên giá")

    delivery.refresh_from_db()
    assert delivery.state == "picked"
    assert [line.record for line in delivery.books] == [other]
    assert SetAside.objects.get().item.record == other


def test_the_last_book_is_not_left_out_in_silence(approved, staff):
    with pytest.raises(StepRefused) as refused:
        actions.not_on_shelf(approved.lines.get(), by=staff)

    assert refused.value.reason is Refusal.NOTHING_LEFT
    assert SetAside.objects.count() == 1


def test_parcels_are_handed_over_by_scanning(packed, carrier, staff):
    run = actions.begin_run(carrier, by=staff)
    actions.load(run, f" {packed.reference.lower()} ", by=staff)

    sent = actions.hand_over(run, by=staff)

    packed.refresh_from_db()
    assert (packed.state, packed.run) == ("on_the_way", run)
    assert sent.expires_at > sent.sent_at


def test_what_is_not_packed_is_not_loaded(approved, carrier, staff):
    run = actions.begin_run(carrier, by=staff)

    with pytest.raises(StepRefused):
        actions.load(run, approved.reference, by=staff)

    approved.refresh_from_db()
    assert approved.run is None


def test_an_empty_run_is_not_sent(carrier, staff):
    run = actions.begin_run(carrier, by=staff)

    with pytest.raises(StepRefused):
        actions.hand_over(run, by=staff)

    assert not Run.objects.get().is_sent


def test_the_loan_begins_at_the_door(sent, staff, reader, book):
    assert not Loan.objects.exists()

    actions.deliver(sent, by=staff)

    loan = Loan.objects.get()
    assert (loan.patron, loan.item.record) == (reader, book)
    assert sent.lines.get().loan == loan
    assert LoanEvent.objects.get().face == "delivery"
    assert not SetAside.objects.exists()
    assert states(sent) == ["asked", "approved", "picked", "packed", "on_the_way", "delivered"]


def test_a_carrier_delivers_what_is_on_their_run_alone(sent, carrier, library, book, network):
    courier = Actor(face=Face.DELIVERY, name=carrier.name, library_id=library.pk)
    other = Run.objects.create(
        library=library, carrier=carrier, nonce="x", created_at=sent.asked_at, created_by=""
    )

    with pytest.raises(NotPermitted):
        actions.deliver(sent, by=courier, run=other)
    actions.deliver(sent, by=courier, run=sent.run)

    assert Loan.objects.get().item.record == book


def test_what_has_changed_since_is_waived_at_the_door(sent, staff, reader, machine):
    restrict(reader, RestrictionKind.MANUAL, by=machine)

    actions.deliver(sent, by=staff)

    assert Loan.objects.get().overridden == ["patron_restricted"]


def test_what_nobody_may_waive_leaves_the_parcel_open(sent, staff, reader, machine):
    withdraw_card(reader, by=machine)

    with pytest.raises(LoanNotBegun):
        actions.deliver(sent, by=staff)

    sent.refresh_from_db()
    assert sent.state == "on_the_way"
    assert SetAside.objects.count() == 1
    assert not Loan.objects.exists()


def test_a_failed_try_is_tried_again(sent, staff):
    actions.fail(sent, FailReason.NOT_HOME, by=staff, note="Đã gọi hai lần")
    actions.retry(sent, by=staff)
    actions.deliver(sent, by=staff)

    sent.refresh_from_db()
    assert (sent.state, sent.attempts) == ("delivered", 1)


def test_a_wrong_address_is_corrected_first(sent, staff, home):
    actions.fail(sent, FailReason.WRONG_ADDRESS, by=staff)
    with pytest.raises(StepRefused) as refused:
        actions.retry(sent, by=staff)
    new = Destination(name=home.name, phone=home.phone, address="21 Phan Chu Trinh")
    actions.correct_address(sent, new, by=staff)

    delivery = actions.retry(sent, by=staff)

    assert refused.value.reason is Refusal.ADDRESS_STILL_WRONG
    assert (delivery.state, delivery.address, delivery.address_verified) == (
        "on_the_way",
        "21 Phan Chu Trinh",
        False,
    )


def test_a_parcel_refused_at_the_door_comes_back_without_any_loan(sent, staff, reader):
    actions.fail(sent, FailReason.REFUSED, by=staff)

    results = actions.come_back(sent, by=staff)

    sent.refresh_from_db()
    assert sent.state == "came_back"
    assert [result.loan for result in results] == [None]
    assert not Loan.objects.exists()
    assert not SetAside.objects.exists()
    assert debt_of(reader.pk) == Money(15_000)


def test_a_parcel_lost_on_the_way_costs_the_reader_nothing(sent, staff, reader, book):
    actions.lose(sent, reason="Bưu cục báo thất lạc", by=staff)

    assert book.items.get().status == ItemStatus.LOST
    assert not Loan.objects.exists()
    assert not SetAside.objects.exists()
    assert debt_of(reader.pk) == Money(0)


def test_the_reader_is_told_of_each_step_once(sent, staff, reader, settings):
    settings.EMAIL_HOST = "127.0.0.1"
    Patron.objects.filter(pk=reader.pk).update(email="an@example.vn")

    actions.deliver(sent, by=staff)

    assert Notice.objects.filter(kind="delivery_update", source__endswith=":deliver:0").count() == 1


def test_a_copy_is_in_one_open_delivery(approved, library, book, staff):
    other = PatronFactory(library=library, address=HOME, phone="+84905123457")
    to = Destination(name="B", phone="0905123457", address=HOME)

    with pytest.raises(NoCopyFree):
        actions.ask(Request(patron=other, library=library, to=to), [book], by=staff)

    assert DeliveryItem.objects.count() == 1


def test_two_carriers_of_a_library_have_two_names(carrier, library, staff):
    with pytest.raises(Exception, match="carrier_name_taken"):
        actions.add_carrier(library, CarrierData(name=" Bưu tá  Ama Thuột"), by=staff)


def test_several_books_go_as_one_parcel(request_, library, reading, staff):
    records = [RecordFactory(library=library) for _each in range(3)]
    for record in records:
        ItemFactory(library=library, record=record)

    delivery = actions.approve(actions.ask(request_, records, by=reading), by=staff)
    pack_all(delivery, by=staff)

    assert delivery.state == "packed"
    assert SetAside.objects.count() == 3


def test_the_rules_are_asked_before_anything_is_sent(asked, staff, reader, library, desk):
    for _each in range(3):
        check_out(ItemFactory(library=library), to=reader, by=desk)

    with pytest.raises(RulesRefused) as refused:
        actions.approve(asked, by=staff)

    asked.refresh_from_db()
    assert [block.code for block in refused.value.blocks] == ["max_loans"]
    assert (asked.state, Loan.objects.count(), LoanEvent.objects.count()) == ("asked", 3, 3)
    assert debt_of(reader.pk) == Money(0)


def test_who_may_override_approves_all_the_same(asked, staff, reader, library, desk):
    for _each in range(3):
        check_out(ItemFactory(library=library), to=reader, by=desk)

    actions.approve(asked, by=staff, in_spite=True)

    asked.refresh_from_db()
    assert (asked.state, Loan.objects.count()) == ("approved", 3)


def test_a_rehearsal_leaves_no_loan_behind(approved):
    assert not Loan.objects.exists()
    assert not LoanEvent.objects.exists()
    assert approved.state == "approved"


def test_a_copy_on_its_way_is_shown_as_kept(approved, book):
    copies = of_records([book.pk])[book.pk]

    assert [copy.status for copy in copies] == ["on_hold_shelf"]

"""A USB stick between a desk without any line and the library."""

from __future__ import annotations

import gzip
import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tangthu.catalogue.models import Item
from tangthu.circulation.models import Loan
from tangthu.core.actor import Actor
from tangthu.libraries.models import Library
from tangthu.offline import keys
from tangthu.offline.actions import replay
from tangthu.offline.errors import FileRefused
from tangthu.offline.files import receive_file, taken_file
from tangthu.offline.models import OfflineEvent
from tangthu.offline.policy import encode
from tangthu.patrons.models import Patron
from tests.factories import ItemFactory
from tests.offline.desk import OfflineDesk

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(province: Library) -> Item:
    return ItemFactory(library=province)


def written(desk: OfflineDesk, *, kind: str = "events", version: str = "1") -> bytes:
    """Return the file as the browser writes it."""
    named = {"kind": kind, "device": str(desk.device.uid), "made": "2026-11-22T08:00:00Z"}
    head = f"TANGTHU-OFFLINE {version}\n{json.dumps(named)}\n".encode()
    told = {"kind": "events", "after": 0, "events": [encode(event) for event in desk.events]}
    return head + keys.seal(desk.device, gzip.compress(json.dumps(told).encode()), context=head)


def test_the_same_file_twice_does_nothing_twice(
    away: OfflineDesk, staff: Actor, item: Item, patron: Patron
) -> None:
    away.lend(item, patron, minute=1)
    away.take_back(item, minute=2)
    file = written(away)

    first, done = receive_file(file, by=staff), replay(away.device)
    second, again = receive_file(file, by=staff), replay(away.device)

    assert (first.fresh, done) == (2, 2)
    assert (second.events, second.fresh, again) == (2, 0, 0)
    assert Loan.objects.count() == 1


def test_a_later_file_brings_what_the_earlier_did_not_have(
    away: OfflineDesk, staff: Actor, item: Item, patron: Patron
) -> None:
    away.lend(item, patron, minute=1)
    receive_file(written(away), by=staff)
    away.take_back(item, minute=2)

    receipt = receive_file(written(away), by=staff)
    replay(away.device)

    assert (receipt.events, receipt.fresh) == (2, 1)
    assert Loan.objects.get().returned_at is not None


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda file: b"", "not_ours"),
        (lambda file: b"PK\x03\x04" + file, "not_ours"),
        (lambda file: file[:60], "not_ours"),
        (lambda file: file[:-1], "damaged"),
        (lambda file: file[:-9] + bytes([file[-9] ^ 1]) + file[-8:], "damaged"),
        (lambda file: file.replace(b"08:00:00", b"09:00:00"), "damaged"),
        (lambda file: file.replace(b"OFFLINE 1", b"OFFLINE 2"), "newer"),
        (lambda file: file.replace(b'"events"', b'"taken"'), "not_events"),
    ],
    ids=["empty", "zip", "cut in the head", "cut", "a bit", "the head", "newer", "the other kind"],
)
def test_a_damaged_or_hostile_file_is_refused_whole(
    away: OfflineDesk, staff: Actor, item: Item, patron: Patron, spoil: object, why: str
) -> None:
    away.lend(item, patron, minute=1)
    file = spoil(written(away))  # type: ignore[operator]

    with pytest.raises(FileRefused) as refused:
        receive_file(file, by=staff)

    assert refused.value.why == why
    assert OfflineEvent.objects.count() == 0


def test_the_file_of_another_librarys_device_is_refused(
    away: OfflineDesk, neighbour: Actor, item: Item
) -> None:
    away.take_back(item, minute=1)

    with pytest.raises(FileRefused) as refused:
        receive_file(written(away), by=neighbour)

    assert refused.value.why == "unknown_device"


def test_the_answer_tells_the_device_what_became_of_its_deeds(
    away: OfflineDesk, staff: Actor, item: Item, patron: Patron
) -> None:
    lent = away.lend(item, patron, minute=1)
    receive_file(written(away), by=staff)
    replay(away.device)

    file = taken_file(away.device, by=staff)

    head = b"".join(file.splitlines(keepends=True)[:2])
    plain = keys.unseal(away.device, file[len(head) :], context=head)
    told = json.loads(gzip.decompress(plain))
    assert told["kind"] == "taken"
    assert told["settled"] == {lent.id: patron.pk}
    assert [row[0] for row in told["items"]] == [item.pk]
    assert told["items"][0][9]["patron"] == patron.pk


def test_the_command_takes_a_file_and_writes_the_answer(
    away: OfflineDesk, item: Item, patron: Patron, tmp_path: Path
) -> None:
    away.lend(item, patron, minute=1)
    file, answer = tmp_path / "stick.tangthu", tmp_path / "back.tangthu"
    file.write_bytes(written(away))
    said = StringIO()

    call_command("offline_import", file, answer=answer, stdout=said)

    assert said.getvalue() == "1 events, 1 new, 1 done; 0 to settle.\n"
    assert answer.read_bytes().startswith(b"TANGTHU-OFFLINE 1\n")
    with pytest.raises(CommandError):
        call_command("offline_import", answer)

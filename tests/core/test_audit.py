from __future__ import annotations

import pytest

from tangthu.core import audit
from tangthu.core.models import AuditEntry
from tangthu.core.requests import set_request_id
from tests.factories import PatronFactory


def test_only_what_differs_is_written_down(db, machine):
    set_request_id("request-1")

    audit.record(
        "patron.changed",
        by=machine,
        kind="patron",
        key=7,
        before={"name": "An", "phone": "0901"},
        after={"name": "An", "phone": "0902"},
    )
    set_request_id("")

    entry = AuditEntry.objects.get()
    assert entry.changes == {"phone": ["0901", "0902"]}
    assert (entry.actor, entry.face, entry.request_id) == ("test", "command", "request-1")


@pytest.mark.django_db
def test_a_snapshot_hides_what_it_is_told_to_and_leaves_out_bytes():
    patron = PatronFactory(phone="0901234567")

    values = audit.snapshot(patron, hide=frozenset({"phone"}))

    assert values["phone"] == "•••"
    assert values["expires_on"] == "2099-12-31"
    assert "sort_key" not in values

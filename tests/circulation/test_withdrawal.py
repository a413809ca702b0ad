from __future__ import annotations

import pytest

from tangthu.catalogue.actions import withdraw_item
from tangthu.circulation.actions import check_in, check_out
from tangthu.circulation.errors import ItemOnLoan
from tests.factories import ItemFactory


def test_a_copy_that_a_reader_has_cannot_be_withdrawn(province, patron, desk, cataloguer):
    item = ItemFactory(library=province)
    check_out(item, to=patron, by=desk)

    with pytest.raises(ItemOnLoan):
        withdraw_item(item, by=cataloguer)

    item.refresh_from_db()
    assert item.status == "available"


def test_once_it_is_back_it_can(province, patron, desk, cataloguer):
    item = ItemFactory(library=province)
    check_out(item, to=patron, by=desk)
    check_in(item, by=desk)

    withdraw_item(item, by=cataloguer)

    item.refresh_from_db()
    assert item.status == "withdrawn"

"""Loans, holds, transports, harm, money, readers and time: all together, in any order."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.model.lending import Lending
from tests.model.money import Money
from tests.model.people import People
from tests.model.waiting import Waiting


class Whole(Lending, Waiting, Money, People):
    """Everything that happens between a library and its readers, in whatever order."""


@pytest.mark.django_db
def test_whatever_is_done_in_whatever_order_the_books_stay_right():
    run_state_machine_as_test(
        Whole,
        settings=settings(
            max_examples=20,
            stateful_step_count=40,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )

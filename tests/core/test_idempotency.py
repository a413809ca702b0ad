from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from tangthu.core.errors import Invalid
from tangthu.core.idempotency import Answer, KeyReused, answer_once, fingerprint, forget
from tangthu.core.models import AuditEntry, IdempotencyKey
from tests.support.threads import at_once


class Counter:
    """Work that can be counted."""

    def __init__(self, *, seconds: float = 0) -> None:
        self.times, self.seconds = 0, seconds

    def __call__(self) -> Answer:
        self.times += 1
        time.sleep(self.seconds)
        return Answer(201, f"answer {self.times}")


@pytest.mark.django_db
def test_the_second_request_is_answered_as_the_first():
    work = Counter()

    first = answer_once("k1", scope="user:1", request="r", work=work)
    second = answer_once("k1", scope="user:1", request="r", work=work)

    assert first == (Answer(201, "answer 1"), False)
    assert second == (Answer(201, "answer 1"), True)
    assert work.times == 1


@pytest.mark.django_db
def test_two_users_may_choose_the_same_key():
    work = Counter()

    answer_once("k1", scope="user:1", request="r", work=work)
    answer_once("k1", scope="user:2", request="r", work=work)

    assert work.times == 2


@pytest.mark.django_db
def test_a_key_for_another_request_is_refused():
    work = Counter()
    answer_once("k1", scope="user:1", request="r", work=work)

    with pytest.raises(KeyReused):
        answer_once("k1", scope="user:1", request="another", work=work)

    assert work.times == 1


@pytest.mark.django_db
def test_work_that_fails_leaves_no_answer_behind():
    def fail() -> Answer:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        answer_once("k1", scope="user:1", request="r", work=fail)

    assert not IdempotencyKey.objects.exists()


@pytest.mark.django_db
def test_a_key_without_end_is_refused():
    with pytest.raises(Invalid):
        answer_once("k" * 201, scope="user:1", request="r", work=Counter())

    assert not IdempotencyKey.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_once_do_the_work_once():
    work = Counter(seconds=0.1)

    def ask() -> object:
        return answer_once("k1", scope="user:1", request="r", work=work)

    answers = at_once(ask, ask)

    assert sorted(answers, key=str) == [
        (Answer(201, "answer 1"), False),
        (Answer(201, "answer 1"), True),
    ]
    assert IdempotencyKey.objects.count() == 1
    assert AuditEntry.objects.count() == 0


@pytest.mark.django_db
def test_old_answers_are_forgotten():
    answer_once("k1", scope="user:1", request="r", work=Counter())

    kept = forget(before=timezone.now() - timedelta(days=7))
    forgotten = forget(before=timezone.now() + timedelta(seconds=1))

    assert (kept, forgotten) == (0, 1)


def test_a_fingerprint_tells_where_a_part_ends():
    assert fingerprint(b"ab", b"c") != fingerprint(b"a", b"bc")

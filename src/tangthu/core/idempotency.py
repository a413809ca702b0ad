"""A request that may be sent twice is answered the second time as the first."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from tangthu.core.errors import Conflict, Invalid
from tangthu.core.models import IdempotencyKey

KEPT = timedelta(days=7)
MAX_KEY = 200


class KeyReused(Conflict):
    """The key came before with another request."""

    code = "idempotency_key_reused"


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: an HTTP status and the body."""

    status: int
    body: str


def fingerprint(*parts: bytes) -> str:
    """Return a digest that tells one request from another."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def answer_once(
    key: str, *, scope: str, request: str, work: Callable[[], Answer]
) -> tuple[Answer, bool]:
    """Do the work, or return the answer kept from the first time and True.

    The answer is kept in the transaction of the work: either both are there or neither. Two
    requests at once: the second waits for the first. Raises KeyReused when the key came before
    with another request, Invalid when it is longer than 200 characters.
    """
    if len(key) > MAX_KEY:
        raise Invalid("Idempotency-Key", maximum=MAX_KEY)
    try:
        with transaction.atomic():
            kept = IdempotencyKey.objects.create(
                scope=scope, key=key, fingerprint=request, created_at=timezone.now()
            )
            answer = work()
            kept.status, kept.body = answer.status, answer.body
            kept.save(update_fields=["status", "body"])
            return answer, False
    except IntegrityError:
        earlier = IdempotencyKey.objects.filter(scope=scope, key=key).first()
        if earlier is None:
            raise
    if earlier.fingerprint != request:
        raise KeyReused
    return Answer(earlier.status or 500, earlier.body), True


def forget_bodies_with(texts: Iterable[str]) -> int:
    """Empty the kept answers in which one of these texts stands as a value of its own.

    The status is kept, so that a request sent again is still not done twice.
    """
    named = Q(pk=None)
    for text in texts:
        if text:
            named |= Q(body__contains=f'"{text}"')
    return IdempotencyKey.objects.filter(named).update(body="")


def forget(*, before: datetime) -> int:
    """Delete the answers kept since before that moment, and return how many."""
    return IdempotencyKey.objects.filter(created_at__lt=before).delete()[0]

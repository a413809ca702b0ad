"""Who else wants the copies that a device takes along."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from django.utils import timezone

from tangthu.catalogue.models import Item
from tangthu.circulation.models import Hold
from tangthu.circulation.policy import is_wanted, local_day
from tangthu.circulation.policy.queue import Waiting, is_ready
from tangthu.circulation.reading import Books, books
from tangthu.circulation.reading.queues import copies_of, copy_at, queues_of
from tangthu.offline.policy import Claims

NOBODY = 0
"""The number of no reader: asks for one who does not wait."""


def claims_on(ids: Sequence[int]) -> Mapping[int, Claims]:
    """Return who waits for these copies. Two queries, and two more where somebody does."""
    known, found = books(), dict[int, Claims]()
    kept = Hold.objects.open().filter(trapped__in=ids)
    for item, patron, pickup in kept.values_list("trapped_id", "patron_id", "pickup_id"):
        name = known.network.libraries[pickup].name
        found[item] = Claims(kept_for=patron or NOBODY, pickup=name)
    for item, claims in _queued(ids, known):
        found.setdefault(item, claims)
    return found


def _queued(ids: Sequence[int], known: Books) -> Iterator[tuple[int, Claims]]:
    copies = defaultdict[int, list[Item]](list)
    waited_for = Hold.objects.waiting().values("record")
    for item in Item.objects.filter(pk__in=ids, record__in=waited_for):
        copies[item.record_id].append(known.item(item))
    if not copies:
        return
    queues = queues_of(copies, known)
    for record, items in copies.items():
        queue = queues.get(record, [])
        yield from ((item.pk, _claims(item, queue, known)) for item in items if queue)


def _claims(item: Item, queue: Sequence[Waiting], known: Books) -> Claims:
    today = local_day(timezone.now())
    copy = copy_at(item, item.library_id, known)
    shelf = copies_of([item.record_id], known).get(item.record_id, [])
    others = [each.copy for each in shelf if each.is_lendable and each.item.pk != item.pk]
    waiting = [hold for hold in queue if is_ready(copy, hold, today)]
    return Claims(
        waiting=tuple(hold.patron for hold in waiting),
        is_short=is_wanted(copy, queue, others, patron=NOBODY, today=today),
        is_recalled=any(hold.recalled for hold in waiting),
    )

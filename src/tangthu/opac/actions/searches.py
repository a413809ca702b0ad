"""Readers' saved searches, and the news of them."""

from __future__ import annotations

from dataclasses import replace

from django.db import transaction
from django.db.models import F, Max
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from tangthu.catalogue.models import Record
from tangthu.core.actor import Actor
from tangthu.core.errors import NotPermitted
from tangthu.discovery.engine import SearchEngine, Sort
from tangthu.discovery.errors import PageTooDeep, QueryTooLarge
from tangthu.notices.actions import announce
from tangthu.notices.kinds import NoticeKind
from tangthu.notices.setup import site_address
from tangthu.opac import policy, searching
from tangthu.opac.errors import NameMissing, TooMany
from tangthu.opac.models import SavedSearch
from tangthu.patrons.models import Patron
from tangthu.text.normal import normalise


@transaction.atomic
def save_search(name: str, address: str, *, is_alerting: bool, by: Actor) -> SavedSearch:
    """Keep a search of the reader's; the same one again changes its name and its alert.

    Raises NameMissing, TooMany beyond thirty searches, NotPermitted for who is no reader.
    """
    if by.patron_id is None:
        raise NotPermitted
    said = normalise(name)[:200]
    if not said:
        raise NameMissing(field="name")
    patron = Patron.objects.select_for_update(no_key=True).get(pk=by.patron_id)
    kept = SavedSearch.objects.filter(patron=patron)
    same = kept.filter(address=canonical(address)).first()
    if same is None and kept.count() >= policy.MOST_SEARCHES:
        raise TooMany(limit=policy.MOST_SEARCHES)
    row = same or SavedSearch(
        patron=patron,
        address=canonical(address),
        seen_up_to=Record.objects.aggregate(last=Max("pk"))["last"] or 0,
        created_at=timezone.now(),
    )
    row.name, row.is_alerting = said, is_alerting
    row.save()
    return row


@transaction.atomic
def set_alert(search: SavedSearch, *, is_alerting: bool, by: Actor) -> None:
    """Tell the reader of what is new from now on, or no more."""
    row = _own(search, by)
    row.is_alerting = is_alerting
    row.seen_up_to = Record.objects.aggregate(last=Max("pk"))["last"] or 0
    row.save(update_fields=["is_alerting", "seen_up_to"])


@transaction.atomic
def remove_search(search: SavedSearch, *, by: Actor) -> None:
    """Forget the search."""
    _own(search, by).delete()


def tell_news(*, engine: SearchEngine) -> int:
    """Run the searches whose readers want news, and announce what is new; return how many had.

    Those looked at longest ago first, and only so many in one run. Each in a transaction of its
    own, so that one that fails keeps no other from its news. Records are new by their number,
    which only grows; one that was changed is not.
    """
    waiting = SavedSearch.objects.filter(is_alerting=True)
    oldest = waiting.order_by(F("looked_at").asc(nulls_first=True), "pk")
    keys = list(oldest.values_list("pk", flat=True)[: policy.SEARCHES_AT_ONCE])
    return sum(_tell(pk, engine) for pk in keys)


def canonical(address: str) -> str:
    """Return what of a results' address makes the search: words and filters, in one order."""
    asked = searching.asked(QueryDict(address.removeprefix("?")))
    kept = QueryDict(mutable=True)
    kept["q"] = asked.q[:500]
    for facet, values in sorted(asked.filters.items()):
        kept.setlist(facet, sorted(values))
    return kept.urlencode()[:2000]


def _tell(pk: int, engine: SearchEngine) -> bool:
    search = SavedSearch.objects.select_related("patron__library").filter(pk=pk).first()
    if search is None:
        return False
    try:
        fresh = _fresh(search, engine)
    except (PageTooDeep, QueryTooLarge):
        fresh = []
    with transaction.atomic():
        last = max([search.seen_up_to, *(record.pk for record in fresh)])
        SavedSearch.objects.filter(pk=pk).update(looked_at=timezone.now(), seen_up_to=last)
        if fresh:
            _announce(search, fresh, last)
    return bool(fresh)


def _fresh(search: SavedSearch, engine: SearchEngine) -> list[Record]:
    """Return the public records that fit and are newer than those told, the newest first."""
    asked = replace(searching.asked(QueryDict(search.address)), sort=Sort.NEWEST)
    query = replace(asked.query(limit=policy.HITS_LOOKED_AT), facets=())
    ids = [hit.id for hit in engine.search(query).hits if hit.id > search.seen_up_to]
    return list(Record.objects.public().without_marc().filter(pk__in=ids).order_by("-pk"))


def _announce(search: SavedSearch, fresh: list[Record], last: int) -> None:
    titles = "\n".join(f"• {record.title}" for record in fresh[: policy.TITLES_TOLD])
    announce(
        NoticeKind.SAVED_SEARCH,
        to=search.patron,
        library=search.patron.library,
        values={
            "search": search.name,
            "found": len(fresh),
            "titles": titles,
            "link": f"{site_address()}{reverse('opac:search')}?{search.address}&sort=newest",
        },
        source=f"saved_search:{search.pk}:{last}",
    )


def _own(search: SavedSearch, by: Actor) -> SavedSearch:
    if by.patron_id is None or by.patron_id != search.patron_id:
        raise NotPermitted(search=search.pk)
    return SavedSearch.objects.select_for_update().get(pk=search.pk)

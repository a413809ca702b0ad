"""Lasting names (ARK) of objects, their pages and records: formed here, resolved by a face above.

The number under which the network gives names (NAAN) is a setting of the network's root. Until one
is asked for (it is free: https://arks.org) names stand under the number for tests.
"""

from __future__ import annotations

from django.core.cache import cache

from tangthu.formats import ark
from tangthu.formats.ark import Ark
from tangthu.libraries.reading import network

SETTING = "ark_naan"


KEPT_SECONDS = 60
_KEY = "ark-naan"


def naan() -> str:
    """Return the number under which this network gives names; read at most once a minute."""
    chosen: str | None = cache.get(_KEY)
    if chosen is None:
        chosen = _chosen()
        cache.set(_KEY, chosen, KEPT_SECONDS)
    return chosen


def forget() -> None:
    """Read the number anew when it is next asked for."""
    cache.delete(_KEY)


def _chosen() -> str:
    known = network()
    root = next((row for row in known.libraries.values() if row.parent_id is None), None)
    chosen = str(known.preference(root.chain, SETTING)) if root else ""
    return chosen if ark.is_naan(chosen) else ark.TEST_NAAN


def of_object(identifier: str, page: str = "") -> Ark:
    """Return the name of a digital object, or of one of its pages."""
    return Ark(naan(), identifier, page)


def of_record(number: int) -> Ark:
    """Return the name of a bibliographic record."""
    return Ark(naan(), ark.record_name(number))


def address_of(name: Ark, site: str) -> str:
    """Return the address under which the name is resolved; `site` has no slash at its end."""
    return f"{site}/{name}"

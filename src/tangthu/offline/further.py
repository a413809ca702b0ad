"""Further facts of the rules about readers, copies and loans, by the names the rules give them.

The one place to add to when the rules learn to ask something new: the facts go along with the
rows, and the browser passes them on by name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tangthu.circulation.models import Loan, SetAside

Further = Mapping[int, Mapping[str, object]]


def further_of_patrons(ids: Sequence[int]) -> Further:
    """Return what the rules ask of readers beside card, age and restrictions."""
    return {}


def further_of_items(ids: Sequence[int]) -> Further:
    """Return what the rules ask of copies beside type and state."""
    kept_back = SetAside.objects.filter(item__in=ids).values_list("item_id", flat=True)
    return {item: {"is_set_aside": True} for item in kept_back}


def further_of_loans(loans: Sequence[Loan]) -> Further:
    """Return what the rules ask of loans beside their dates."""
    return {}

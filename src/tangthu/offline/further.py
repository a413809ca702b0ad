"""Further facts of the rules about readers, copies and loans, by the names the rules give them.

The one place to add to when the rules learn to ask something new: the facts go along with the
rows, and the browser passes them on by name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from tangthu.catalogue.models import Item
from tangthu.circulation.models import Loan, SetAside
from tangthu.circulation.policy import RuleName
from tangthu.circulation.reading import books
from tangthu.fees.reading import debts_of
from tangthu.patrons.models import Patron

Further = Mapping[int, Mapping[str, object]]


def further_of_patrons(ids: Sequence[int]) -> Further:
    """Return the debts for which some rule asks: of the reader, the wards and the guardian."""
    asked = {row.name for rows in books().rows.values() for row in rows}
    found: defaultdict[int, dict[str, object]] = defaultdict(dict)
    if RuleName.MAX_DEBT in asked:
        for patron, debt in debts_of(ids).items():
            found[patron]["debt"] = debt.amount
    if RuleName.MAX_DEBT_OF_WARDS in asked:
        _add_wards(found, ids)
    if RuleName.MAX_DEBT_OF_GUARDIAN in asked:
        _add_guardians(found, ids)
    return found


def further_of_items(ids: Sequence[int]) -> Further:
    """Return whether a copy is kept back, its loose parts, and the age that its title asks for."""
    found: defaultdict[int, dict[str, object]] = defaultdict(dict)
    for item in SetAside.objects.filter(item__in=ids).values_list("item_id", flat=True):
        found[item]["is_set_aside"] = True
    with_parts = Item.objects.filter(pk__in=ids).exclude(materials="")
    for item, materials in with_parts.values_list("pk", "materials"):
        found[item]["materials"] = materials
    with_age = Item.objects.filter(pk__in=ids, record__minimum_age__isnull=False)
    for item, age in with_age.values_list("pk", "record__minimum_age"):
        found[item]["minimum_age"] = age
    return found


def further_of_loans(loans: Sequence[Loan]) -> Further:
    """Return how a loan is out of the ordinary."""
    odd = {
        loan.pk: {
            "on_site": loan.on_site,
            "claimed": loan.claimed_at is not None,
            "unseen_renewals": loan.unseen_renewals,
        }
        for loan in loans
    }
    return {pk: {name: each for name, each in facts.items() if each} for pk, facts in odd.items()}


def _add_wards(found: dict[int, dict[str, object]], ids: Sequence[int]) -> None:
    wards = dict(Patron.objects.filter(guardian__in=ids).values_list("pk", "guardian_id"))
    sums: defaultdict[int, int] = defaultdict(int)
    for ward, debt in debts_of(wards).items():
        guardian = wards[ward]
        if guardian is not None:
            sums[guardian] += max(debt.amount, 0)
    for patron, amount in sums.items():
        found[patron]["debt_of_wards"] = amount


def _add_guardians(found: dict[int, dict[str, object]], ids: Sequence[int]) -> None:
    children = Patron.objects.filter(pk__in=ids, guardian__isnull=False)
    guardians = dict(children.values_list("pk", "guardian_id"))
    debts = debts_of({pk for pk in guardians.values() if pk is not None})
    for child, guardian in guardians.items():
        if guardian in debts:
            found[child]["debt_of_guardian"] = debts[guardian].amount

"""Who gets a copy: the one order in which waiting readers are served.

The desk asks it when a copy comes back, the pull list when copies stand on the shelf, a
renewal when others wait. A hold's place in the queue is its rank, then its key; recalls come
before all others, and a library may put its own readers first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tangthu.circulation.policy.blocks import Block
from tangthu.circulation.policy.hold_names import (
    HoldPolicy,
    LocalFirst,
    PickupPolicy,
    RenewalWhileHeld,
    TransferPolicy,
)
from tangthu.circulation.policy.transports import NO_LIMITS, TransferLimit, TransferLimits


@dataclass(frozen=True, slots=True)
class Place:
    """A library in its tree, by the ids from itself up to the root."""

    chain: tuple[int, ...]

    @property
    def id(self) -> int:
        """The library itself."""
        return self.chain[0]

    def is_near(self, other: Place) -> bool:
        """Tell whether both stand in one branch: below the same library next to the root.

        The root itself is near to all of its tree.
        """
        if self.chain[-1] != other.chain[-1]:
            return False
        is_root = len(self.chain) == 1 or len(other.chain) == 1
        return is_root or self.chain[-2] == other.chain[-2]


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyTerms:
    """What the rules say of a copy's holds for one category of readers.

    `look_ahead` is how many days before a hold begins the copy is kept for it already.
    """

    holds: bool = True
    who: HoldPolicy = HoldPolicy.ANY
    pickup: PickupPolicy = PickupPolicy.ANY
    transfers: TransferPolicy = TransferPolicy.ANY
    local_first: LocalFirst = LocalFirst.NO
    look_ahead: int = 0


Terms = Callable[[str], CopyTerms]
"""Gives what the rules say for a category."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeCopy:
    """A copy that can go to a reader now. `owner` is its own library, `here` where it is."""

    item: int
    owner: Place
    here: Place
    terms: Terms
    item_type: str = ""
    limits: TransferLimits = NO_LIMITS

    def limit_to(self, pickup: Place) -> TransferLimit | None:
        """Find the limit on carrying it from where it is; `None` where the rules alone decide."""
        return self.limits.governing(self.here.chain, pickup.chain, item_type=self.item_type)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A hold in the queue of its title.

    `wanted` is the one copy that will do, where it is not any; `waived` are the blocks that
    the desk overrode when it was placed, which do not bind later either; `recalled` is the
    loan that was called back for it.
    """

    key: int
    rank: int
    patron: int
    category: str
    home: Place
    pickup: Place
    wanted: int | None = None
    starts_on: date | None = None
    expires_on: date | None = None
    is_suspended: bool = False
    recalled: int | None = None
    waived: frozenset[str] = frozenset()

    def is_due(self, today: date, *, look_ahead: int = 0) -> bool:
        """Tell whether the reader waits today: not suspended, not for later, not too late.

        What begins within the days to look ahead counts as begun.
        """
        begun = self.starts_on is None or (self.starts_on - today).days <= look_ahead
        ended = self.expires_on is not None and self.expires_on < today
        return begun and not ended and not self.is_suspended


def hindrances(copy: FreeCopy, *, home: Place, pickup: Place, category: str) -> Iterator[Block]:
    """Give what forbids this copy to a reader of that library who fetches it there."""
    terms = copy.terms(category)
    if not terms.holds:
        yield Block.HOLDS_NOT_ALLOWED
    if terms.who is HoldPolicy.OWN_LIBRARY and home.id != copy.owner.id:
        yield Block.HOLD_BY_OWN_READERS_ONLY
    if terms.who is HoldPolicy.BRANCH and not home.is_near(copy.owner):
        yield Block.HOLD_OUTSIDE_BRANCH
    if not _may_be_fetched(terms.pickup, copy, home=home, pickup=pickup):
        yield Block.PICKUP_NOT_ALLOWED
    if not _may_travel(copy, terms.transfers, pickup):
        yield Block.PICKUP_OUT_OF_REACH


def suits(copy: FreeCopy, hold: Waiting) -> bool:
    """Tell whether the copy may go to this hold, whenever its turn comes."""
    if hold.wanted not in (None, copy.item):
        return False
    against = hindrances(copy, home=hold.home, pickup=hold.pickup, category=hold.category)
    return all(block in hold.waived for block in against)


def is_ready(copy: FreeCopy, hold: Waiting, today: date) -> bool:
    """Tell whether the copy may go to this hold today."""
    look_ahead = copy.terms(hold.category).look_ahead
    return hold.is_due(today, look_ahead=look_ahead) and suits(copy, hold)


def choose(copy: FreeCopy, queue: Iterable[Waiting], *, today: date) -> Waiting | None:
    """Give the hold that gets the copy; `None` when nobody who waits may have it."""
    ready = (hold for hold in queue if is_ready(copy, hold, today))
    return min(ready, key=lambda hold: turn(copy, hold), default=None)


def turn(copy: FreeCopy, hold: Waiting) -> tuple[bool, bool, int, int]:
    """Give the place of a hold in the line for this copy: smaller is sooner."""
    return hold.recalled is None, not _is_local(copy, hold), hold.rank, hold.key


def pull(
    copies: Sequence[FreeCopy], queue: Sequence[Waiting], *, today: date
) -> Mapping[int, Waiting]:
    """Say which of a title's free copies to fetch for which hold, by the copy's key.

    Each copy would be chosen for that same hold if it came back now. No hold gets two copies.
    Among copies that are as good, the one at the reader's place of collection is taken, then
    one that belongs there, then one that nobody asked for by its number.
    """
    lines = {copy.item: _line(copy, queue, today) for copy in copies}
    named = {hold.wanted for line in lines.values() for hold in line if hold.wanted is not None}
    free, served, found = list(copies), set[int](), dict[int, Waiting]()
    while free:
        for line in lines.values():
            while line and line[-1].key in served:
                line.pop()
        offers = [(copy, lines[copy.item][-1]) for copy in free if lines[copy.item]]
        if not offers:
            break
        copy, hold = min(offers, key=lambda offer: _preference(offer[0], offer[1], named))
        found[copy.item] = hold
        free.remove(copy)
        served.add(hold.key)
    return found


def _line(copy: FreeCopy, queue: Iterable[Waiting], today: date) -> list[Waiting]:
    """Give those who may have the copy in the order of their turns, the first at the end."""
    ready = [hold for hold in queue if is_ready(copy, hold, today)]
    return sorted(ready, key=lambda hold: turn(copy, hold), reverse=True)


def others_fill(copies: Sequence[FreeCopy], waiting: Iterable[Waiting]) -> bool:
    """Tell whether these copies are enough for all these holds, one for each.

    A hold for one particular copy counts only on that copy.
    """
    served: dict[int, Waiting] = {}
    return all(_seat(hold, copies, served, set()) for hold in waiting)


def renewal_block(
    copy: FreeCopy,
    queue: Iterable[Waiting],
    others: Sequence[FreeCopy],
    *,
    mode: RenewalWhileHeld,
    today: date,
) -> Block | None:
    """Say why the copy's loan may not be renewed while these wait; `None` when it may.

    A reader who asked for this very copy is always served first. `others` are the free
    copies of the title, which are enough or not for all whom this copy could serve.
    """
    waiting = [hold for hold in queue if is_ready(copy, hold, today)]
    if any(hold.wanted == copy.item for hold in waiting):
        return Block.OTHERS_WAIT
    if not waiting or (mode is RenewalWhileHeld.COPIES and others_fill(others, waiting)):
        return None
    return Block.OTHERS_WAIT


def is_wanted(
    copy: FreeCopy,
    queue: Iterable[Waiting],
    others: Sequence[FreeCopy],
    *,
    patron: int,
    today: date,
) -> bool:
    """Tell whether the copy at the desk should rather go to another who waits.

    So it should when it is another's turn, and the other free copies are not enough for all
    others whom this copy could serve.
    """
    waiting = list(queue)
    first = choose(copy, waiting, today=today)
    if first is None or first.patron == patron:
        return False
    rivals = [hold for hold in waiting if hold.patron != patron and is_ready(copy, hold, today)]
    return not others_fill(others, rivals)


def wanted_from(
    copy: FreeCopy, queue: Iterable[Waiting], *, patron: int, today: date, until: date
) -> date | None:
    """Give the first day up to `until` from which another will wait for the copy.

    `None` when nobody begins to wait in that time. Who waits already is not looked for here.
    """
    begin = (
        hold.starts_on
        for hold in queue
        if hold.starts_on is not None
        and today < hold.starts_on <= until
        and hold.patron != patron
        and not is_ready(copy, hold, today)
        and is_ready(copy, hold, hold.starts_on)
    )
    return min(begin, default=None)


def _seat(
    hold: Waiting, copies: Sequence[FreeCopy], served: dict[int, Waiting], tried: set[int]
) -> bool:
    # Augmenting paths (Kuhn): a copy already promised is freed if its hold finds another.
    for copy in copies:
        if copy.item in tried or not suits(copy, hold):
            continue
        tried.add(copy.item)
        before = served.get(copy.item)
        if before is None or _seat(before, copies, served, tried):
            served[copy.item] = hold
            return True
    return False


def _preference(copy: FreeCopy, hold: Waiting, named: set[int]) -> tuple[object, ...]:
    return (
        *turn(copy, hold),
        copy.here.id != hold.pickup.id,
        copy.owner.id != hold.pickup.id,
        copy.item in named and hold.wanted is None,
        copy.item,
    )


def _is_local(copy: FreeCopy, hold: Waiting) -> bool:
    match copy.terms(hold.category).local_first:
        case LocalFirst.NO:
            return False
        case LocalFirst.PICKUP:
            return hold.pickup.id == copy.owner.id
        case LocalFirst.PATRON:
            return hold.home.id == copy.owner.id


def _may_be_fetched(policy: PickupPolicy, copy: FreeCopy, *, home: Place, pickup: Place) -> bool:
    match policy:
        case PickupPolicy.ANY:
            return True
        case PickupPolicy.ITEM_LIBRARY:
            return pickup.id == copy.owner.id
        case PickupPolicy.PATRON_LIBRARY:
            return pickup.id == home.id
        case PickupPolicy.BRANCH:
            return pickup.is_near(copy.owner)


def _may_travel(copy: FreeCopy, policy: TransferPolicy, pickup: Place) -> bool:
    """Tell whether the copy is carried there: by a limit for the way, else by the rules."""
    limit = copy.limit_to(pickup)
    if limit is not None:
        return limit.allowed
    match policy:
        case TransferPolicy.ANY:
            return True
        case TransferPolicy.BRANCH:
            return copy.here.is_near(pickup)
        case TransferPolicy.NONE:
            return copy.here.id == pickup.id

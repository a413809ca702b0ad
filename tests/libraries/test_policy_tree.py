from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tangthu.libraries.policy import (
    PARENT_KINDS,
    ROOT_KINDS,
    LibraryKind,
    LibraryNode,
    TreeBroken,
    TreeFault,
    lineage,
    living_successor,
    placement_faults,
)

TODAY = date(2026, 11, 22)
MERGER = date(2025, 6, 30)

PROVINCE = LibraryNode(key="DLK", kind=LibraryKind.PROVINCE)
DISTRICT = LibraryNode(key="KRP", kind=LibraryKind.DISTRICT, parent="DLK")
WARD = LibraryNode(key="BMT", kind=LibraryKind.WARD, parent="DLK")


def tree(*nodes):
    return {node.key: node for node in nodes}


def dissolved(code, *, successor=None, kind=LibraryKind.WARD, parent="DLK"):
    return LibraryNode(key=code, kind=kind, parent=parent, valid_to=MERGER, successor=successor)


@given(st.sampled_from(LibraryKind), st.sampled_from(LibraryKind))
def test_a_library_stands_only_under_the_kinds_that_may_carry_it(kind, above):
    parent = LibraryNode(key="A", kind=above)
    child = LibraryNode(key="B", kind=kind, parent="A")

    faults = placement_faults(child, tree(parent), on=TODAY)

    assert (faults == ()) is (above in PARENT_KINDS[kind])


@pytest.mark.parametrize("kind", LibraryKind)
def test_a_commune_may_stand_alone_but_a_bus_may_not(kind):
    faults = placement_faults(LibraryNode(key="A", kind=kind), {}, on=TODAY)

    assert faults == (() if kind in ROOT_KINDS else (TreeFault.PARENT_KIND,))


def test_the_parent_must_be_there():
    assert placement_faults(WARD, {}, on=TODAY) == (TreeFault.PARENT_UNKNOWN,)


def test_a_living_library_does_not_hang_under_a_dissolved_one():
    old = dissolved("KRP", kind=LibraryKind.DISTRICT)
    ward = LibraryNode(key="EAK", kind=LibraryKind.WARD, parent="KRP")

    assert placement_faults(ward, tree(PROVINCE, old), on=TODAY) == (TreeFault.PARENT_DISSOLVED,)


def test_a_library_never_stands_under_itself():
    above = LibraryNode(key="A", kind=LibraryKind.DISTRICT, parent="B")
    below = LibraryNode(key="B", kind=LibraryKind.PROVINCE, parent="A")

    faults = placement_faults(below, tree(above, below), on=TODAY)

    assert TreeFault.PARENT_CYCLE in faults


def test_the_lineage_climbs_from_the_library_to_the_root():
    ward = LibraryNode(key="EAK", kind=LibraryKind.WARD, parent="KRP")

    assert lineage("EAK", tree(PROVINCE, DISTRICT, ward)) == ("EAK", "KRP", "DLK")


def test_a_lineage_that_runs_in_a_circle_is_refused():
    circle = tree(
        LibraryNode(key="A", kind=LibraryKind.WARD, parent="B"),
        LibraryNode(key="B", kind=LibraryKind.WARD, parent="A"),
    )

    with pytest.raises(TreeBroken):
        lineage("A", circle)
    with pytest.raises(TreeBroken):
        lineage("nowhere", circle)


def test_a_library_lives_on_its_first_and_on_its_last_day():
    ward = LibraryNode(key="A", kind=LibraryKind.WARD, valid_from=date(2025, 7, 1), valid_to=TODAY)

    assert not ward.is_living(on=date(2025, 6, 30))
    assert ward.is_living(on=date(2025, 7, 1))
    assert ward.is_living(on=TODAY)
    assert not ward.is_living(on=date(2026, 11, 23))


def test_a_library_does_not_end_before_it_begins():
    ward = LibraryNode(
        key="BMT", kind=LibraryKind.WARD, parent="DLK", valid_from=TODAY, valid_to=MERGER
    )

    assert placement_faults(ward, tree(PROVINCE), on=TODAY) == (TreeFault.ENDS_BEFORE_IT_BEGINS,)


def test_a_successor_needs_the_day_of_the_end():
    ward = LibraryNode(key="EAK", kind=LibraryKind.WARD, parent="DLK", successor="BMT")

    faults = placement_faults(ward, tree(PROVINCE, WARD), on=TODAY)

    assert faults == (TreeFault.SUCCESSOR_WITHOUT_END,)


@pytest.mark.parametrize(
    ("successors", "fault"),
    [
        ([], TreeFault.SUCCESSOR_UNKNOWN),
        ([dissolved("NEW")], TreeFault.SUCCESSOR_DISSOLVED),
        ([dissolved("NEW", successor="OLD")], TreeFault.SUCCESSOR_CYCLE),
        ([dissolved("NEW", successor="NEW")], TreeFault.SUCCESSOR_CYCLE),
    ],
)
def test_a_chain_of_successors_ends_in_a_living_library(successors, fault):
    old = dissolved("OLD", successor="NEW")

    assert placement_faults(old, tree(PROVINCE, *successors), on=TODAY) == (fault,)


def test_a_dissolved_library_is_followed_to_the_one_that_lives():
    libraries = tree(
        PROVINCE, WARD, dissolved("OLD", successor="MID"), dissolved("MID", successor="BMT")
    )

    assert placement_faults(libraries["OLD"], libraries, on=TODAY) == ()
    assert living_successor("OLD", libraries, on=TODAY) == "BMT"
    assert living_successor("OLD", libraries, on=MERGER) == "OLD"
    assert living_successor("BMT", libraries, on=TODAY) == "BMT"


def test_a_library_that_ended_without_a_successor_has_none():
    assert living_successor("OLD", tree(dissolved("OLD")), on=TODAY) is None


def test_a_library_is_not_dissolved_over_the_heads_of_its_branches():
    district = dissolved("KRP", kind=LibraryKind.DISTRICT, successor="DLK")
    ward = LibraryNode(key="EAK", kind=LibraryKind.WARD, parent="KRP")

    with_branch = placement_faults(district, tree(PROVINCE, DISTRICT, ward), on=TODAY)
    without = placement_faults(district, tree(PROVINCE, DISTRICT), on=TODAY)

    assert with_branch == (TreeFault.LIVING_BRANCHES,)
    assert without == ()


def test_every_fault_is_reported_at_once():
    bus = LibraryNode(
        key="BUS",
        kind=LibraryKind.MOBILE,
        valid_from=TODAY,
        valid_to=MERGER,
        successor="nowhere",
    )

    assert placement_faults(bus, {}, on=TODAY) == (
        TreeFault.PARENT_KIND,
        TreeFault.ENDS_BEFORE_IT_BEGINS,
        TreeFault.SUCCESSOR_UNKNOWN,
    )

from tangthu.libraries.errors import LibraryRefused
from tangthu.libraries.policy import PreferenceFault, TreeFault
from tangthu.libraries.wording import FAULTS, fault_sentence


def test_every_fault_has_its_sentence():
    assert {*TreeFault, *PreferenceFault} <= set(FAULTS)


def test_a_fault_is_said_at_its_field():
    error = LibraryRefused("successor", fault="successor_dissolved")

    assert fault_sentence(error) == str(FAULTS["successor_dissolved"])

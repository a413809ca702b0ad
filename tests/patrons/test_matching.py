import pytest

from tangthu.patrons.models import Patron
from tangthu.patrons.policy import search_words
from tests.factories import PatronFactory


@pytest.fixture
def people(province):
    def make(name, **values):
        return PatronFactory(library=province, name=name, folded_name=search_words(name), **values)

    return {
        "an": make("Nguyễn Văn An", card="DLK000012", phone="+84905123456"),
        "anh": make("Lê Thị Hồng Ánh", card="DLK000120"),
        "blul": make("Y Ƀlŭl Niê Blô", card="DLK000300"),
        "hen": make("H’Hen Niê", card="DLK000301", phone="+84905123456"),
        "ly": make("Lý Kỳ", card="DLK000302"),
    }


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("DLK000012", "an"),
        ("dlk 000 012", "an"),
        ("0905 123 456", "an hen"),
        ("+84905123456", "an hen"),
        ("Nguyễn Văn An", "an"),
        ("nguyen van an", "an"),
        ("an nguyen", "an"),
        ("an", "an anh"),
        ("anh", "anh"),
        ("ng v a", "an"),
        ("nie", "blul hen"),
        ("y blul", "blul"),
        ("hen", "hen"),
        ("h'hen", "hen"),
        ("H’ Hen", "hen"),
        ("ly ky", "ly"),
        ("li ki", "ly"),
        ("guyen", ""),
        ("%", ""),
        ("_", ""),
        ("", ""),
        ("000012", ""),
        ("a%", "an anh"),
        ("x" * 10_000, ""),
        ("an " * 3_000, "an anh"),
        ("\x00", ""),
    ],
)
def test_a_text_names_readers(people, text, found):
    matching = set(Patron.objects.matching(text))

    assert matching == {people[who] for who in found.split()}


def test_a_search_stays_within_what_is_visible(people, neighbour, desk):
    assert not Patron.objects.visible_to(neighbour).matching("nguyen")
    assert not Patron.objects.visible_to(neighbour).matching("DLK000012")
    assert Patron.objects.visible_to(desk).matching("DLK000012").get() == people["an"]


def test_a_list_of_names_sorts_by_the_name_one_is_called(people):
    names = [patron.name for patron in Patron.objects.for_list()]

    assert names == [
        "Nguyễn Văn An",
        "Lê Thị Hồng Ánh",
        "Y Ƀlŭl Niê Blô",
        "H’Hen Niê",
        "Lý Kỳ",
    ]

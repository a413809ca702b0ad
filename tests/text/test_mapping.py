from __future__ import annotations

import pytest

from tangthu.text.legacy import MappingRefused, read_mapping

TABLE = """
# The font of the 2003 primer
0xA8 = ƀ
» = Ƀ        # seen in headings
e* = ê̆
e = e
"""


def test_a_library_reads_its_own_font() -> None:
    mapping = read_mapping(TABLE)

    assert mapping.reread("»uôn, ¨lŭl, e*p") == "Ƀuôn, ƀlŭl, ê̆p"


def test_an_empty_table_changes_nothing() -> None:
    assert read_mapping("# nothing yet\n").reread("Ƀuôn") == "Ƀuôn"


@pytest.mark.parametrize("line", ["ƀ", "= ƀ", "a = ", "abcde = ƀ", "a b = c"])
def test_a_wrong_line_is_refused_with_its_number(line: str) -> None:
    with pytest.raises(MappingRefused, match="line 2") as refused:
        read_mapping(f"# table\n{line}\n")

    assert refused.value.line == 2

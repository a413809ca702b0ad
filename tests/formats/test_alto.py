from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tangthu.formats import alto
from tangthu.formats.alto import Block, Layout, Line, Word

TESSERACT = """<?xml version="1.0" encoding="UTF-8"?>
<alto xmlns="http://www.loc.gov/standards/alto/ns-v3#">
 <Description><MeasurementUnit>pixel</MeasurementUnit></Description>
 <Layout><Page WIDTH="1240" HEIGHT="500" PHYSICAL_IMG_NR="0" ID="page_0">
  <PrintSpace HPOS="0" VPOS="0" WIDTH="1240" HEIGHT="500">
   <ComposedBlock ID="c" HPOS="61" VPOS="68" WIDTH="727" HEIGHT="42">
    <TextBlock ID="b" HPOS="61" VPOS="68" WIDTH="727" HEIGHT="42">
     <TextLine ID="l" HPOS="61" VPOS="68" WIDTH="727" HEIGHT="42">
      <String ID="s0" HPOS="61" VPOS="68" WIDTH="68" HEIGHT="33" WC="0.95" CONTENT="Đắk"/>
      <SP WIDTH="14" VPOS="68" HPOS="129"/>
      <String ID="s1" HPOS="143" VPOS="68" WIDTH="57" HEIGHT="33" WC="0.96" CONTENT="Lắk"/>
     </TextLine>
    </TextBlock>
   </ComposedBlock>
  </PrintSpace>
 </Page></Layout>
</alto>"""

LETTERS = st.characters(codec="utf-8", categories=("L", "N", "P", "S"))
TEXTS = st.text(LETTERS, min_size=1, max_size=8).map(
    lambda text: unicodedata.normalize("NFC", text)
)
SIDE = st.integers(0, 20_000)
WORDS = st.builds(
    Word,
    TEXTS,
    st.tuples(SIDE, SIDE, SIDE, SIDE),
    confidence=st.none() | st.integers(0, 100).map(lambda percent: percent / 100),
    corrected=st.booleans(),
) | st.builds(
    Word,
    TEXTS,
    st.tuples(SIDE, SIDE, SIDE, SIDE),
    repaired=st.just(True),
    original=TEXTS,
)
LINES = st.lists(WORDS, min_size=1, max_size=5).map(lambda words: Line(tuple(words)))
BLOCKS = st.lists(LINES, min_size=1, max_size=3).map(lambda lines: Block(tuple(lines)))
LAYOUTS = st.builds(
    Layout,
    st.integers(40_000, 100_000),
    st.integers(40_000, 100_000),
    st.lists(BLOCKS, max_size=3).map(tuple),
)


def test_what_tesseract_writes_is_read() -> None:
    layout = alto.read(TESSERACT.encode())

    words = (
        Word("Đắk", (61, 68, 68, 33), confidence=0.95),
        Word("Lắk", (143, 68, 57, 33), confidence=0.96),
    )
    assert layout == Layout(1240, 500, (Block((Line(words),)),))
    assert alto.plain(layout) == "Đắk Lắk"


@pytest.mark.parametrize("version", ["2", "4"])
def test_other_versions_are_read_alike(version: str) -> None:
    other = TESSERACT.replace("ns-v3#", f"ns-v{version}#").replace('"61"', '"61.4"')

    assert alto.read(other.encode()) == alto.read(TESSERACT.encode())


@given(LAYOUTS)
def test_what_is_written_is_read_back(layout: Layout) -> None:
    assert alto.read(alto.write(layout)) == layout


@given(LAYOUTS)
def test_what_is_packed_is_unpacked(layout: Layout) -> None:
    assert alto.unpack(alto.pack(layout)) == layout


def test_a_repaired_word_keeps_what_was_read() -> None:
    word = Word("Ƀuôn", (1, 2, 3, 4), 0.9, repaired=True, original="Buôn")
    layout = Layout(100, 100, (Block((Line((word,)),)),))

    written = alto.write(layout).decode()

    assert '<OtherTag ID="repaired" LABEL="repaired"/>' in written
    assert 'TAGREFS="repaired" CONTENT="Ƀuôn"' in written
    assert '<ALTERNATIVE PURPOSE="repaired">Buôn</ALTERNATIVE>' in written


def test_hyphens_stand_at_the_end_of_their_word() -> None:
    other = TESSERACT.replace("</TextLine>", '<HYP CONTENT="-"/></TextLine>')

    assert alto.plain(alto.read(other.encode())) == "Đắk Lắk-"


def test_text_is_composed_and_without_control_characters() -> None:
    other = TESSERACT.replace("Lắk", "La\u0306\u0301k\u200b&#10;")

    assert alto.plain(alto.read(other.encode())) == "Đắk Lắk"


def test_damaged_numbers_cost_no_word() -> None:
    other = (
        TESSERACT.replace('"61"', '"nan"').replace('"0.95"', '"much"').replace('"57"', '"-9e99"')
    )

    first, second = alto.read(other.encode()).words()

    assert first == Word("Đắk", (0, 68, 68, 33))
    assert second.box == (143, 68, 0, 33)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no xml",
        TESSERACT.encode()[:600],
        b"<html/>",
        b"<alto><Layout/></alto>",
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y">]><alto><Layout><Page/></Layout></alto>',
        b"<alto>" + b"<a>" * 50 + b"</a>" * 50 + b"</alto>",
        b'<?xml version="1.0" encoding="x-none"?><alto/>',
    ],
    ids=["empty", "text", "cut", "html", "no-page", "entities", "deep", "encoding"],
)
def test_what_is_no_alto_is_refused(data: bytes) -> None:
    with pytest.raises(alto.NotAlto):
        alto.read(data)


def test_more_words_than_a_page_can_have_are_refused() -> None:
    many = '<String CONTENT="a"/>' * 100_001

    with pytest.raises(alto.NotAlto):
        alto.read(f"<alto><Page>{many}</Page></alto>".encode())


@pytest.mark.parametrize("packed", [b"", b"\x02abc"])
def test_what_was_not_packed_is_not_unpacked(packed: bytes) -> None:
    with pytest.raises(ValueError, match="not a packed layout"):
        alto.unpack(packed)

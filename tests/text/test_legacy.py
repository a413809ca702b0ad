from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tangthu.text.legacy import Encoding, decode, detect, encode, repair, reread
from tests.text.strings import any_text

SENTENCES = [
    "Thư viện tỉnh Đắk Lắk phục vụ bạn đọc",
    "cộng hoà xã hội chủ nghĩa Việt Nam",
    "Những nguyên tắc cần tuân thủ khi mượn sách",
    "Truyện Kiều của Nguyễn Du",
    "nghiên cứu kỹ thuật trồng cà phê ở Tây Nguyên",
    "Đất rừng phương Nam: tiểu thuyết",
]
EIGHT_BIT = [Encoding.TCVN3, Encoding.VNI, Encoding.VISCII, Encoding.CP1258]
ROUND_TRIPS = [*EIGHT_BIT, Encoding.VIQR, Encoding.UTF8]
VOWELS = "aăâeêioôơuưy"
TONES = "\u0300\u0309\u0303\u0301\u0323"
SMALL = [
    unicodedata.normalize("NFC", vowel + tone) for vowel in VOWELS for tone in ("", *TONES)
] + ["đ"]
small_text = st.text(alphabet=[*SMALL, *"bcghklmnpqrstvx ,:0123456789"], max_size=30)
whole_text = st.text(
    alphabet=[*SMALL, *map(str.upper, SMALL), *"bcdBCDghkKlmnpqrstvx ().'`?~^+*\\"], max_size=30
)


@pytest.mark.parametrize(
    ("misread", "meant", "encoding"),
    [
        ("§¾k L¾k", "Đắk Lắk", Encoding.TCVN3),
        ("Th\u00ad viÖn tØnh", "Thư viện tỉnh", Encoding.TCVN3),
        ("Th\u2212 viÖn tØnh", "Thư viện tỉnh", Encoding.TCVN3),
        ("céng hoµ x· héi", "cộng hoà xã hội", Encoding.TCVN3),
        (
            "Bé v¨n ho¸, thÓ thao vµ du lÞch",
            "Bộ văn hoá, thể thao và du lịch",
            Encoding.TCVN3,
        ),
        ("Nh÷ng nguyªn t¾c cÇn tu©n thñ…", "Những nguyên tắc cần tuân thủ…", Encoding.TCVN3),
        ("Hµ Néi", "Hà Nội", Encoding.TCVN3),
        ("Ñoäc laäp - Töï do - Haïnh phuùc", "Độc lập - Tự do - Hạnh phúc", Encoding.VNI),
        ("ÑAÏI HOÏC COÂNG NGHIEÄP", "ĐẠI HỌC CÔNG NGHIỆP", Encoding.VNI),
        ("Thö vieän tænh Ñaêk Laêk", "Thư viện tỉnh Đăk Lăk", Encoding.VNI),
        ("Nguyeãn Vaên Thöôøng", "Nguyễn Văn Thường", Encoding.VNI),
        ("Design of Machinery (saùch goác)", "Design of Machinery (sách gốc)", Encoding.VNI),
        ("Dda('k La('k", "Đắk Lắk", Encoding.VIQR),
        ("tho+", "thơ", Encoding.VIQR),
        ("Thu+ vie^.n ti?nh", "Thư viện tỉnh", Encoding.VIQR),
        ("Thß vi®n tïnh", "Thư viện tỉnh", Encoding.VISCII),
        ("Thý viêòn tiÒnh", "Thư viện tỉnh", Encoding.CP1258),
        ("ThÆ° viá»‡n tá»‰nh", "Thư viện tỉnh", Encoding.UTF8),
        ("ThÆ° viá»\x87n", "Thư viện", Encoding.UTF8),
        ("cafÃ©", "café", Encoding.UTF8),
        ("Bßnh gout", "Bệnh gout", Encoding.MARC8_LOW_BYTE),
        ("Các vÆn Đℓ vℓ vai", "Các vấn Đề về vai", Encoding.MARC8_LOW_BYTE),
    ],
)
def test_misread_vietnamese_is_read_again(misread: str, meant: str, encoding: Encoding) -> None:
    repaired = repair(misread)

    assert repaired is not None
    assert (repaired.text, repaired.encoding) == (meant, encoding)
    assert 0 < repaired.confidence <= 1


@pytest.mark.parametrize(
    "text",
    [
        "", "café", "señor", "naïve", "Ærø", "Le thé", "Le thé à la menthe", "Thaï", "Les Taï",
        "Noël", "Moïse", "Hanoï", "Dalaï-lama", "Où est-il né ?", "Éléments d'économie politique",
        "L'Être et le néant", "À la recherche du temps perdu", "Œuvres complètes", "L’été, déjà",
        "Ça va où là-bas", "Les Misérables / Victor Hugo", "Brontë, Charlotte", "El Niño",
        "Øster Sø", "São Paulo", "Cien años de soledad", "Sí, a mí", "mañana", "¿Qué es?",
        "Größe und Maß", "Müller",
        "på vej når", "Łódź", "Dvořák", "résumé", "coöperation", "30° ± 2°", "© 2020 Nhà", "½ m²",
        "m² (½ m²)", "nº 1ª", "5 − 3 = 2", "The cat's whiskers", "C++ (a+b)", "What? No.",
        "f(a(b)) = a^2",
        "Windows® và Office™", "naïveté", "Việt Nam", "Hai cô bé", "Hà", "bé là con", "Tô Hoài",
        "Cà phê Trung Nguyên", "Tôi và chúng ta", "Đắk Lắk", "Y Ƀlŭl Niê Blô", "H’Hen Niê", "Ê Đê",
        "Klei khan Dam San", "Êđê ê̆p", "Exupéry: Hoàng tử bé", "Война и мир", "漢字", "“Sử thi”",
        "http://example.org/a+b?c=d", "ISBN 978-604-1", "add (o+p)", "Ivan Ðurić", "Guðrún",
        "André Malraux và tiểu thuyết", "Chí Phèo – Nam Cao", "Sông Đà; Ký", "Lý Bạch",
    ],
)  # fmt: skip
def test_valid_text_of_any_language_is_left_alone(text: str) -> None:
    assert repair(text) is None
    assert repair(unicodedata.normalize("NFD", text)) is None
    assert detect(text) is None


def test_capitals_made_by_the_font_are_restored_and_flagged() -> None:
    mixed = repair("TH¦ VIÖN TØNH §¾K L¾K")
    small = repair("th\u00ad viÖn tØnh ®¾k l¾k")
    usual = repair("Th\u00ad viÖn tØnh §¾k L¾k")

    assert mixed is not None
    assert (mixed.text, mixed.check_capitals) == ("THƯ VIỆN TỈNH ĐẮK LẮK", True)
    assert small is not None
    assert (small.text, small.check_capitals) == ("thư viện tỉnh đắk lắk", True)
    assert usual is not None
    assert not usual.check_capitals


@pytest.mark.parametrize("encoding", EIGHT_BIT)
@pytest.mark.parametrize("sentence", SENTENCES)
def test_every_encoding_is_told_from_the_others(encoding: Encoding, sentence: str) -> None:
    data = encode(sentence, encoding)

    assert detect(data) is encoding
    for misread in (data.decode("latin-1"), data.decode("cp1252", "surrogateescape")):
        if misread.isprintable() or misread == data.decode("latin-1"):
            repaired = repair(misread)
            assert repaired is not None
            assert repaired.text == sentence


def test_bytes_of_utf8_are_known_as_such() -> None:
    assert detect("Thư viện".encode()) is Encoding.UTF8
    assert detect(b"Library") is None


@given(small_text)
def test_tcvn3_gives_back_every_small_letter(text: str) -> None:
    assert decode(encode(text, Encoding.TCVN3), Encoding.TCVN3) == text


@pytest.mark.parametrize(
    "encoding", [Encoding.VISCII, Encoding.CP1258, Encoding.VIQR, Encoding.UTF8]
)
@given(text=whole_text)
@example(text="DĐ")
def test_a_whole_encoding_gives_back_every_letter(encoding: Encoding, text: str) -> None:
    assert decode(encode(text, encoding), encoding) == text


@pytest.mark.parametrize("sentence", SENTENCES + [s.upper() for s in SENTENCES])
def test_vni_gives_back_words(sentence: str) -> None:
    assert decode(encode(sentence, Encoding.VNI), Encoding.VNI) == sentence


@pytest.mark.parametrize(
    ("text", "encoding"),
    [("Ề", Encoding.TCVN3), ("ƀ", Encoding.VISCII), ("ŏ", Encoding.VNI), ("ê̆", Encoding.CP1258)],
)
def test_a_letter_without_a_place_is_refused(text: str, encoding: Encoding) -> None:
    with pytest.raises(UnicodeEncodeError):
        encode(text, encoding)


@pytest.mark.parametrize("encoding", list(Encoding))
@given(data=st.binary(max_size=60))
def test_no_bytes_are_too_strange_to_read(encoding: Encoding, data: bytes) -> None:
    decode(data, encoding)
    detect(data)
    reread(data.decode("latin-1"), encoding)


@given(any_text)
def test_what_is_repaired_needs_no_second_repair(text: str) -> None:
    repaired = repair(text)

    assert repaired is None or repair(repaired.text) is None


@given(st.lists(st.sampled_from(SENTENCES), max_size=4))
def test_unicode_vietnamese_is_never_touched(words: list[str]) -> None:
    assert repair(" ".join(words)) is None

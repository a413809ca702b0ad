"""Records of the tests: a few real ones by hand, and strategies that invent them."""

from __future__ import annotations

from hypothesis import strategies as st

from tangthu.formats.marc.record import (
    DEFAULT_LEADER,
    ControlField,
    DataField,
    MarcRecord,
    Subfield,
    normal_leader,
)


def data(tag: str, indicators: str, *pairs: str) -> DataField:
    """`data("245", "10", "a Truyện Kiều /", "c Nguyễn Du")`."""
    subfields = tuple(Subfield(pair[0], pair[2:]) for pair in pairs)
    return DataField(tag, indicators[0], indicators[1], subfields)


def record(*fields: ControlField | DataField, leader: str = DEFAULT_LEADER) -> MarcRecord:
    return MarcRecord(leader, fields)


KIEU = record(
    ControlField("001", "vtls000012345"),
    ControlField("003", "VN-HaTVQ"),
    ControlField("005", "20040526101500.0"),
    ControlField("008", "040526s2003    vm a          000 1 vie d"),
    data("020", "  ", "a 9786049999994 :", "c 45.000đ"),
    data("041", "0 ", "a vie"),
    data("082", "14", "a 895.92212", "b TR527K", "2 14"),
    data("100", "0 ", "a Nguyễn Du"),
    data("245", "10", "a Truyện Kiều :", "b Đoạn trường tân thanh /", "c Nguyễn Du ; Đào Duy Anh"),
    data("250", "  ", "a Tái bản lần 2"),
    data("260", "  ", "a H. :", "b Văn học,", "c 2003"),
    data("300", "  ", "a 245 tr. :", "b minh hoạ ;", "c 21 cm"),
    data("490", "0 ", "a Văn học cổ điển ;", "v T. 5"),
    data("500", "  ", "a Chính văn bằng chữ Nôm và quốc ngữ"),
    data("520", "  ", "a Cuộc đời mười lăm năm lưu lạc của Thuý Kiều"),
    data("650", " 7", "a Văn học cận đại", "z Việt Nam", "2 Bộ TK TVQG"),
    data("653", "  ", "a Truyện thơ", "a Thơ lục bát"),
    data("700", "0 ", "a Đào Duy Anh", "e khảo đính"),
    data("852", "  ", "b Kho Đọc", "c D2", "j VV03.01234", "j VV03.01235"),
    data("911", "  ", "a Ngân"),
)

# Any character that ISO 2709 leaves free: not the three that structure it, not surrogates.
TEXT = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\x1d\x1e\x1f"), max_size=20
)
# What XML 1.0 allows, without the carriage return that a parser may turn into a line feed.
XML_TEXT = st.text(
    st.characters(
        exclude_categories=["Cs"],
        exclude_characters="".join(map(chr, [*range(9), 0xB, 0xC, *range(0xE, 0x20)]))
        + "\ufffe\uffff",
    ),
    max_size=20,
)
VIETNAMESE = st.text("aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạếềộớợ 'ƀčñŏ,.-:;/0123456789", max_size=30)


def leaders() -> st.SearchStrategy[str]:
    """Any leader in its normal form."""
    letters = st.text("abcdefgnmoprst #|", min_size=24, max_size=24)
    return letters.map(normal_leader)


def records(text: st.SearchStrategy[str] = TEXT, **limits: int) -> st.SearchStrategy[MarcRecord]:
    """Any record that can be written: control fields under 00X, data fields under the rest."""
    one = st.text("abcdefghijklmnopqrstuvwxyz0123456789 ", min_size=1, max_size=1)
    control = st.builds(ControlField, st.sampled_from(["001", "003", "005", "008"]), text)
    tags = st.from_regex(r"(?!00)[0-9]{3}", fullmatch=True)
    pairs = st.lists(st.builds(Subfield, one, text), max_size=limits.get("subfields", 3))
    fields = st.one_of(control, st.builds(DataField, tags, one, one, pairs.map(tuple)))
    many = st.lists(fields, min_size=1, max_size=limits.get("fields", 6)).map(tuple)
    return st.builds(MarcRecord, leaders(), many)

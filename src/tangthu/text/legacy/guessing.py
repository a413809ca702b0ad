"""Telling a field of legacy Vietnamese from valid text of any language.

A field is read again in each encoding and judged by its words: those with marks
must be Vietnamese syllables whose tone can stand on their rhyme, and the more of
them are everyday words the surer the guess. French and English fail at once.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from tangthu.text.legacy.codecs import Encoding, reread
from tangthu.text.names import SURNAMES
from tangthu.text.normal import compose
from tangthu.text.syllables import looks_vietnamese, syllable

_EVERYDAY = """
ảnh án ấn anh áo ấy bà bác bài bạn bản bán bằng bảng bánh bao báo bảo bắt bắc bất bày bé bên bền
bến bệnh biển biên biến biết biểu bình bộ bò bỏ bóng bốn bởi bước bức bút buôn các cách cải cảm
cảnh cần căn cấp cấu cây chất chăm chế chết chỉ chí chị chia chiến chiếc chính chỉnh cho chợ
chọn chống chồng chủ chú chúng chuyện chuyên chuyển chương chứng chữ chữa cháu châu chấp cháy có
cô cổ cố còn con công cộng cơ cờ cũ của củ cụ cùng cũng cuộc cuối cuốn cứu cửa cử cực dã dân dẫn
dạy dài dạng dấu dầu dễ diễn diện dịch dinh dòng dùng dụng dưới dưỡng dữ dự dựng đã đá đại đài
đàm đảm đạo đào đàn đánh đáp đạt đặc đặt đầu đấu đất đâu đây đẩy đắk đăk đẹp đề để đêm đến đều đi
địa điểm điện điều đình định đó đọc đoàn độc đội đối đổi động đồng đông đời đơn được đường đức
đứng đưa em gái gần gì gia giá giả giải giai giảng giáo giác giao giấy giết giỏi giống giới giữa
giữ giờ gốc gỗ gửi hà hạ hai hàng hành hát hạt hãy hằng hận hậu hệ hết hiện hiểu hiệu hình hỏi
họ học hóa hoá hoà hòa hoàn hoàng hoạt hội hồ hổ hồn hồng hợp hơn hùng huyện hưng hướng hưởng
hương hữu ít kế kể kết kém khác khái khám khảo khẩu khéo khí khó khoa khoá khóa khoản khoảng
không khởi khu khúc khứ kích kiếm kiểm kiến kiện kiểu kỳ kỹ kĩ ký kịch kinh kính lá là lại làm
làng lãnh lần lập lắk lâm lăk lấy lệ lên lí lý lịch liên liễu liệu lĩnh loài loại lỗi lối lòng
lợi lời lớn lớp lưu luận luật lục lúc lực lượng lửa mà má mạch mại mang mạng mạnh mất mắt mặt mẫu
mây máy mẹ mềm miền miệng mình mở mọi môi mỗi môn mới một mùa muốn mục mức mưa mười mỹ mĩ nam năm
năng nào này nắng nặng nền nên nếu nét ngà ngành ngày ngân ngắn ngăn ngập ngọc ngoài ngoại ngôn
ngồi ngữ người nguồn nguyên nguyễn nguyện nghệ nghề nghĩ nghĩa nghị nghiệm nghiên nghiệp nghìn
nhà nhạc nhảy nhân nhận nhất nhật nhập nhị nhiệm nhiên nhiệt nhiều nhìn nhỏ nhóm nhớ như những
niệm niên niềm nó nói nổi nối nội nông nơi nợ nước nữ nữa núi nuôi ở ông pháp phải phái phạm phản
phân phận phần phẩm phát phép phê phí phía phong phòng phổ phố phối phụ phú phục phủ phương
phường phước quá quả quan quản quân quần quận quang quảng quê quý quyền quyển quyết quốc ra rằng
rất rõ rộng rồi rừng rượu sách sản sáng sánh sáo sát sắc sắt sẽ sĩ sinh sĩ số sông sống sơ sơn sớm
sở sợ sổ sử sứ sự sửa sức sưu tả tác tài tại tạo tạp tập tất tâm tân tấn tầng tây tên tế tết thái
thám thành thánh tháng thảo thạch thấy thân thần thấp thập thầy thắng thẳng thế thể theo thêm thì
thị thi thích thiên thiện thiết thiếu thiểu thiếp thịnh thời thơ thợ thông thống thốc thổ thú thù
thủ thục thủy thuỷ thuật thuộc thuốc thuế thuyền thuyết thư thứ thử thực thức thượng thương
thường tiền tiến tiên tiếng tiếp tiểu tiêu tiết tìm tích tính tình tỉnh tin tĩnh to toà tòa toán
toàn tổ tổng tốt tội tôi tối tốc tộc trà trách trái trại tranh trạng trắng trần trận trẻ trên
trị trí triển triết triều triệu trình trinh trò trong trọng trồng trời trở trợ truyện truyền trung
trú trúc trước trường trưởng trực trừ từ tử tự tư túc tục tuần tuổi tuyển tuyến tuyết tuyệt tùy
tương tướng tượng tưởng ủy uỷ ưu ứng ước và vai vài vạn văn vẫn vấn vần vận vật vắng về vẽ vẻ vệ
vị vì viên viện việc viết việt vĩ vĩnh võ vô với vợ vở vốn vũ vua vụ vùng vượt vương vừa vườn
xa xã xác xanh xây xấu xét xếp xin xóm xuân xuất xứ xưa xưởng xử yêu yếu ý y
"""
_KNOWN = frozenset(word for word in _EVERYDAY.split() if not word.isascii()) | SURNAMES

_MARKED_WORD = re.compile(r"(?:[^\W\d_]|[\u0300-\u036f])+")
# A letter that neither Latin-1 nor Windows-1252 nor the damage of MARC-8 can show.
_BEYOND_LATIN1 = re.compile(
    "[\u0100-\u010f\u0112-\u0140\u0143-\u0151\u0154-\u015f\u0162-\u0177\u0179-\u017c\u017f-\u0191\u0193-\u02b8"
    "\u02bd-\u02c5\u02c7-\u02db\u02dd-\u1fff\u2c00-\uffff]"
)
_D_WITH_STROKE = re.compile("[đĐ]")
_VIQR_HINTS = ("a(", "A(", "a^", "A^", "e^", "E^", "o^", "O^", "o+", "O+", "u+", "U+")
# One of these alone, as in Taï or thé, is no sign of a wrong encoding.
_WESTERN = frozenset("àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿœÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝŸŒ")
_SIGN_IN_WORD = re.compile(r"(?<=[^\W\d_])[¡-©«-±´¶-¹»-¿×÷\u2212](?=[^\W\d_])")
_FOREIGN_AT_MOST = 4
_ENOUGH = 3


@dataclass(frozen=True, slots=True)
class Repaired:
    """Text read again in the encoding in which it was written.

    `confidence` runs from 0 to 1. `check_capitals` marks a heading whose capitals
    the font made (.VnTimeH) and whose letters come back small, or which was put
    into capitals word by word: a person should look at it.
    """

    text: str
    encoding: Encoding
    confidence: float
    check_capitals: bool = False


@dataclass(frozen=True, slots=True)
class _Judgement:
    known: int
    possible: int
    impossible: int
    foreign: int

    @property
    def score(self) -> int:
        return (
            4 * self.known
            + self.possible
            - 5 * self.impossible
            - min(self.foreign, _FOREIGN_AT_MOST)
        )

    @property
    def confidence(self) -> float:
        right = 2 * self.known + self.possible
        return round(right / (right + 2 * self.impossible + self.foreign + 1), 2)


def repair(s: str) -> Repaired | None:
    """Return the field `s` as it was meant, or None if it is to be left alone.

    `s` is what a program made of legacy Vietnamese by reading it as Latin-1 or
    Windows-1252 (a U+2212 may stand for the soft hyphen of TCVN3). Call it before
    normalising, a field at a time. Valid Vietnamese in Unicode and text in other
    languages give None; so does what is too short to be sure of.
    """
    if s.isascii():
        hinted = any(hint in s for hint in _VIQR_HINTS)
        return _best(s, (Encoding.VIQR,)) if hinted else None
    s = unicodedata.normalize("NFC", s)
    if _BEYOND_LATIN1.search(s):
        return None
    whole = reread(s, Encoding.UTF8)
    if whole is not None:
        return Repaired(text=whole, encoding=Encoding.UTF8, confidence=1.0)
    if not _SIGN_IN_WORD.search(s) and (_is_western(s) or _is_vietnamese(s)):
        return None
    if _D_WITH_STROKE.search(s):
        return _best(s, (Encoding.MARC8_LOW_BYTE,))
    return _best(s, _EIGHT_BIT)


def detect(source: str | bytes) -> Encoding | None:
    """Return the encoding in which a field was written, or None if it cannot be told.

    Bytes that are valid UTF-8 and not ASCII are UTF-8; a `str` is judged as `repair` does.
    """
    if isinstance(source, bytes):
        if not source.isascii() and _is_utf8(source):
            return Encoding.UTF8
        source = source.decode("latin-1")
    repaired = repair(source)
    return repaired.encoding if repaired else None


_EIGHT_BIT = (
    Encoding.TCVN3,
    Encoding.VNI,
    Encoding.VISCII,
    Encoding.CP1258,
    Encoding.MARC8_LOW_BYTE,
)


def _best(s: str, encodings: tuple[Encoding, ...]) -> Repaired | None:
    readings = []
    before = _judge(s).score
    for encoding in encodings:
        text = reread(s, encoding)
        if text is None or text == s:
            continue
        spelt = _capitals_restored(text) if encoding is Encoding.TCVN3 else text
        judgement = _judge(spelt)
        if judgement.score >= _ENOUGH and judgement.score > before:
            flagged = encoding is Encoding.TCVN3 and (spelt != text or spelt == spelt.lower())
            repaired = Repaired(compose(spelt), encoding, judgement.confidence, flagged)
            readings.append((judgement.score, repaired))
    return max(readings, key=lambda reading: reading[0])[1] if readings else None


def _judge(text: str) -> _Judgement:
    known = possible = impossible = foreign = 0
    for word in set(_MARKED_WORD.findall(compose(text))):
        small = word.lower()
        if word.isascii():
            foreign += len(word) > 1 and not looks_vietnamese(small)
        elif small in _KNOWN and _well_cased(word):
            known += 1
        elif _is_syllable(small) and _well_cased(word):
            possible += 1
        else:
            impossible += 1
    return _Judgement(known, possible, impossible, foreign)


def _is_western(s: str) -> bool:
    marked = [letter for letter in s if not letter.isascii()]
    return len(marked) == 1 and marked[0] in _WESTERN


def _is_vietnamese(s: str) -> bool:
    marked = [word.lower() for word in _MARKED_WORD.findall(s) if not word.isascii()]
    return all(map(_is_syllable, marked))


def _is_syllable(small: str) -> bool:
    read = syllable(small)
    return read is not None and read.is_possible


def _well_cased(word: str) -> bool:
    return word.islower() or word.isupper() or word[1:].islower()


def _capitals_restored(text: str) -> str:
    """Put into capitals what a font of capitals showed so: `VIệN`, or the whole heading."""
    if all(_well_cased(word) for word in _MARKED_WORD.findall(text)):
        return text
    if all(map(str.isupper, filter(_is_plain_letter, text))):
        return text.upper()
    return _MARKED_WORD.sub(lambda word: _capitals(word[0]), text)


def _capitals(word: str) -> str:
    upper = all(map(str.isupper, filter(_is_plain_letter, word)))
    return word.upper() if upper and not _well_cased(word) else word


def _is_plain_letter(letter: str) -> bool:
    return letter.isascii() and letter.isalpha()


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True

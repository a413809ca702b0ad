"""What the pages of the demo's documents show: a book, a newspaper, a map, a diary."""

from __future__ import annotations

from collections.abc import Sequence

from tangthu.site.demo.drawing import INK, Sheet

WIDTH, HEIGHT, MARGIN = 1240, 1754, 140
NEWSPRINT = (236, 230, 214)
LOWLAND, HIGHLAND, PEAK, WATER = "#dfe3bf", "#cdbf8e", "#b59b6b", "#5d8aa8"

LAND = (
    "Đắk Lắk nằm trên cao nguyên giữa Tây Nguyên. Đất đỏ ba-dan phủ phần lớn diện tích, hợp với "
    "cây cà phê, hồ tiêu và cao su.",
    "Sông Sêrêpôk do hai nhánh Krông Ana và Krông Nô hợp thành, chảy về phía tây qua Buôn Đôn.",
    "Mùa mưa kéo dài từ tháng năm đến tháng mười; mùa khô nắng nhiều, gió mạnh.",
    "Các dân tộc Ê Đê, M'Nông, Gia Rai, Kinh và nhiều dân tộc khác cùng sinh sống lâu đời.",
    "Buôn làng của người Ê Đê gồm những ngôi nhà dài, cửa quay về hướng bắc, cầu thang tạc hình "
    "trăng khuyết.",
    "Cồng chiêng vang lên trong lễ mừng lúa mới, lễ cúng bến nước và lễ mừng sức khoẻ.",
)
EPIC = (
    "Mơ̆ng ƀuôn sang dliê, mnuih Êđê yăl dliê klei khan hŏng asăp êmiêt.",
    "Lời kể bắt đầu khi bếp lửa đã đỏ và trẻ nhỏ đã ngồi yên quanh người già.",
    "Chàng trai cưỡi voi qua ba ngọn đồi, tìm lại chiếc chiêng mà tổ tiên để lại.",
    "Tiếng chiêng gọi gió, gọi mưa, gọi bạn từ những buôn xa trở về.",
)
NEWS = (
    (
        "Vườn ươm cà phê bên hồ Lắk",
        "Bà con ba buôn quanh hồ cùng góp công dựng vườn ươm. Mỗi nhà nhận hai trăm cây giống, "
        "trồng xen muồng chắn gió. Cán bộ nông nghiệp về tận rẫy chỉ cách ủ phân và tỉa cành.",
    ),
    (
        "Lớp học dưới nhà dài",
        "Tối tối, tiếng đánh vần vang lên dưới mái nhà dài. Lớp xoá mù chữ có hai mươi mốt người, "
        "già nhất đã ngoài sáu mươi. Thầy giáo đi bộ qua hai con suối để đến lớp.",
    ),
    (
        "Chuyến xe sách đầu tiên",
        "Xe sách của thư viện tỉnh đã vượt đèo Phượng Hoàng. Trẻ em đứng chật sân kho chờ mượn "
        "truyện tranh. Người lớn hỏi tìm sách trồng lúa nước và sách thuốc nam.",
    ),
    (
        "Thời tiết và giá nông sản",
        "Trong tuần trời nắng, đêm se lạnh, gió đông bắc cấp bốn. Cà phê nhân giữ giá. Hồ tiêu "
        "đầu vụ nhích lên đôi chút. Bà con nên tưới đợt hai trước rằm.",
    ),
)
PLACES = (
    (620, 380, "Buôn Đôn"),
    (1420, 620, "Ƀuôn Ama Thuôt"),
    (1980, 420, "Ea Kar"),
    (1500, 1180, "Hồ Lắk"),
    (880, 900, "Ƀuôn Trấp"),
    (2120, 1050, "Krông Bông"),
    (1700, 250, "Cư M'gar"),
    (2330, 700, "M'Drắk"),
)
NOTES = (
    "Ngày thứ nhất. Đến buôn lúc xế chiều. Già làng cho ngủ lại ở gian khách.",
    "Ngày thứ hai. Chép lại tên mười hai bến nước và người coi bến.",
    "Ngày thứ ba. Mưa. Nghe kể khan đến gà gáy; chỗ nào chưa rõ xin đánh dấu.",
)


def book_page(title: str, lines: Sequence[str], number: int) -> Sheet:
    """Draw a cover, or a heading, lines of text, a small picture and the page's number."""
    sheet = Sheet.blank(WIDTH, HEIGHT)
    if number == 1:
        _cover(sheet, title)
        return sheet
    _line(sheet, f"Chương {number - 1}", top=MARGIN, size=60)
    top = 300
    for turn in range(4):
        top = _line(sheet, lines[(number + turn) % len(lines)], top=top, size=38) + 30
    _hills(sheet, number)
    _line(sheet, str(number), top=HEIGHT - 110, size=34)
    return sheet


def news_page(title: str, number: int) -> Sheet:
    """Draw a page of a newspaper: its head, three columns, and a coarse picture."""
    sheet = Sheet.blank(WIDTH, HEIGHT, paper=NEWSPRINT)
    sheet.write(title, at=(90, 60), width=WIDTH - 180, size=66 if number == 1 else 34)
    day = f"Số Xuân · 15 tháng 2 năm 1986 · Báo tưởng tượng để trình diễn · Trang {number}"
    sheet.write(day, at=(90, 190), width=WIDTH - 180, size=24)
    for top in (178, 236):
        sheet.pen.line((90, top, WIDTH - 90, top), fill=INK, width=4)
    for column in range(3):
        left, top = 90 + column * 360, 270
        for turn in range(3):
            heading, story = NEWS[(column + turn + number) % len(NEWS)]
            top = sheet.write(heading, at=(left, top), width=330, size=36) + 14
            top = sheet.write(story, at=(left, top), width=330, size=26) + 36
            if column == turn:
                _halftone(sheet, left, top)
                top += 270
    return sheet


def map_page() -> Sheet:
    """Draw an invented map: heights, rivers, a lake, places with their names."""
    sheet = Sheet.blank(2800, 1700, paper=(244, 240, 222))
    pen = sheet.pen
    pen.rectangle((60, 60, 2740, 1640), fill=LOWLAND, outline=INK, width=8)
    for left, top, size, colour in (
        (300, 200, 900, HIGHLAND),
        (1250, 150, 1300, HIGHLAND),
        (1900, 700, 700, PEAK),
        (480, 380, 420, PEAK),
    ):
        pen.ellipse((left, top, left + size, top + size * 0.6), fill=colour)
    pen.line([(2600, 500), (2000, 760), (1500, 900), (900, 760), (60, 560)], fill=WATER, width=18)
    pen.line([(2300, 1600), (1800, 1250), (1100, 980), (900, 760)], fill=WATER, width=14)
    pen.ellipse((1380, 1160, 1620, 1300), fill=WATER)
    for left, top, name in PLACES:
        pen.ellipse((left - 12, top - 12, left + 12, top + 12), fill="#9c2f1b")
        sheet.write(name, at=(left + 22, top - 28), width=500, size=40)
    sheet.write("Bản đồ buôn làng ven sông", at=(140, 1420), width=1200, size=72)
    sheet.write("Vẽ phỏng theo trí nhớ, không dùng để đo", at=(140, 1540), width=1200, size=34)
    return sheet


def diary_page(number: int) -> Sheet:
    """Draw a page of a ruled notebook."""
    sheet = Sheet.blank(WIDTH, HEIGHT)
    for top in range(240, HEIGHT - 120, 84):
        sheet.pen.line((90, top, WIDTH - 90, top), fill="#b7c3cc", width=3)
    top = 186
    for turn in range(3):
        top = _line(sheet, NOTES[(number + turn - 1) % len(NOTES)], top=top, size=56) + 84
    return sheet


def _cover(sheet: Sheet, title: str) -> None:
    sheet.pen.rectangle((60, 60, WIDTH - 60, HEIGHT - 60), outline=INK, width=6)
    _line(sheet, title, top=HEIGHT // 3, size=84)
    _line(sheet, "Thư viện tỉnh Đắk Lắk (trình diễn)", top=HEIGHT - 300, size=36)


def _line(sheet: Sheet, text: str, *, top: int, size: int) -> int:
    return sheet.write(text, at=(MARGIN, top), width=WIDTH - 2 * MARGIN, size=size)


def _hills(sheet: Sheet, number: int) -> None:
    """Draw hills and a sun, a little different on each page."""
    bottom, sun = HEIGHT - 180, 800 + number * 12
    sheet.pen.ellipse((sun, bottom - 420, sun + 120, bottom - 300), fill="#c9772b")
    for hill in range(3):
        left = 140 + hill * 280 + number * 9 % 60
        sheet.pen.polygon(
            [(left, bottom), (left + 220, bottom - 250 + hill * 40), (left + 420, bottom)],
            fill=("#6b7f52", "#7f6b45", "#50684f")[hill],
        )


def _halftone(sheet: Sheet, left: int, top: int) -> None:
    """Draw a long house under the sun in dots, as old presses printed pictures."""
    for row in range(0, 240, 10):
        for column in range(0, 330, 10):
            roof = 70 < row < 150 and 40 < column < 290
            dark = 5 if roof else 4 if row >= 200 else 3 if 60 < column < 270 and row > 150 else 1
            x, y = left + column + 5, top + row + 5
            sheet.pen.ellipse((x - dark, y - dark, x + dark, y + dark), fill=INK)

"""The shipped texts in Vietnamese: subject, long text, short text."""
# A line goes out as it stands, so that paragraphs are not broken here.
# ruff: noqa: E501

from __future__ import annotations

from collections.abc import Mapping

from tangthu.notices.policy.kinds import NoticeKind

_SIGN = """

Thân mến,
{library}
Điện thoại: {library_phone}
Địa chỉ: {library_address}"""

VIETNAMESE: Mapping[NoticeKind, tuple[str, str, str]] = {
    NoticeKind.DUE_SOON: (
        "Sách bạn mượn sắp đến hạn trả",
        """Bạn {name} thân mến,

{count} tài liệu bạn đang mượn sắp đến hạn trả:

{items}

Nếu chưa đọc xong, bạn có thể gia hạn tại quầy, qua điện thoại, hoặc ở đây: {account}"""
        + _SIGN,
        "{library}: {count} sách bạn mượn sắp đến hạn trả.\n{items}\nGia hạn: {account}",
    ),
    NoticeKind.OVERDUE: (
        "Sách bạn mượn đã quá hạn trả",
        """Bạn {name} thân mến,

Có lẽ bạn bận nên quên: {count} tài liệu bạn mượn đã quá hạn trả.

{items}

Bạn vui lòng mang trả hoặc gia hạn giúp thư viện, vì có thể bạn đọc khác đang chờ. Nếu bạn đã trả rồi, xin bỏ qua thư này."""
        + _SIGN,
        "{library}: {count} sách bạn mượn đã quá hạn trả, bạn nhớ trả hoặc gia hạn nhé.\n{items}",
    ),
    NoticeKind.OVERDUE_AGAIN: (
        "Nhắc lần hai: sách quá hạn trả",
        """Bạn {name} thân mến,

Thư viện xin nhắc lần hai: {count} tài liệu sau đây vẫn chưa được trả.

{items}

Bạn vui lòng mang trả trong tuần này. Nếu sách bị mất hoặc hỏng, hãy báo cho thư viện để cùng tìm cách giải quyết."""
        + _SIGN,
        "{library}: nhắc lần hai, {count} sách quá hạn chưa trả.\n{items}\nCần giúp, gọi {library_phone}.",
    ),
    NoticeKind.OVERDUE_LAST: (
        "Nhắc lần cuối: sách quá hạn trả",
        """Kính gửi bạn đọc {name} (thẻ {card}),

Thư viện đã nhắc nhưng đến nay {count} tài liệu sau đây vẫn chưa được trả:

{items}

Đề nghị bạn mang trả trong vòng 10 ngày kể từ khi nhận thư này. Quá thời gian đó, thư viện sẽ xử lý theo nội quy: tạm ngừng cho mượn và yêu cầu bồi thường giá trị tài liệu. Nếu có khó khăn hoặc đã làm mất sách, bạn hãy liên hệ để thư viện hỗ trợ."""
        + _SIGN,
        "{library}: nhắc lần cuối, {count} sách quá hạn chưa trả.\n{items}\n"
        "Xin trả trong 10 ngày hoặc gọi {library_phone}.",
    ),
    NoticeKind.HOLD_READY: (
        "Sách bạn đặt đã sẵn sàng",
        """Bạn {name} thân mến,

Cuốn “{title}” bạn đặt mượn đã có tại {pickup}.
Thư viện giữ sách cho bạn đến hết ngày {until}.

Khi đến nhận, bạn nhớ mang theo thẻ bạn đọc (hoặc mở thẻ trên điện thoại)."""
        + _SIGN,
        "{library}: “{title}” bạn đặt đã có tại {pickup}.\nGiữ đến hết ngày {until}.",
    ),
    NoticeKind.DIGITAL_READY: (
        "Đến lượt bạn mượn đọc trực tuyến",
        """Bạn {name} thân mến,

Đã đến lượt bạn mượn đọc “{title}” trên mạng. Thư viện giữ lượt này cho bạn đến hết ngày {until}.

Bạn bấm “Mượn đọc” ở đây: {link}

Nếu không cần nữa, bạn hủy giúp để nhường người đợi sau."""
        + _SIGN,
        "{library}: đến lượt bạn mượn đọc “{title}”, giữ đến hết {until}.\n{link}",
    ),
    NoticeKind.HOLD_CANCELLED: (
        "Yêu cầu đặt mượn đã hủy",
        """Bạn {name} thân mến,

Yêu cầu đặt mượn cuốn “{title}” của bạn đã được hủy.
Lý do: {reason}

Bạn có thể đặt lại bất cứ lúc nào, hoặc hỏi thủ thư để tìm cuốn tương tự."""
        + _SIGN,
        "{library}: yêu cầu đặt mượn “{title}” đã hủy.\nLý do: {reason}",
    ),
    NoticeKind.RECALL: (
        "Có bạn đọc đang cần cuốn sách bạn mượn",
        """Bạn {name} thân mến,

Cuốn “{title}” bạn đang mượn có bạn đọc khác rất cần. Thư viện mong bạn trả sách trước hết ngày {due}.

Cảm ơn bạn đã chia sẻ."""
        + _SIGN,
        "{library}: có bạn đọc cần “{title}” bạn đang mượn, mong bạn trả trước hết ngày {due}.",
    ),
    NoticeKind.DUE_DATES_MOVED: (
        "Hạn trả sách của bạn đã thay đổi",
        """Bạn {name} thân mến,

Hạn trả của {count} tài liệu bạn đang mượn đã được dời:

{items}

Bạn không cần làm gì thêm; những ngày thư viện đóng cửa không bị tính quá hạn."""
        + _SIGN,
        "{library}: hạn trả {count} sách của bạn đã dời.\n{items}",
    ),
    NoticeKind.CARD_ENDING: (
        "Thẻ bạn đọc sắp hết hạn",
        """Bạn {name} thân mến,

Thẻ bạn đọc {card} của bạn có giá trị đến hết ngày {expires}. Bạn hãy gia hạn trước ngày đó để việc mượn sách không bị gián đoạn."""
        + _SIGN,
        "{library}: thẻ bạn đọc {card} của bạn hết hạn ngày {expires}, bạn nhớ gia hạn nhé.",
    ),
    NoticeKind.CARD_READY: (
        "Thẻ bạn đọc của bạn đã in xong",
        """Bạn {name} thân mến,

Thẻ bạn đọc của bạn đã in xong và đang chờ bạn tại {pickup}. Khi đến nhận, bạn nhớ mang theo giấy tờ tùy thân."""
        + _SIGN,
        "{library}: thẻ bạn đọc của bạn đã in xong, mời bạn đến nhận tại {pickup}.",
    ),
    NoticeKind.APPLICATION_RECEIVED: (
        "Thư viện đã nhận đơn làm thẻ của bạn",
        """Bạn {name} thân mến,

Thư viện đã nhận đơn đăng ký thẻ bạn đọc của bạn, số {number}. Chúng tôi sẽ xem và trả lời sớm.

Theo dõi đơn: {link}"""
        + _SIGN,
        "{library}: đã nhận đơn làm thẻ số {number} của bạn.\nTheo dõi: {link}",
    ),
    NoticeKind.APPLICATION_APPROVED: (
        "Đơn làm thẻ của bạn đã được duyệt",
        """Bạn {name} thân mến,

Chào mừng bạn đến với thư viện! Đơn đăng ký của bạn đã được duyệt.
Số thẻ của bạn: {card}
Thẻ có giá trị đến hết ngày {expires}

Bạn có thể dùng ngay thẻ trên điện thoại: {link}"""
        + _SIGN,
        "{library}: đơn làm thẻ đã được duyệt.\nSố thẻ của bạn: {card}\nMở thẻ: {link}",
    ),
    NoticeKind.APPLICATION_RETURNED: (
        "Đơn làm thẻ cần bổ sung",
        """Bạn {name} thân mến,

Cảm ơn bạn đã đăng ký. Để cấp thẻ, thư viện cần bạn bổ sung:

{reason}

Sửa và gửi lại đơn: {link}"""
        + _SIGN,
        "{library}: đơn làm thẻ của bạn cần bổ sung: {reason}\nSửa đơn: {link}",
    ),
    NoticeKind.LOAN_SLIP: (
        "Phiếu mượn sách",
        """Bạn {name} thân mến,

Bạn vừa mượn {count} tài liệu:

{items}

Chúc bạn đọc sách vui!"""
        + _SIGN,
        "{library}: bạn vừa mượn {count} sách.\n{items}",
    ),
    NoticeKind.RETURN_SLIP: (
        "Phiếu trả sách",
        """Bạn {name} thân mến,

Thư viện đã nhận lại {count} tài liệu:

{items}

Cảm ơn bạn. Hẹn gặp lại!"""
        + _SIGN,
        "{library}: đã nhận lại {count} sách, cảm ơn bạn.\n{items}",
    ),
    NoticeKind.PAYMENT_RECEIPT: (
        "Biên nhận thanh toán {number}",
        """Bạn {name} thân mến,

Thư viện đã nhận {amount} (bằng chữ: {words}).
Nội dung: {what}
Số phiếu thu: {number}

Cảm ơn bạn."""
        + _SIGN,
        "{library}: đã nhận {amount}, phiếu thu {number}.\nNội dung: {what}",
    ),
    NoticeKind.DELIVERY_UPDATE: (
        "Giao sách tận nhà: yêu cầu {number}",
        """Bạn {name} thân mến,

Yêu cầu giao sách {number} của bạn: {state}.
{detail}

Theo dõi: {link}"""
        + _SIGN,
        "{library}: yêu cầu giao sách {number}: {state}.\n{detail}",
    ),
    NoticeKind.SAVED_SEARCH: (
        "Sách mới cho tìm kiếm “{search}”",
        """Bạn {name} thân mến,

Thư viện có thêm {found} tài liệu hợp với tìm kiếm bạn đã lưu, “{search}”:

{titles}

Xem tất cả: {link}"""
        + _SIGN,
        "{library}: thêm {found} tài liệu cho tìm kiếm “{search}”.\n{link}",
    ),
    NoticeKind.LOGIN_CODE: (
        "Mã đăng nhập: {code}",
        """Bạn {name} thân mến,

Mã đăng nhập của bạn là: {code}

Mã dùng được trong {minutes} phút và chỉ một lần. Đừng đưa mã này cho ai, kể cả người tự xưng là thủ thư. Nếu không phải bạn đang đăng nhập, xin bỏ qua thư này."""
        + _SIGN,
        "{code} là mã đăng nhập {library} của bạn, dùng trong {minutes} phút. Đừng đưa mã cho ai.",
    ),
    NoticeKind.CONTACT_CHANGED: (
        "Thông tin liên hệ của bạn đã thay đổi",
        """Bạn {name} thân mến,

Thông tin sau trong hồ sơ bạn đọc của bạn vừa được thay đổi: {what}.

Nếu bạn không yêu cầu thay đổi này, hãy báo ngay cho thư viện."""
        + _SIGN,
        "{library}: hồ sơ của bạn vừa đổi {what}. Nếu không phải bạn yêu cầu, hãy gọi {library_phone}.",
    ),
    NoticeKind.REQUEST_RECEIVED: (
        "Thư viện đã nhận yêu cầu của bạn",
        """Bạn {name} thân mến,

Thư viện đã nhận yêu cầu của bạn: {what}.
Chúng tôi sẽ trả lời chậm nhất ngày {until}."""
        + _SIGN,
        "{library}: đã nhận yêu cầu của bạn: {what}.\nTrả lời chậm nhất ngày {until}.",
    ),
    NoticeKind.REQUEST_ANSWERED: (
        "Trả lời yêu cầu của bạn",
        """Bạn {name} thân mến,

Về yêu cầu của bạn ({what}):

{answer}

Xem thêm: {link}"""
        + _SIGN,
        "{library}: về yêu cầu {what}: {answer}",
    ),
    NoticeKind.DIGEST: (
        "Tin từ thư viện hôm nay",
        """Bạn {name} thân mến,

Hôm nay thư viện có {count} tin cho bạn:

{items}"""
        + _SIGN,
        "{library}: {count} tin cho bạn.\n{items}",
    ),
    NoticeKind.TEST: (
        "Thư thử từ {library}",
        """Bạn {name} thân mến,

Đây là thư thử. Bạn nhận được nghĩa là kênh này của {library} đang hoạt động."""
        + _SIGN,
        "{library}: tin thử. Bạn nhận được nghĩa là kênh này đang hoạt động.",
    ),
}

VIETNAMESE_LINES: Mapping[NoticeKind, str] = {
    NoticeKind.DUE_SOON: "{title} – hạn trả {due}",
    NoticeKind.OVERDUE: "{title} – hạn trả {due}, quá {days} ngày",
    NoticeKind.OVERDUE_AGAIN: "{title} – hạn trả {due}, quá {days} ngày",
    NoticeKind.OVERDUE_LAST: "{title} ({barcode}) – hạn trả {due}, quá {days} ngày",
    NoticeKind.HOLD_READY: "“{title}” đã có tại {pickup}, giữ đến {until}",
    NoticeKind.DIGITAL_READY: "Đến lượt bạn mượn đọc “{title}”, giữ đến {until}",
    NoticeKind.HOLD_CANCELLED: "Yêu cầu đặt mượn “{title}” đã hủy: {reason}",
    NoticeKind.RECALL: "Có bạn đọc cần “{title}”, mong bạn trả trước hết ngày {due}",
    NoticeKind.DUE_DATES_MOVED: "{title} – hạn trả mới {due}",
    NoticeKind.CARD_ENDING: "Thẻ bạn đọc hết hạn ngày {expires}",
    NoticeKind.CARD_READY: "Thẻ bạn đọc đã in xong, nhận tại {pickup}",
    NoticeKind.APPLICATION_RECEIVED: "Đã nhận đơn làm thẻ số {number}",
    NoticeKind.APPLICATION_APPROVED: "Đơn làm thẻ đã được duyệt",
    NoticeKind.APPLICATION_RETURNED: "Đơn làm thẻ cần bổ sung: {reason}",
    NoticeKind.LOAN_SLIP: "{title} – hạn trả {due}",
    NoticeKind.RETURN_SLIP: "{title}",
    NoticeKind.PAYMENT_RECEIPT: "Đã nhận {amount}, phiếu thu {number}",
    NoticeKind.DELIVERY_UPDATE: "Giao sách {number}: {state}",
    NoticeKind.SAVED_SEARCH: "Thêm {found} tài liệu cho “{search}”",
    NoticeKind.LOGIN_CODE: "Mã đăng nhập",
    NoticeKind.CONTACT_CHANGED: "Hồ sơ của bạn vừa đổi {what}",
    NoticeKind.REQUEST_RECEIVED: "Đã nhận yêu cầu: {what}",
    NoticeKind.REQUEST_ANSWERED: "Về yêu cầu {what}: {answer}",
    NoticeKind.DIGEST: "{count}",
    NoticeKind.TEST: "Tin thử",
}

"""The words to which a reader says yes. Their version is their very text, which is kept."""

from __future__ import annotations

from collections.abc import Mapping

from tangthu.notices.policy.kinds import Channel, Topic

_ABOUT: Mapping[str, Mapping[Topic, str]] = {
    "vi": {
        Topic.DUE_SOON: "nhắc sách sắp đến hạn trả",
        Topic.OVERDUE: "nhắc sách quá hạn trả",
        Topic.HOLDS: "báo về sách tôi đặt mượn",
        Topic.DUE_DATES: "báo khi hạn trả thay đổi",
        Topic.CARD: "nhắc thẻ sắp hết hạn",
        Topic.LOAN_SLIPS: "gửi phiếu mượn sau mỗi lần tôi mượn sách",
        Topic.RETURN_SLIPS: "gửi phiếu trả sau mỗi lần tôi trả sách",
        Topic.RECEIPTS: "gửi biên nhận khi tôi nộp tiền",
        Topic.DELIVERY: "báo về việc giao sách tận nhà",
        Topic.SEARCHES: "báo tài liệu mới cho tìm kiếm tôi đã lưu",
    },
    "en": {
        Topic.DUE_SOON: "remind me of loans that are due soon",
        Topic.OVERDUE: "remind me of overdue loans",
        Topic.HOLDS: "tell me about books I placed on hold",
        Topic.DUE_DATES: "tell me when a due date changes",
        Topic.CARD: "remind me before my card ends",
        Topic.LOAN_SLIPS: "send me a slip of what I have just borrowed",
        Topic.RETURN_SLIPS: "send me a slip of what I have just returned",
        Topic.RECEIPTS: "send me a receipt when I have paid",
        Topic.DELIVERY: "tell me about home deliveries",
        Topic.SEARCHES: "tell me what is new for my saved searches",
    },
}
_BY: Mapping[str, Mapping[Channel, str]] = {
    "vi": {
        Channel.EMAIL: "thư điện tử đến địa chỉ trong hồ sơ của tôi",
        Channel.SMS: "tin nhắn SMS đến số điện thoại trong hồ sơ của tôi",
        Channel.ZALO: (
            "Zalo của số điện thoại trong hồ sơ của tôi; Zalo (VNG) nhận số này và nội dung tin"
        ),
        Channel.PUSH: "thông báo trên các trình duyệt mà tôi đã bật",
    },
    "en": {
        Channel.EMAIL: "e-mail to the address in my file",
        Channel.SMS: "SMS to the telephone number in my file",
        Channel.ZALO: "Zalo of the number in my file; Zalo (VNG) receives the number and the text",
        Channel.PUSH: "notifications in the browsers in which I switched them on",
    },
}
_SENTENCE: Mapping[str, str] = {
    "vi": (
        "Tôi đồng ý để {library} dùng thông tin liên hệ của tôi để {about}, qua {by}. "
        "Tôi có thể rút lại bất cứ lúc nào."
    ),
    "en": (
        "I agree that {library} uses my contact details to {about}, by {by}. "
        "I can take this back at any time."
    ),
}


def consent_text(topic: Topic, channel: Channel, *, library: str, language: str) -> str:
    """Return what a reader agrees to, in their language.

    Raises KeyError for what nobody chooses.
    """
    spoken = language if language in _SENTENCE else "vi"
    return _SENTENCE[spoken].format(
        library=library, about=_ABOUT[spoken][topic], by=_BY[spoken][channel]
    )

"""Messages to hand to carriers."""

from __future__ import annotations

from dataclasses import replace

from tangthu.notices.policy import Channel
from tangthu.notices.rendering import Message


def message(channel: Channel, address: str, **values: object) -> Message:
    made = Message(
        channel=channel,
        address=address,
        name="Nguyễn Thị Lan",
        subject="Sách bạn đặt đã sẵn sàng",
        body="Bạn Lan thân mến,\n\n“Truyện <Kiều>” đã có.\nXem: https://thuvien.vn/a?b=1&c=2",
        reference="tangthu-7-20261122050000",
        library="Thư viện tỉnh",
        language="vi",
    )
    return replace(made, **values)  # type: ignore[arg-type]

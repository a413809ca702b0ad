"""E-mail over a real mail server."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import timedelta

import pytest
from pytest_django import Settings

from tangthu.notices.channels.mail import MailCarrier
from tangthu.notices.channels.outcomes import ChannelDown, TryLater, Undeliverable
from tangthu.notices.policy import Channel
from tests.notices.gateways import MailServer, mail_server
from tests.notices.messages import message

LAN = "lan@example.vn"


@pytest.fixture
def server(settings: Settings) -> Iterator[MailServer]:
    with mail_server() as kept:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", kept.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_TIMEOUT = 5
        settings.DEFAULT_FROM_EMAIL = "Thư viện <thuvien@example.vn>"
        yield kept


@pytest.fixture
def carrier(server: MailServer) -> Iterator[MailCarrier]:
    carrier = MailCarrier()
    yield carrier
    carrier.close()


def test_a_mail_arrives_as_text_and_html(carrier: MailCarrier, server: MailServer) -> None:
    receipt = carrier.send(
        message(Channel.EMAIL, LAN, manage_url="https://thuvien.vn/account/notices")
    )

    (mail,) = server.taken
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    assert mail["Subject"] == "Sách bạn đặt đã sẵn sàng"
    assert mail["From"] == "Thư viện tỉnh <thuvien@example.vn>"
    assert mail["To"] == LAN
    assert mail["Message-ID"] == receipt == "<tangthu-7-20261122050000@example.vn>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert "“Truyện <Kiều>” đã có.\n" in text.get_content().replace("\r\n", "\n")
    assert "“Truyện &lt;Kiều&gt;” đã có.<br>" in html.get_content()
    assert '<a href="https://thuvien.vn/a?b=1&amp;c=2">' in html.get_content()
    assert "https://thuvien.vn/account/notices" in html.get_content()


def test_many_mails_go_over_one_line(carrier: MailCarrier, server: MailServer) -> None:
    for number in range(5):
        carrier.send(message(Channel.EMAIL, f"reader{number}@example.vn"))

    assert server.recipients == [f"reader{number}@example.vn" for number in range(5)]


def test_a_subject_cannot_bring_headers_of_its_own(
    carrier: MailCarrier, server: MailServer
) -> None:
    with pytest.raises(Undeliverable):
        carrier.send(message(Channel.EMAIL, LAN, subject="Sách\nBcc: all@example.vn"))

    assert server.taken == []


def test_an_unknown_mailbox_is_refused_for_good_and_the_next_one_goes(
    carrier: MailCarrier, server: MailServer
) -> None:
    server.refuse[LAN] = "550 5.1.1 No such user"

    with pytest.raises(Undeliverable) as refused:
        carrier.send(message(Channel.EMAIL, LAN))
    carrier.send(message(Channel.EMAIL, "hoa@example.vn"))

    assert refused.value.code == "address_refused"
    assert refused.value.detail == "SMTP 550 5.1.1 No such user"
    assert server.recipients == ["hoa@example.vn"]


def test_a_greylisting_server_is_asked_later(carrier: MailCarrier, server: MailServer) -> None:
    server.refuse[LAN] = "451 4.7.1 Try again later"

    with pytest.raises(TryLater):
        carrier.send(message(Channel.EMAIL, LAN))


@pytest.mark.parametrize("said", ["550 5.4.5 Daily user sending quota exceeded", "421 4.7.0 Slow"])
def test_a_used_up_quota_stops_the_channel(
    carrier: MailCarrier, server: MailServer, said: str
) -> None:
    server.refuse_all = said

    with pytest.raises(ChannelDown) as down:
        carrier.send(message(Channel.EMAIL, LAN))

    assert (down.value.code, down.value.retry_after) == ("too_many", timedelta(hours=1))


def test_a_message_that_the_server_refuses_is_given_up(
    carrier: MailCarrier, server: MailServer
) -> None:
    server.refuse_all = "554 5.7.1 Looks like spam"

    with pytest.raises(Undeliverable) as refused:
        carrier.send(message(Channel.EMAIL, LAN))

    assert refused.value.code == "content_refused"


def test_a_server_that_is_gone_stops_the_channel(settings: Settings) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        settings.EMAIL_HOST, settings.EMAIL_PORT = taken.getsockname()
        settings.EMAIL_USE_TLS = False

        with pytest.raises(ChannelDown) as down:
            MailCarrier().send(message(Channel.EMAIL, LAN))

    assert down.value.code == "unreachable"


def test_a_server_that_says_nothing_is_not_waited_for(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.EMAIL_HOST, settings.EMAIL_PORT = silent.getsockname()
        settings.EMAIL_USE_TLS, settings.EMAIL_TIMEOUT = False, 0.3

        with pytest.raises(ChannelDown) as down:
            MailCarrier().send(message(Channel.EMAIL, LAN))

    assert down.value.code == "unreachable"


def test_a_server_without_tls_gets_no_password(server: MailServer, settings: Settings) -> None:
    settings.EMAIL_USE_TLS = True

    with pytest.raises(ChannelDown):
        MailCarrier().send(message(Channel.EMAIL, LAN))

    assert server.taken == []


@pytest.mark.parametrize("address", ["", "lan@ví dụ.vn\r\nRCPT TO:<x@y>", "lân@example.vn"])
def test_what_is_no_address_is_given_up(
    carrier: MailCarrier, server: MailServer, address: str
) -> None:
    with pytest.raises(Undeliverable):
        carrier.send(message(Channel.EMAIL, address))

    carrier.send(message(Channel.EMAIL, LAN))
    assert server.recipients == [LAN]

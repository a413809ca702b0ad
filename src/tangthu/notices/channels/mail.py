"""E-mail by SMTP (RFC 5321), as text and as HTML, on one connection for many messages."""

from __future__ import annotations

import smtplib
import ssl
from datetime import timedelta
from email.utils import formataddr
from html import escape

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from tangthu.notices.channels.outcomes import ChannelDown, TryLater, Undeliverable, Unsure
from tangthu.notices.rendering import Message

_QUOTA = ("4.5.3", "4.7.28", "5.4.5", "5.7.28")
"""Enhanced codes (RFC 3463) by which providers say that the sender's day or hour is used up."""
QUOTA_PAUSE = timedelta(hours=1)


class MailCarrier:
    """Hands e-mails to the server of the settings."""

    def __init__(self) -> None:
        self._backend = EmailBackend(fail_silently=False, timeout=settings.EMAIL_TIMEOUT)

    def send(self, message: Message) -> str:
        """Send one e-mail. Its Message-ID is the same however often it is tried."""
        if not message.address:
            raise Undeliverable("no_address")
        mail = _mail(message)
        try:
            wire = mail.message().as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        except ValueError as error:
            raise Undeliverable("address_refused", type(error).__name__) from error
        server = self._connected()
        try:
            self._hand_over(server, message.address, wire)
        except UnicodeError as error:
            self._begin_again(server)
            raise Undeliverable("address_refused", type(error).__name__) from error
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise ChannelDown("broken_line", type(error).__name__) from error
        except Failures:
            self._begin_again(server)
            raise
        return str(mail.extra_headers["Message-ID"])

    def close(self) -> None:
        """Leave the server."""
        try:
            self._backend.close()
        except (OSError, smtplib.SMTPException):
            self._backend.connection = None

    def _connected(self) -> smtplib.SMTP:
        try:
            self._backend.open()
        except smtplib.SMTPAuthenticationError as error:
            self.close()
            raise ChannelDown("key_refused", f"SMTP {error.smtp_code}") from error
        except ssl.SSLError as error:
            self.close()
            raise ChannelDown("not_trusted", type(error).__name__) from error
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise ChannelDown("unreachable", type(error).__name__) from error
        connection: smtplib.SMTP | None = self._backend.connection
        if connection is None:
            raise ChannelDown("unreachable")
        return connection

    def _hand_over(self, server: smtplib.SMTP, address: str, wire: bytes) -> None:
        server.ehlo_or_helo_if_needed()
        _judge_sender(*server.mail(_bare_sender()))
        _judge_recipient(*server.rcpt(address))
        try:
            answer = server.data(wire)
        except smtplib.SMTPDataError as error:
            _judge_data(error.smtp_code, _bytes(error.smtp_error))
        except (OSError, smtplib.SMTPServerDisconnected) as error:
            self.close()
            raise Unsure("broken_line", type(error).__name__) from error
        else:
            _judge_data(*answer)

    def _begin_again(self, server: smtplib.SMTP) -> None:
        try:
            server.rset()
        except (OSError, smtplib.SMTPException):
            self.close()


Failures = (Undeliverable, TryLater, ChannelDown)


def _mail(message: Message) -> EmailMultiAlternatives:
    sender = formataddr((message.library, _bare_sender()))
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=_text(message),
        from_email=sender,
        to=[message.address],
        headers={
            "Message-ID": f"<{message.reference}@{_bare_sender().rpartition('@')[2]}>",
            "Auto-Submitted": "auto-generated",
            "Content-Language": message.language,
        },
    )
    mail.attach_alternative(_html(message), "text/html")
    return mail


def _text(message: Message) -> str:
    if not message.manage_url:
        return message.body
    with translation.override(message.language):
        return f"{message.body}\n\n-- \n{_('Change what you receive')}: {message.manage_url}"


def _html(message: Message) -> str:
    context = {"message": message, "paragraphs": _paragraphs(message.body)}
    with translation.override(message.language):
        return render_to_string("notices/mail.html", context)


def _paragraphs(body: str) -> list[SafeString]:
    blocks = [block for block in body.split("\n\n") if block.strip()]
    return [_with_links(block) for block in blocks]


def _with_links(block: str) -> SafeString:
    """Escape a block, break its lines, and make its addresses links."""
    lines = []
    for line in block.split("\n"):
        words = [_word(word) for word in line.split(" ")]
        lines.append(" ".join(words))
    return mark_safe("<br>\n".join(lines))  # noqa: S308


def _word(word: str) -> str:
    safe = escape(word)
    if word.startswith(("https://", "http://")):
        return f'<a href="{safe}">{safe}</a>'
    return safe


def _bare_sender() -> str:
    sender: str = settings.DEFAULT_FROM_EMAIL
    return sender.rpartition("<")[2].rstrip("> ").strip() or sender


def _judge_sender(code: int, said: bytes) -> None:
    if code != 250:
        pause = QUOTA_PAUSE if _is_quota(said) else None
        raise ChannelDown("sender_refused", _detail(code, said), retry_after=pause)


def _judge_recipient(code: int, said: bytes) -> None:
    if code in {250, 251}:
        return
    if code == 421 or _is_quota(said):
        raise ChannelDown("too_many", _detail(code, said), retry_after=QUOTA_PAUSE)
    if code < 500:
        raise TryLater("mailbox_busy", _detail(code, said))
    raise Undeliverable("address_refused", _detail(code, said))


def _judge_data(code: int, said: bytes) -> None:
    if code == 250:
        return
    if code == 421 or _is_quota(said):
        raise ChannelDown("too_many", _detail(code, said), retry_after=QUOTA_PAUSE)
    if code < 500:
        raise TryLater("mailbox_busy", _detail(code, said))
    raise Undeliverable("content_refused", _detail(code, said))


def _bytes(said: bytes | str) -> bytes:
    return said if isinstance(said, bytes) else said.encode()


def _is_quota(said: bytes) -> bool:
    words = said.decode(errors="replace")
    return any(code in words for code in _QUOTA)


def _detail(code: int, said: bytes) -> str:
    return f"SMTP {code} {said.decode(errors='replace')}"

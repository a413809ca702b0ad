"""Servers that behave like the world: a mail server, and gateways that speak JSON over HTTP."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass(slots=True)
class MailServer:
    """A mail server that keeps what it takes, and refuses whom it is told to."""

    port: int = 0
    taken: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    refuse_all: str = ""

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.refuse_all:
            return self.refuse_all
        content = envelope.content
        assert isinstance(content, bytes)
        parsed = message_from_bytes(content, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        self.taken.append(parsed)
        self.recipients += envelope.rcpt_tos
        return "250 OK"


@contextmanager
def mail_server() -> Iterator[MailServer]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    kept = MailServer(port)
    controller = Controller(kept, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield kept
    finally:
        controller.stop()


@dataclass(slots=True)
class Asked:
    """A request as the gateway saw it."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, object]:
        values = json.loads(self.body)
        assert isinstance(values, dict)
        return values


@dataclass(slots=True)
class Reply:
    """What a gateway answers; `drop` closes the line without a word, `wait` keeps one waiting."""

    body: object = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    drop: bool = False
    wait: threading.Event | None = None


@dataclass(slots=True)
class Gateway:
    """An HTTP service whose answers the test decides."""

    url: str = ""
    answer: Callable[[Asked], Reply] = lambda _asked: Reply({})
    asked: list[Asked] = field(default_factory=list)


@contextmanager
def gateway() -> Iterator[Gateway]:
    kept = Gateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            asked = Asked(self.path, {k.lower(): v for k, v in self.headers.items()}, body)
            kept.asked.append(asked)
            self.reply(kept.answer(asked))

        def reply(self, reply: Reply) -> None:
            if reply.wait is not None:
                reply.wait.wait(10)
            if reply.drop or reply.wait is not None:
                self.close_connection = True
                return
            raw = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    kept.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield kept
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass(slots=True)
class Zalo:
    """Zalo's two services: one sends, the other exchanges tokens."""

    gateway: Gateway
    refresh: str = "first"
    access: str = ""
    refreshed: int = 0
    outcome: dict[str, object] = field(
        default_factory=lambda: {"error": 0, "message": "Success", "data": {"msg_id": "z-1"}}
    )

    def answer(self, asked: Asked) -> Reply:
        if asked.path == "/v4/oa/access_token":
            return self.exchange(asked)
        if asked.headers.get("access_token") != self.access:
            return Reply({"error": -124, "message": "Access token invalid"})
        return Reply(self.outcome)

    def exchange(self, asked: Asked) -> Reply:
        form = {name: values[0] for name, values in parse_qs(asked.body.decode()).items()}
        given = (form["refresh_token"], form["app_id"], asked.headers.get("secret_key"))
        if given != (self.refresh, "app", "secret"):
            return Reply({"error": -14014, "error_name": "Invalid refresh token"})
        self.refreshed += 1
        self.access, self.refresh = f"access-{self.refreshed}", f"refresh-{self.refreshed}"
        values = {"access_token": self.access, "refresh_token": self.refresh}
        return Reply({**values, "expires_in": "90000"})

    @property
    def sent(self) -> list[Asked]:
        return [each for each in self.gateway.asked if each.path == "/message/template"]

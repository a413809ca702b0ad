"""Repositories to harvest: what ours told once, served again, and some that mean harm."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from django.test import Client

Answer = tuple[int, dict[str, str], bytes]
Answering = Callable[[dict[str, str]], Answer]


@contextmanager
def served(answering: Answering) -> Iterator[str]:
    """Serve a repository whose answers this function gives; yield its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = answering(dict(parse_qsl(urlsplit(self.path).query)))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/oai"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def told_by_ours(client: Client, prefix: str) -> dict[str, bytes]:
    """Return what our own repository tells now: Identify, and each answer by its token."""
    answers = {"Identify": client.get("/oai", {"verb": "Identify"}).content}
    asked = {"verb": "ListRecords", "metadataPrefix": prefix}
    token = ""
    while True:
        content = client.get("/oai", asked).content
        answers[token] = content
        _, _, rest = content.partition(b"<resumptionToken")
        token = rest.partition(b">")[2].partition(b"<")[0].decode() if rest else ""
        if not token:
            return answers
        asked = {"verb": "ListRecords", "resumptionToken": token}


def again(answers: dict[str, bytes], asked: list[dict[str, str]]) -> Answering:
    """Give these answers again, and write down what was asked."""

    def answer(arguments: dict[str, str]) -> Answer:
        asked.append(arguments)
        is_list = arguments["verb"] != "Identify"
        key = arguments.get("resumptionToken", "") if is_list else "Identify"
        return 200, {"Content-Type": "text/xml"}, answers[key]

    return answer


def listed(*records: str, token: str = "") -> bytes:
    """Return an answer to ListRecords that holds these records."""
    more = f"<resumptionToken>{token}</resumptionToken>" if token else ""
    return (
        '<?xml version="1.0"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
        "<responseDate>2026-03-01T00:00:00Z</responseDate><request>x</request>"
        f"<ListRecords>{''.join(records)}{more}</ListRecords></OAI-PMH>"
    ).encode()


IDENTIFY = (
    b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><Identify>'
    b"<granularity>YYYY-MM-DD</granularity></Identify></OAI-PMH>"
)


def dublin_core(item: str, /, **values: str) -> str:
    """Return a record in Dublin Core."""
    told = "".join(f"<dc:{name}>{value}</dc:{name}>" for name, value in values.items())
    return (
        f"<record><header><identifier>{item}</identifier><datestamp>2026-02-01</datestamp>"
        '</header><metadata><d:dc xmlns:d="http://www.openarchives.org/OAI/2.0/oai_dc/"'
        f' xmlns:dc="http://purl.org/dc/elements/1.1/">{told}</d:dc></metadata></record>'
    )


def gone(identifier: str) -> str:
    return (
        f'<record><header status="deleted"><identifier>{identifier}</identifier>'
        "<datestamp>2026-02-03</datestamp></header></record>"
    )

"""Registries of names to try out against: they judge what they are sent as the true ones do."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

from datacite import schema45

Answer = tuple[int, dict[str, object]]


@dataclass
class Registry:
    """What a registry keeps, and who may ask it. `is_down` lets it answer 503."""

    user: str
    password: str
    address: str = ""
    kept: dict[str, dict[str, object]] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)
    is_down: bool = False

    def answer(self, method: str, path: str, kind: str, body: object) -> Answer:
        raise NotImplementedError

    def knows(self, header: str) -> bool:
        packed = header.removeprefix("Basic ")
        user, _, password = base64.b64decode(packed).decode().partition(":")
        return (user, password) == (self.user, self.password)


class HandleRegistry(Registry):
    """A Handle.Net server: `PUT /api/handles/<handle>?overwrite=true` with values and an admin."""

    def answer(self, method: str, path: str, kind: str, body: object) -> Answer:
        name = unquote(urlsplit(path).path).removeprefix("/api/handles/")
        if method == "GET":
            found = name in self.kept or name.startswith("0.NA/")
            return (200, {"responseCode": 1}) if found else (404, {"responseCode": 100})
        if name in self.kept and "overwrite=true" not in path:
            return 409, {"responseCode": 101}
        assert isinstance(body, dict)
        values = {row["type"]: row for row in body["values"]}
        admin = values["HS_ADMIN"]["data"]
        if admin["format"] != "admin" or len(admin["value"]["permissions"]) != 12:
            return 400, {"responseCode": 2}
        is_new = name not in self.kept
        self.kept[name] = {kind: row["data"]["value"] for kind, row in values.items()}
        return 201 if is_new else 200, {"responseCode": 1, "handle": name}


class DataCiteRegistry(Registry):
    """DataCite: a draft needs a DOI alone, a findable name an address and valid metadata."""

    def answer(self, method: str, path: str, kind: str, body: object) -> Answer:
        if method == "GET":
            return 200, {"data": []}
        if kind != "application/vnd.api+json" or not isinstance(body, dict):
            return 415, {"errors": [{"title": "Unsupported Media Type"}]}
        told = dict(body["data"]["attributes"])
        assert body["data"]["type"] == "dois"
        doi = str(told["doi"]) if method == "POST" else unquote(path).removeprefix("/dois/")
        if method == "POST" and doi in self.kept:
            return 422, {"errors": [{"source": "doi", "title": "This DOI has already been taken"}]}
        if method == "PUT" and doi not in self.kept:
            return 404, {"errors": [{"title": "The resource you are looking for doesn't exist."}]}
        event = told.pop("event", "")
        whole = self.kept.get(doi, {"state": "draft"}) | told
        if event == "publish":
            metadata = {key: value for key, value in whole.items() if key not in {"url", "state"}}
            if not whole.get("url") or list(schema45.validator.iter_errors(metadata)):
                return 422, {"errors": [{"title": "is not valid"}]}
            whole["state"] = "findable"
        if event == "hide":
            whole["state"] = "registered"
        self.kept[doi] = whole
        return 201 if method == "POST" else 200, {"data": {"id": doi}}


@contextmanager
def open_to_us(registry: Registry) -> Iterator[Registry]:
    """Serve the registry on this machine; its address is then in it."""

    class Handler(BaseHTTPRequestHandler):
        def _heard(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(size)) if size else None
            registry.heard.append(self.command)
            if registry.is_down:
                status, told = 503, {}
            elif not registry.knows(self.headers.get("Authorization", "")):
                status, told = 401, {}
            else:
                kind = self.headers.get("Content-Type", "")
                status, told = registry.answer(self.command, self.path, kind, body)
            written = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(written)))
            self.end_headers()
            self.wfile.write(written)

        def do_GET(self) -> None:
            self._heard()

        def do_POST(self) -> None:
            self._heard()

        def do_PUT(self) -> None:
            self._heard()

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    registry.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield registry
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

"""A licence server to test against: what EDRLab's LCP Server 2 answers over HTTP, by its API.

Written from the specifications (Readium LCP 1.0.4, License Status Document 1.0.4) and that server's
documented interface. It runs in a process of its own; it knows nothing of the library's code. Keys
and signatures are bytes of the right shape; only what proves the passphrase is really encrypted.

    python -m tests.reading.lcp_stand_in FIRST_PUBLICATION …
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import sys
import threading
import uuid
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7

USER, PASSWORD = "library", "secret"
LICENCE = "application/vnd.readium.lcp.license.v1.0+json"
STATUS = "application/vnd.readium.license.status.v1.0+json"
ERROR = "http://readium.org/license-status-document/error/"
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

publications: set[str] = set()
licences: dict[str, dict[str, Any]] = {}
faults: list[str] = []
lock = threading.Lock()


class Problem(Exception):
    def __init__(self, status: int, title: str, kind: str = "") -> None:
        super().__init__(title)
        self.status, self.title = status, title
        self.type = ERROR + kind if kind else "about:blank"


class Server(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def do_PUT(self) -> None:
        self._answer()

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        raw = self.rfile.read(length)
        try:
            with lock:
                status, body, media_type = self._judge(raw)
        except Problem as wrong:
            told = {"type": wrong.type, "title": wrong.title, "detail": wrong.title}
            status, body, media_type = wrong.status, told, "application/json"
        if body is None:
            return
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _judge(self, raw: bytes) -> tuple[int, Any, str]:
        parts = urlsplit(self.path)
        names = [each for each in parts.path.split("/") if each]
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        route = (self.command, names[0] if names else "", len(names))
        if route == ("GET", "health", 1):
            return 200, "The LCP Server is running!", "text/plain"
        if route == ("PUT", "stand-in", 2):
            # Not part of the interface: what tests do to the server itself.
            faults.append(names[1])
            return 200, {}, "application/json"
        if route in _PUBLIC:
            told = _PUBLIC[route](_licence(names[1]), query)
            return 200, status_document(told, self._base), STATUS
        self._require_login()
        body = json.loads(raw) if raw else {}
        if names[0] == "licenses":
            return self._licensed(route, names, body)
        if route == ("PUT", "revoke", 2):
            return 200, status_document(revoke(_licence(names[1])), self._base), STATUS
        return 200, _private(route, names, query, body), "application/json"

    def _licensed(
        self, route: tuple[str, str, int], names: list[str], body: dict[str, Any]
    ) -> tuple[int, Any, str]:
        fault = faults.pop(0) if faults else ""
        if fault == "fail":
            raise Problem(500, "An unexpected error has occurred", "server")
        if route == ("POST", "licenses", 2):
            _require_reader(body)
            return 200, licence_document(_licence(names[1]), body, self._base), LICENCE
        found = generate(body)
        if fault == "break":
            # The licence was made, and nobody hears of it: the line breaks here.
            self.close_connection = True
            self.connection.close()
            return 0, None, ""
        return 201, licence_document(found, body, self._base), LICENCE

    @property
    def _base(self) -> str:
        return f"http://{self.headers['Host']}"

    def _require_login(self) -> None:
        wanted = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if self.headers.get("Authorization") != f"Basic {wanted}":
            raise Problem(401, "Unauthorized")


def _private(route: Any, names: list[str], query: dict[str, str], body: dict[str, Any]) -> Any:
    if route == ("GET", "publications", 1):
        return [{"uuid": each} for each in sorted(publications)]
    if route == ("GET", "publications", 2):
        if names[1] not in publications:
            raise Problem(404, "Resource not found")
        return {"uuid": names[1]}
    if route == ("GET", "licenseinfo", 2) and names[1] == "search":
        return [_info(each) for each in licences.values() if each["user_id"] == query.get("user")]
    if route == ("GET", "licenseinfo", 2):
        return _info(_licence(names[1]))
    if route == ("PUT", "licenseinfo", 2):
        return _update(_licence(names[1]), body)
    raise Problem(404, "Endpoint not found.")


def _require_reader(body: dict[str, Any]) -> None:
    for name in ("user_id", "text_hint", "pass_hash"):
        if not body.get(name):
            raise Problem(400, f"{name} is required")
    if not re.fullmatch(r"[0-9a-fA-F]{64}", body["pass_hash"]):
        raise Problem(500, "failed to decode the user passphrase", "server")


def generate(body: dict[str, Any]) -> dict[str, Any]:
    _require_reader(body)
    if body.get("publication_id") not in publications:
        raise Problem(400, "invalid publication ID")
    end = datetime.fromisoformat(body["end"])
    found = {
        "uuid": str(uuid.uuid4()),
        "provider": "http://library.test",
        "user_id": body["user_id"],
        "publication_id": body["publication_id"],
        "start": datetime.fromisoformat(body["start"]),
        "end": end,
        "max_end": end + timedelta(days=365),
        "status": "ready",
        "issued": _now(),
        "updated": None,
        "status_updated": None,
        "device_count": 0,
        "events": [],
    }
    licences[found["uuid"]] = found
    return found


def _info(found: dict[str, Any]) -> dict[str, Any]:
    names = ("uuid", "provider", "user_id", "publication_id", "status", "device_count")
    moments = ("start", "end", "max_end", "updated", "status_updated")
    told = {name: found[name] for name in names}
    return told | {name: _said(found[name]) for name in moments if found[name]}


def _update(found: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    if body.get("status") not in ("ready", "active", "expired", "cancelled", "revoked"):
        raise Problem(400, "status must be one of these")
    for name in ("start", "end", "max_end"):
        found[name] = datetime.fromisoformat(body[name])
    found["status"] = body["status"]
    return _info(found)


def _licence(key: str) -> dict[str, Any]:
    if key not in licences:
        raise Problem(404, "Resource not found")
    return licences[key]


def _device(query: dict[str, str]) -> dict[str, str]:
    if not query.get("id") or not query.get("name"):
        raise Problem(400, "missing required device identifier and name")
    return {"id": query["id"], "name": query["name"]}


def status_of(found: dict[str, Any], _query: dict[str, str]) -> dict[str, Any]:
    return found


def register(found: dict[str, Any], query: dict[str, str]) -> dict[str, Any]:
    device = _device(query)
    if found["status"] not in ("ready", "active"):
        raise Problem(400, "neither ready nor active", "registration")
    if not _is_registered(found, device):
        found["status"], found["status_updated"] = "active", _now()
        found["device_count"] += 1
        _note(found, "register", device)
    return found


def give_back(found: dict[str, Any], query: dict[str, str]) -> dict[str, Any]:
    device = _device(query)
    if found["end"] < _now():
        raise Problem(403, "this license expired", "return/expired")
    if found["status"] != "active" or not _is_registered(found, device):
        raise Problem(400, "not active on this device", "return")
    found["status"], found["end"] = "returned", _now()
    found["updated"] = found["status_updated"] = _now()
    _note(found, "return", device)
    return found


def renew(found: dict[str, Any], query: dict[str, str]) -> dict[str, Any]:
    device = _device(query)
    if found["status"] != "active" or not _is_registered(found, device):
        raise Problem(400, "not active on this device", "renew")
    wanted = datetime.fromisoformat(query["end"]) if "end" in query else _now() + timedelta(days=7)
    found["end"] = min(wanted, found["max_end"])
    found["updated"] = _now()
    _note(found, "renew", device)
    return found


def revoke(found: dict[str, Any]) -> dict[str, Any]:
    if found["status"] in ("revoked", "cancelled"):
        return found
    cancels = found["status"] == "ready"
    found["status"] = "cancelled" if cancels else "revoked"
    found["end"] = found["updated"] = found["status_updated"] = _now()
    _note(found, "cancel" if cancels else "revoke", {"id": "admin", "name": "system"})
    return found


_PUBLIC = {
    ("GET", "status", 2): status_of,
    ("POST", "register", 2): register,
    ("PUT", "return", 2): give_back,
    ("PUT", "renew", 2): renew,
}


def _is_registered(found: dict[str, Any], device: dict[str, str]) -> bool:
    return any(e["type"] == "register" and e["id"] == device["id"] for e in found["events"])


def _note(found: dict[str, Any], kind: str, device: dict[str, str]) -> None:
    found["events"].append({"type": kind, "timestamp": _said(_now()), **device})


def status_document(found: dict[str, Any], base: str) -> dict[str, Any]:
    status = found["status"]
    if status in ("ready", "active") and found["end"] < _now():
        status = "expired"
    key = found["uuid"]
    links = [
        {"rel": "license", "href": f"http://library.test/read/lcp/{key}", "type": LICENCE},
        _action("register", base, key, "{?id,name}"),
        _action("renew", base, key, "{?end,id,name}"),
        _action("return", base, key, "{?id,name}"),
    ]
    told: dict[str, Any] = {
        "id": key,
        "status": status,
        "message": f"The license is in {status} state",
        "updated": {
            "license": _said(found["updated"] or found["issued"]),
            "status": _said(found["status_updated"] or found["issued"]),
        },
        "links": links,
        "events": found["events"],
    }
    if status in ("ready", "active"):
        told["potential_rights"] = {"end": _said(found["max_end"])}
    return told


def _action(rel: str, base: str, key: str, template: str) -> dict[str, Any]:
    return {"rel": rel, "href": f"{base}/{rel}/{key}{template}", "type": STATUS, "templated": True}


def licence_document(found: dict[str, Any], body: dict[str, Any], base: str) -> dict[str, Any]:
    key = found["uuid"]
    told = {
        "provider": found["provider"],
        "id": key,
        "issued": _said(found["issued"]),
        "encryption": {
            "profile": body.get("profile") or "http://readium.org/lcp/basic-profile",
            "content_key": {
                "algorithm": "http://www.w3.org/2001/04/xmlenc#aes256-cbc",
                "encrypted_value": _bytes(f"content {body['pass_hash']}"),
            },
            "user_key": {
                "algorithm": "http://www.w3.org/2001/04/xmlenc#sha256",
                "text_hint": body["text_hint"],
                "key_check": _locked(key, bytes.fromhex(body["pass_hash"])),
            },
        },
        "links": [
            {
                "rel": "publication",
                "href": f"{base}/contents/{found['publication_id']}",
                "type": "application/epub+zip",
            },
            {"rel": "status", "href": f"{base}/status/{key}", "type": STATUS},
            {"rel": "hint", "href": f"http://library.test/read/lcp/{key}/hint"},
        ],
        "user": {"id": found["user_id"]},
        "rights": {"start": _said(found["start"]), "end": _said(found["end"])},
        "signature": {
            "algorithm": "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
            "certificate": _bytes("certificate"),
            "value": _bytes(f"signature {key}"),
        },
    }
    return told | ({"updated": _said(found["updated"])} if found["updated"] else {})


def _locked(text: str, key: bytes) -> str:
    """Encrypt as LCP's basic profile does: AES-256-CBC, its start at the front."""
    padding = PKCS7(128).padder()
    padded = padding.update(text.encode()) + padding.finalize()
    start = hashlib.sha256(text.encode()).digest()[:16]
    lock = Cipher(AES(key), CBC(start)).encryptor()
    return base64.b64encode(start + lock.update(padded) + lock.finalize()).decode()


def _bytes(seed: str) -> str:
    return base64.b64encode(hashlib.sha256(seed.encode()).digest() * 2).decode()


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251


def _said(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def main(arguments: list[str]) -> None:
    port, *known = arguments
    publications.update(known)
    server = ThreadingHTTPServer(("127.0.0.1", int(port)), Server)
    print(server.server_port, flush=True)  # noqa: T201
    server.serve_forever()


if __name__ == "__main__":
    main(sys.argv[1:])

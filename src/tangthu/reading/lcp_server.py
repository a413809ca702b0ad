"""The line to the LCP licence server: its HTTP interface (EDRLab LCP Server 2), and nothing more.

What it tells is that of the specifications: licence documents (Readium LCP 1.0) and status
documents (Readium LSD 1.0). Keys, encryption and signatures are its own affair.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self
from urllib.parse import quote

import httpx
import orjson
from django.conf import settings
from django.utils.dateparse import parse_datetime

from tangthu.reading.policy.protection import LcpStatus
from tangthu.reading.refusals import LcpDown, LcpRefused

TIMEOUT = httpx.Timeout(10, connect=4, pool=4)
LARGEST_ANSWER = 512 * 1024
LICENCE = "application/vnd.readium.lcp.license.v1.0+json"
STATUS = "application/vnd.readium.license.status.v1.0+json"
DEVICE = {"id": "tangthu", "name": "Tàng Thư"}
"""As what we return and renew a licence that is open on a reader's device (LSD 1.0, 3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Borrower:
    """What a licence is made for: a name for this loan alone, and the reader's key."""

    user: str
    digest: str
    hint: str

    def told(self) -> dict[str, object]:
        """Return it as the server wants it with every licence: it keeps nothing of it."""
        profile = {"profile": settings.LCP_PROFILE} if settings.LCP_PROFILE else {}
        return {
            "user_id": self.user,
            "text_hint": self.hint,
            "pass_hash": self.digest,
            **profile,
        }


@dataclass(frozen=True, slots=True)
class LicenceDocument:
    """A licence as reading programs take it, byte for byte: it is signed."""

    identifier: str
    content: bytes


@dataclass(frozen=True, slots=True)
class StatusDocument:
    """What a licence's status document says: the state, in which it may be used or not."""

    identifier: str
    status: LcpStatus
    content: bytes = field(repr=False, default=b"")


class LcpServer:
    """The server of the settings.

    Raises LcpDown where it does not answer, LcpRefused where it will not.
    """

    def __init__(self, http: httpx.Client) -> None:
        self._http = http

    @classmethod
    def of_settings(cls) -> Self:
        """Return the line to the server that is set up. Raises LcpDown where none is."""
        if not settings.LCP_URL:
            raise LcpDown(seen="not set up")
        return cls(
            httpx.Client(
                base_url=settings.LCP_URL.rstrip("/"),
                auth=httpx.BasicAuth(settings.LCP_USER, settings.LCP_PASSWORD),
                timeout=TIMEOUT,
                follow_redirects=False,
                trust_env=False,
            )
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def health(self) -> None:
        """Return when the server is there and takes our name and password."""
        self._ask("GET", "/health")
        self._ask("GET", "/publications/", query={"per_page": "1"})

    def has(self, publication: str) -> bool:
        """Tell whether the server has the publication: it was encrypted, and it keeps its key."""
        try:
            self._ask("GET", f"/publications/{_part(publication)}")
        except LcpRefused as refused:
            if refused.data.get("status") == httpx.codes.NOT_FOUND:
                return False
            raise
        return True

    def issue(
        self, publication: str, borrower: Borrower, *, start: datetime, end: datetime
    ) -> LicenceDocument:
        """Let the server make a licence of the publication, open from one moment to the other."""
        wanted = {
            "publication_id": publication,
            "start": _moment(start),
            "end": _moment(end),
            **borrower.told(),
        }
        return _licence(self._ask("POST", "/licenses/", wanted))

    def fresh(self, identifier: str, borrower: Borrower) -> LicenceDocument:
        """Return the licence as it is now."""
        return _licence(self._ask("POST", f"/licenses/{_part(identifier)}", borrower.told()))

    def issued_to(self, user: str) -> str:
        """Return the licence that was made for this borrower already; empty where none was."""
        body = self._ask("GET", "/licenseinfo/search", query={"user": user})
        found = _parsed(body)
        rows = found if isinstance(found, list) else []
        return next((str(row["uuid"]) for row in rows if isinstance(row, dict)), "")

    def status(self, identifier: str) -> StatusDocument:
        """Return the licence's status document."""
        return _status(self._ask("GET", f"/status/{_part(identifier)}"))

    def extend(self, identifier: str, *, end: datetime) -> StatusDocument:
        """Let the licence end at that moment instead, and the reading programs know of it."""
        key = _part(identifier)
        info = _object(self._ask("GET", f"/licenseinfo/{key}"))
        changed = info | {"end": _moment(end), "max_end": _moment(end)}
        self._ask("PUT", f"/licenseinfo/{key}", changed)
        told = self.status(identifier)
        if told.status is not LcpStatus.ACTIVE:
            return told
        # Only a renewal tells the programs that hold the licence to fetch it anew.
        self._ask("POST", f"/register/{key}", query=DEVICE)
        return _status(self._ask("PUT", f"/renew/{key}", query=DEVICE | {"end": _moment(end)}))

    def end(self, identifier: str) -> StatusDocument:
        """End the licence: returned where it is open on a device, else cancelled."""
        told = self.status(identifier)
        if not told.status.is_open:
            return told
        key = _part(identifier)
        if told.status is LcpStatus.READY:
            return _status(self._ask("PUT", f"/revoke/{key}"))
        self._ask("POST", f"/register/{key}", query=DEVICE)
        return _status(self._ask("PUT", f"/return/{key}", query=DEVICE))

    def _ask(
        self,
        method: str,
        path: str,
        body: Mapping[str, object] | None = None,
        *,
        query: Mapping[str, str] | None = None,
    ) -> bytes:
        request = self._http.build_request(
            method,
            path,
            params=dict(query or {}),
            content=None if body is None else orjson.dumps(body),
            headers={} if body is None else {"Content-Type": "application/json"},
        )
        try:
            answer = self._http.send(request, stream=True)
            try:
                content = _body(answer)
            finally:
                answer.close()
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise LcpDown(seen=type(error).__name__) from error
        if answer.is_server_error:
            raise LcpDown(seen=str(answer.status_code))
        if not answer.is_success:
            raise LcpRefused(status=answer.status_code, seen=_title(content))
        return content


def _body(answer: httpx.Response) -> bytes:
    pieces, size = [], 0
    for piece in answer.iter_bytes():
        size += len(piece)
        if size > LARGEST_ANSWER:
            raise LcpDown(seen="answer too large")
        pieces.append(piece)
    return b"".join(pieces)


def _part(identifier: str) -> str:
    return quote(identifier, safe="")


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _parsed(content: bytes) -> object:
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise LcpDown(seen="no JSON") from error


def _object(content: bytes) -> dict[str, object]:
    found = _parsed(content)
    if not isinstance(found, dict):
        raise LcpDown(seen="no object")
    return found


def _title(content: bytes) -> str:
    """Return what a problem document (RFC 7807) says is wrong, cut short."""
    try:
        said = orjson.loads(content)
    except orjson.JSONDecodeError:
        return ""
    words = (said.get("detail") or said.get("title") or "") if isinstance(said, dict) else ""
    return str(words)[:150]


def _licence(content: bytes) -> LicenceDocument:
    """Read as much of a licence as we need (LCP 1.0, 3.2). Raises LcpDown for what is none."""
    told = _object(content)
    missing = {"id", "issued", "provider", "encryption", "links", "signature"} - told.keys()
    if missing:
        raise LcpDown(seen=f"licence without {sorted(missing)[0]}")
    return LicenceDocument(str(told["id"])[:100], content)


def _status(content: bytes) -> StatusDocument:
    """Read a status document (LSD 1.0, 2). Raises LcpDown for what is none."""
    told = _object(content)
    try:
        status = LcpStatus(str(told.get("status")))
    except ValueError as error:
        raise LcpDown(seen="status unknown") from error
    return StatusDocument(str(told.get("id", ""))[:100], status, content)


def end_of(licence: bytes) -> datetime | None:
    """Return when a licence document says that it ends."""
    rights = _object(licence).get("rights")
    said = rights.get("end") if isinstance(rights, dict) else None
    return parse_datetime(said) if isinstance(said, str) else None

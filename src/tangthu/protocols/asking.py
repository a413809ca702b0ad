"""Asking another repository: politely, within limits of time and size, and only on the web."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urljoin

import httpx

from tangthu.protocols.errors import HarvestFailed

TIMEOUT = httpx.Timeout(60, connect=10)
LARGEST_ANSWER = 32 * 1024 * 1024
"""Bytes of an answer as it is read, not as it comes packed over the line."""

PAUSE = 0.5
"""Seconds between two questions: nobody's server is to suffer from us."""

LONGEST_WAIT = 120.0
TRIES = 4
REDIRECTS = 3
_BUSY = {429, 503}
_AGENT = "TangThu-harvester (OAI-PMH)"


@dataclass(slots=True)
class Line:
    """A line to one repository. `pause` is how long it rests between two questions, in seconds."""

    http: httpx.Client
    address: str
    pause: float = PAUSE
    _asked: bool = False

    def ask(self, arguments: Mapping[str, str]) -> bytes:
        """Return what the repository answers; wait where it asks for patience (section 3.1.2.2).

        Raises HarvestFailed.
        """
        for attempt in range(TRIES):
            if self._asked:
                time.sleep(self.pause)
            self._asked = True
            status, wait, body = self._once(arguments)
            if status == httpx.codes.OK:
                return body
            if status not in _BUSY or attempt == TRIES - 1:
                break
            time.sleep(min(wait, LONGEST_WAIT))
        raise HarvestFailed("harvest_status")

    def _once(self, arguments: Mapping[str, str]) -> tuple[int, float, bytes]:
        request = self.http.build_request("GET", self.address, params=dict(arguments))
        try:
            for _ in range(REDIRECTS + 1):
                response = self.http.send(request, stream=True)
                try:
                    if not response.is_redirect:
                        return response.status_code, _wait(response), _body(response)
                    request = self.http.build_request("GET", _elsewhere(response))
                finally:
                    response.close()
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise HarvestFailed("harvest_unreachable") from error
        raise HarvestFailed("harvest_elsewhere")


def client() -> httpx.Client:
    """Return a client that follows nobody by itself."""
    return httpx.Client(
        timeout=TIMEOUT, follow_redirects=False, headers={"User-Agent": _AGENT}, trust_env=False
    )


def _elsewhere(response: httpx.Response) -> str:
    address: str = urljoin(str(response.url), response.headers.get("Location", ""))
    if not address.startswith(("http://", "https://")):
        raise HarvestFailed("harvest_elsewhere")
    return address


def _wait(response: httpx.Response) -> float:
    said = response.headers.get("Retry-After", "")
    return float(said) if said.isdigit() and len(said) < 6 else 5.0


def _body(response: httpx.Response) -> bytes:
    pieces, size = [], 0
    for piece in response.iter_bytes():
        size += len(piece)
        if size > LARGEST_ANSWER:
            raise HarvestFailed("harvest_too_large")
        pieces.append(piece)
    return b"".join(pieces)

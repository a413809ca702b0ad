"""Content states: a link to a page, or a part of it, that viewers pass on (Content State 1.0)."""

from __future__ import annotations

import binascii
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from urllib.parse import quote, unquote, urldefrag

from tangthu.formats.iiif.errors import StateUnreadable
from tangthu.formats.iiif.manifest import CONTEXT, region

LONGEST = 8_000
_BASE64 = re.compile(r"[A-Za-z0-9_-]+")
_SIDE = r"([0-9]{1,9})"
_BOX = re.compile(rf"xywh=(?:pixel:)?{_SIDE},{_SIDE},{_SIDE},{_SIDE}")
# What encodeURIComponent leaves as it is, which the standard prescribes (section 6.1).
_UNESCAPED = "-_.!~*'()"


@dataclass(frozen=True, slots=True)
class State:
    """What a viewer shows: a manifest, perhaps one of its canvases, perhaps a part of that."""

    manifest: str
    canvas: str = ""
    box: tuple[int, int, int, int] | None = None


def encode(state: State) -> str:
    """Return the state for an address: `?iiif-content=…`."""
    text = json.dumps(_annotation(state), ensure_ascii=False, separators=(",", ":"))
    return urlsafe_b64encode(quote(text, safe=_UNESCAPED).encode()).decode().rstrip("=")


def decode(text: str) -> State:
    """Read a state: the address of a manifest, or an annotation, plain or encoded.

    Raise StateUnreadable if it is none, is too long, or names no manifest.
    """
    if not text or len(text) > LONGEST:
        raise StateUnreadable("empty or too long")
    plain = text.strip()
    if _BASE64.fullmatch(plain):
        plain = _from_base64(plain)
    if plain.startswith(("http://", "https://")):
        return State(plain)
    try:
        found = json.loads(plain)
    except (ValueError, RecursionError) as error:
        raise StateUnreadable("not JSON") from error
    return _state(found)


def _from_base64(text: str) -> str:
    try:
        return unquote(urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode(), errors="strict")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise StateUnreadable("not base64url") from error


def _annotation(state: State) -> dict[str, object]:
    part_of = [{"id": state.manifest, "type": "Manifest"}]
    target: dict[str, object] = {"id": state.manifest, "type": "Manifest"}
    if state.canvas:
        canvas = region(state.canvas, state.box) if state.box else state.canvas
        target = {"id": canvas, "type": "Canvas", "partOf": part_of}
    return {
        "@context": CONTEXT,
        "type": "Annotation",
        "motivation": ["contentState"],
        "target": target,
    }


def _state(found: object) -> State:
    """Read an annotation, or a manifest or canvas that stands for one."""
    if isinstance(found, dict) and found.get("type") == "Annotation":
        found = found.get("target")
    if isinstance(found, list) and found:
        found = found[0]
    if isinstance(found, str):
        return State(found)
    if not isinstance(found, dict):
        raise StateUnreadable("no target")
    address = found.get("source", found.get("id"))
    if isinstance(address, dict):
        found, address = address, address.get("id")
    if not isinstance(address, str):
        raise StateUnreadable("no address")
    if found.get("type") == "Manifest":
        return State(address)
    return _canvas(address, found.get("partOf"))


def _canvas(address: str, part_of: object) -> State:
    canvas, fragment = urldefrag(address)
    owner = part_of[0] if isinstance(part_of, list) and part_of else part_of
    manifest = owner.get("id") if isinstance(owner, dict) else owner
    if not isinstance(manifest, str):
        raise StateUnreadable("no manifest")
    box = _BOX.fullmatch(fragment)
    x, y, width, height = (int(side) for side in box.groups()) if box else (0, 0, 0, 0)
    return State(manifest, canvas, (x, y, width, height) if box else None)

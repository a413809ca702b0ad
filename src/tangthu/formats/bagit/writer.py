"""Writing bags: into a folder, a ZIP file, or wherever files can be put one after another."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping

from tangthu.formats.bagit.reader import DECLARATION, PAYLOAD

Put = Callable[[str, Iterable[bytes]], None]
"""Takes a name, and the bytes piece by piece."""


class Writer:
    """A bag on its way: each file is given once, in pieces, and measured as it goes by."""

    def __init__(self, put: Put) -> None:
        self._put = put
        self._payload: dict[str, tuple[str, int]] = {}
        self._tags: dict[str, tuple[str, int]] = {}

    def payload(self, name: str, pieces: Iterable[bytes]) -> str:
        """Put a file of the payload; return its SHA-256."""
        return self._measured(PAYLOAD + name, pieces, self._payload)

    def close(self, info: Mapping[str, str]) -> None:
        """Put what tells of the bag: its label, its manifests."""
        size = sum(size for _, size in self._payload.values())
        told = {**info, "Payload-Oxum": f"{size}.{len(self._payload)}"}
        self._tag(DECLARATION, "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
        self._tag("bag-info.txt", "".join(f"{key}: {_line(told[key])}\n" for key in told))
        self._tag("manifest-sha256.txt", _manifest(self._payload))
        self._put("tagmanifest-sha256.txt", [_manifest(self._tags).encode()])

    def _tag(self, name: str, text: str) -> None:
        self._measured(name, [text.encode()], self._tags)

    def _measured(
        self, name: str, pieces: Iterable[bytes], into: dict[str, tuple[str, int]]
    ) -> str:
        digest, size = hashlib.sha256(), 0

        def passing() -> Iterator[bytes]:
            nonlocal size
            for piece in pieces:
                digest.update(piece)
                size += len(piece)
                yield piece

        self._put(name, passing())
        into[name] = (digest.hexdigest(), size)
        return digest.hexdigest()


def _manifest(files: Mapping[str, tuple[str, int]]) -> str:
    return "".join(f"{files[name][0]}  {_escaped(name)}\n" for name in sorted(files))


def _escaped(name: str) -> str:
    return name.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D")


def _line(value: str) -> str:
    return " ".join(value.split())

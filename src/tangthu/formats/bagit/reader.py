"""Reading bags of strangers: every byte is compared with what the manifests say."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

ALGORITHMS = ("sha512", "sha256", "sha1", "md5")
DECLARATION = "bagit.txt"
PAYLOAD = "data/"
LARGEST_TAG_FILE = 32 * 1024**2
"""Of a manifest: a line for each of a hundred thousand files."""

_PIECE = 1 << 20
_LINE = re.compile(r"^([0-9a-fA-F]{16,128})[ \t]+\*?(.+)$")
_MANIFEST = re.compile(r"^(tag)?manifest-([a-z0-9]+)\.txt$")
_ESCAPED = re.compile("%(0[aAdD]|25)")
_SIGNS = {"%0a": "\n", "%0d": "\r", "%25": "%"}


class BadBag(ValueError):
    """No bag, or not a whole one. `fault` names why, `name` the file."""

    def __init__(self, fault: str, name: str = "") -> None:
        super().__init__(f"{fault}: {name}" if name else fault)
        self.fault = fault
        self.name = name


@dataclass(frozen=True, slots=True)
class Bag:
    """A bag that was found whole. Names are composed (NFC), those of the payload without `data/`.

    `digests` are the SHA-256 of the payload, calculated from its bytes.
    """

    payload: Mapping[str, Path]
    tags: Mapping[str, Path]
    digests: Mapping[str, str]
    info: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def told(self, label: str) -> str:
        """Return the first value that bag-info.txt has under a label; labels ignore case."""
        values = self.info.get(label.casefold(), ())
        return values[0] if values else ""

    @property
    def digest(self) -> str:
        """What the payload is known by again, however it is packed and whatever is told of it."""
        lines = (f"{digest}  {name}\n" for name, digest in sorted(self.digests.items()))
        return hashlib.sha256("".join(lines).encode()).hexdigest()


def roots(names: Iterable[str]) -> list[str]:
    """Return where bags begin among these names: "" or "folder/", none within another."""
    found = [
        name.removesuffix(DECLARATION) for name in names if f"/{name}".endswith(f"/{DECLARATION}")
    ]
    return sorted(
        each for each in found if not any(each != top and each.startswith(top) for top in found)
    )


def opened(files: Mapping[str, Path]) -> Bag:
    """Return the bag that these files make, named from its root. Raises BadBag.

    Names that a Mac decomposed are the same as composed ones. A bag that wants files fetched from
    elsewhere is refused: whoever packed it sends them along.
    """
    named = _composed(files)
    if DECLARATION not in named:
        raise BadBag("not_a_bag")
    declared = _tags(_text(named, DECLARATION))
    if not declared.get("bagit-version", ("",))[0].startswith(("0.9", "1.")):
        raise BadBag("not_a_bag", DECLARATION)
    if "fetch.txt" in named and _text(named, "fetch.txt").strip():
        raise BadBag("bag_to_be_fetched", "fetch.txt")
    digests = _whole(named)
    info = _tags(_text(named, "bag-info.txt")) if "bag-info.txt" in named else {}
    payload = {name.removeprefix(PAYLOAD): path for name, path in named.items() if _is_data(name)}
    return Bag(
        payload=payload,
        tags={name: path for name, path in named.items() if not _is_data(name)},
        digests={name: digests[PAYLOAD + name] for name in payload},
        info=info,
    )


def _composed(files: Mapping[str, Path]) -> dict[str, Path]:
    named: dict[str, Path] = {}
    for name, path in files.items():
        composed = unicodedata.normalize("NFC", name)
        if composed in named:
            raise BadBag("bag_names_twice", composed)
        named[composed] = path
    return named


def _is_data(name: str) -> bool:
    return name.startswith(PAYLOAD)


def _whole(named: Mapping[str, Path]) -> dict[str, str]:
    """Compare every file with every manifest; return the SHA-256 of each of the payload."""
    manifests = _manifests(named)
    of_payload = [told for is_tag, _, told in manifests if not is_tag]
    if not of_payload:
        raise BadBag("bag_without_manifest")
    found = {name for name in named if _is_data(name)}
    for told in of_payload:
        for name in sorted(found ^ told.keys()):
            raise BadBag("bag_file_missing" if name in told else "bag_file_not_listed", name)
    wanted: dict[str, dict[str, str]] = {name: {} for name in found}
    for _, algorithm, told in manifests:
        for name, digest in told.items():
            if name not in named:
                raise BadBag("bag_file_missing", name)
            wanted.setdefault(name, {})[algorithm] = digest
    return {name: _compared(name, named[name], told) for name, told in wanted.items()}


def _manifests(named: Mapping[str, Path]) -> list[tuple[bool, str, dict[str, str]]]:
    read = []
    for name in named:
        matched = _MANIFEST.match(name)
        if matched is None:
            continue
        # RFC 8493, 2.4: one who reads may pass over an algorithm that it does not know.
        if matched[2] in ALGORITHMS:
            read.append((bool(matched[1]), matched[2], _listed(_text(named, name), name)))
    return read


def _listed(text: str, manifest: str) -> dict[str, str]:
    told: dict[str, str] = {}
    for line in text.splitlines():
        if not line.strip():
            continue
        matched = _LINE.match(line)
        if matched is None:
            raise BadBag("bag_manifest_unreadable", manifest)
        name = _name(matched[2])
        if _leads_out(name):
            raise BadBag("path_leads_out", name[:200])
        if name in told and told[name] != matched[1].lower():
            raise BadBag("bag_names_twice", name)
        told[name] = matched[1].lower()
    return told


def _name(written: str) -> str:
    plain = _ESCAPED.sub(lambda found: _SIGNS[found[0].lower()], written.strip())
    return unicodedata.normalize("NFC", plain.removeprefix("./"))


def _leads_out(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return name.startswith(("/", "~")) or ":" in parts[0] or ".." in parts or "\x00" in name


def _compared(name: str, path: Path, told: Mapping[str, str]) -> str:
    hashes = {each: hashlib.new(each, usedforsecurity=False) for each in {*told, "sha256"}}
    with path.open("rb") as source:
        while piece := source.read(_PIECE):
            for each in hashes.values():
                each.update(piece)
    if any(hashes[each].hexdigest() != digest for each, digest in told.items()):
        raise BadBag("bag_file_changed", name)
    return hashes["sha256"].hexdigest()


def _text(named: Mapping[str, Path], name: str) -> str:
    path = named[name]
    if path.stat().st_size > LARGEST_TAG_FILE:
        raise BadBag("bag_manifest_unreadable", name)
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadBag("bag_manifest_unreadable", name) from error


def _tags(text: str) -> dict[str, tuple[str, ...]]:
    """Return what "Label: value" lines tell; a line that begins with a space goes on."""
    lines: list[str] = []
    for line in text.splitlines():
        if line[:1] in {" ", "\t"} and lines:
            lines[-1] += f" {line.strip()}"
        elif line.strip():
            lines.append(line)
    told: dict[str, tuple[str, ...]] = {}
    for line in lines:
        label, colon, value = line.partition(":")
        if colon:
            key = label.strip().casefold()
            told[key] = (*told.get(key, ()), value.strip())
    return told

"""The inventory of an OCFL object (OCFL 1.1, §3.5): what lies where, and what each version held."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from urllib.parse import quote

SPECIFICATION = "https://ocfl.io/1.1/spec/#inventory"
DIGEST = "sha512"
FIXITY = "sha256"
INVENTORY = "inventory.json"
SIDECAR = f"{INVENTORY}.{DIGEST}"
OBJECT_DECLARATION = ("0=ocfl_object_1.1", "ocfl_object_1.1\n")
ROOT_DECLARATION = ("0=ocfl_1.1", "ocfl_1.1\n")
LAYOUT = "0003-hash-and-id-n-tuple-storage-layout"


class BadInventory(ValueError):
    """The text is no inventory of ours, or does not agree with itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version: when and by whom, and each logical path with the digest of its content."""

    created: datetime
    message: str
    user: str
    state: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """What an object holds. `manifest`: content path → SHA-512; `fixity`: → SHA-256."""

    id: str
    manifest: Mapping[str, str] = field(default_factory=dict)
    fixity: Mapping[str, str] = field(default_factory=dict)
    versions: tuple[Version, ...] = ()

    @property
    def head(self) -> int:
        return len(self.versions)

    @property
    def state(self) -> Mapping[str, str]:
        """The newest version: logical path → SHA-512."""
        return self.versions[-1].state if self.versions else {}

    def with_version(
        self, version: Version, *, manifest: Mapping[str, str], fixity: Mapping[str, str]
    ) -> Inventory:
        """Return the inventory with one version more, and the content that it brings."""
        return replace(
            self,
            manifest={**self.manifest, **manifest},
            fixity={**self.fixity, **fixity},
            versions=(*self.versions, version),
        )


def content_path(version: int, logical: str) -> str:
    """Return where content that arrives with a version lies, below the object's folder.

    The names of people stay readable: only the parts of a path are kept apart.
    """
    return f"v{version}/content/{logical}"


def object_path(identifier: str) -> str:
    """Return the folder of an object below the root, by extension 0003 with its defaults."""
    digest = hashlib.sha256(identifier.encode()).hexdigest()
    return f"{digest[:3]}/{digest[3:6]}/{digest[6:9]}/{quote(identifier, safe='')}"


def layout() -> Mapping[str, str]:
    """Return the files that tell of the layout, by their path below the root."""
    described = {
        "extension": LAYOUT,
        "description": "Hashed Truncated N-tuple Trees with Object ID",
    }
    config = {
        "extensionName": LAYOUT,
        "digestAlgorithm": "sha256",
        "tupleSize": 3,
        "numberOfTuples": 3,
    }
    return {
        "ocfl_layout.json": json.dumps(described, indent=2) + "\n",
        f"extensions/{LAYOUT}/config.json": json.dumps(config, indent=2) + "\n",
    }


def dumps(inventory: Inventory) -> str:
    """Return the inventory as its file says it."""
    versions = {
        f"v{number}": {
            "created": version.created.astimezone(UTC).isoformat(timespec="seconds"),
            "message": version.message,
            "user": {"name": version.user},
            "state": _by_digest(version.state),
        }
        for number, version in enumerate(inventory.versions, 1)
    }
    written = {
        "id": inventory.id,
        "type": SPECIFICATION,
        "digestAlgorithm": DIGEST,
        "head": f"v{inventory.head}",
        "contentDirectory": "content",
        "manifest": _by_digest(inventory.manifest),
        "fixity": {FIXITY: _by_digest(inventory.fixity)},
        "versions": versions,
    }
    return json.dumps(written, indent=1, ensure_ascii=False) + "\n"


def loads(text: str) -> Inventory:
    """Read an inventory that we wrote. Raises BadInventory."""
    try:
        read = json.loads(text)
        if read["digestAlgorithm"] != DIGEST or read["type"] != SPECIFICATION:
            raise BadInventory("of another kind")
        versions = read["versions"]
        inventory = Inventory(
            id=read["id"],
            manifest=_by_path(read["manifest"]),
            fixity=_by_path(read.get("fixity", {}).get(FIXITY, {})),
            versions=tuple(
                _version(versions[f"v{number}"]) for number in range(1, len(versions) + 1)
            ),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadInventory(str(error)) from error
    if read.get("head") != f"v{inventory.head}" or not inventory.versions:
        raise BadInventory("its head is not its last version")
    return inventory


def sidecar(text: str) -> str:
    """Return what stands in the file beside the inventory: its digest."""
    return f"{hashlib.sha512(text.encode()).hexdigest()} {INVENTORY}\n"


def sidecar_digest(text: str) -> str:
    """Return the digest that a sidecar tells; empty for one that tells none."""
    return next(iter(text.split()), "")


def _version(read: Mapping[str, object]) -> Version:
    user, state = read.get("user"), read["state"]
    if not isinstance(state, Mapping):
        raise BadInventory("a version without its state")
    return Version(
        created=datetime.fromisoformat(str(read["created"])),
        message=str(read.get("message", "")),
        user=str(user.get("name", "")) if isinstance(user, Mapping) else "",
        state=_by_path(state),
    )


def _by_digest(paths: Mapping[str, str]) -> dict[str, list[str]]:
    gathered: dict[str, list[str]] = {}
    for path, digest in paths.items():
        gathered.setdefault(digest, []).append(path)
    return gathered


def _by_path(digests: Mapping[str, list[str]]) -> dict[str, str]:
    return {path: digest for digest, paths in digests.items() for path in paths}

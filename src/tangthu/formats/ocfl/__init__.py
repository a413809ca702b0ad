"""Oxford Common File Layout 1.1: how an archive keeps every version of an object readable.

The inventory of an object as a value; what is done with files stands in `repository.archive`.
"""

from tangthu.formats.ocfl.inventory import (
    BadInventory,
    Inventory,
    Version,
    dumps,
    loads,
    object_path,
    sidecar,
    sidecar_digest,
)

__all__ = [
    "BadInventory",
    "Inventory",
    "Version",
    "dumps",
    "loads",
    "object_path",
    "sidecar",
    "sidecar_digest",
]

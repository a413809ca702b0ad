"""What must be true of an object before readers are shown it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tangthu.repository.policy.kinds import Access, ObjectKind
from tangthu.repository.policy.rights import PROTECTED


class PublishingBlock(StrEnum):
    """What stands between an object and its readers."""

    NO_RIGHTS = "no_rights"
    PERMISSION_NOT_NAMED = "permission_not_named"
    NOTHING_INSIDE = "nothing_inside"
    PAGES_NOT_READY = "pages_not_ready"
    FILE_DAMAGED = "file_damaged"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """An object as it would be published."""

    kind: str
    rights: str
    rights_note: str
    access: str
    is_withdrawn: bool
    pages: int
    pages_ready: int
    files: int
    damaged: int


def blocks(found: Readiness) -> tuple[PublishingBlock, ...]:
    """Return everything that stands in the way; nothing where it may be published.

    A protected work opens to all only where the note names who permitted it.
    """
    open_to_all = found.access == Access.PUBLIC
    needs_permission = found.rights in PROTECTED and open_to_all and not found.rights_note.strip()
    by_pages = found.kind == ObjectKind.PAGE_IMAGES
    checks = (
        (PublishingBlock.WITHDRAWN, found.is_withdrawn),
        (PublishingBlock.NO_RIGHTS, not found.rights),
        (PublishingBlock.PERMISSION_NOT_NAMED, needs_permission),
        (PublishingBlock.NOTHING_INSIDE, not (found.pages if by_pages else found.files)),
        (PublishingBlock.PAGES_NOT_READY, found.pages_ready < found.pages),
        (PublishingBlock.FILE_DAMAGED, found.damaged > 0),
    )
    return tuple(block for block, stands in checks if stands)

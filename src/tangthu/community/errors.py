from __future__ import annotations

from tangthu.core.errors import Conflict, Invalid


class PodcastTaken(Conflict):
    """The collection has a podcast already."""

    code = "podcast_taken"


class ExhibitionTaken(Conflict):
    """Another exhibition has this address."""

    code = "exhibition_taken"


class TooManyBlocks(Conflict):
    code = "too_many_blocks"


class BlockTakenOut(Conflict):
    """Somebody took the piece out while another typed it anew."""

    code = "block_taken_out"


class BlockRefused(Invalid):
    """What was typed into a block cannot be shown. `fault` names why, `line` where, from 1."""

    code = "block_refused"

    def __init__(self, field: str, fault: str, *, line: int = 0) -> None:
        super().__init__(field, fault=fault, line=line)
        self.fault = fault
        self.line = line

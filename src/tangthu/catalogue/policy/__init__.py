"""The rules of the catalogue: when two descriptions are of one document, and how they unite."""

from tangthu.catalogue.policy.matching import (
    Choice,
    Identity,
    Judgement,
    choose,
    identity_of,
    judge_match,
)
from tangthu.catalogue.policy.merging import ITEM_TAGS, changed, merge, replace
from tangthu.formats.marc.matching import MatchKind

__all__ = [
    "ITEM_TAGS",
    "Choice",
    "Identity",
    "Judgement",
    "MatchKind",
    "changed",
    "choose",
    "identity_of",
    "judge_match",
    "merge",
    "replace",
]

"""The rules of the catalogue: when two descriptions are of one document, and how they unite."""

from tangthu.catalogue.policy.matching import (
    Choice,
    Identity,
    Judgement,
    MatchKind,
    choose,
    identity_of,
    judge_match,
)
from tangthu.catalogue.policy.merging import ITEM_TAGS, merge, replace

__all__ = [
    "ITEM_TAGS",
    "Choice",
    "Identity",
    "Judgement",
    "MatchKind",
    "choose",
    "identity_of",
    "judge_match",
    "merge",
    "replace",
]

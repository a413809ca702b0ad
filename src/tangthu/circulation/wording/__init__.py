"""The sentences of circulation: why not, by which rule, and what was done."""

from __future__ import annotations

from tangthu.circulation.wording.lending import (
    AUDIT,
    BLOCKS,
    CLOSING_FAULTS,
    GROUPS,
    NOTICES,
    REMARKS,
    RULE_FAULTS,
    WORDING,
    block_sentence,
    closing_fault_sentence,
    decided_sentences,
    notes,
    reasons,
    remarks,
    rule_sentence,
    rule_value_words,
)

__all__ = [
    "AUDIT",
    "BLOCKS",
    "CLOSING_FAULTS",
    "GROUPS",
    "NOTICES",
    "REMARKS",
    "RULE_FAULTS",
    "WORDING",
    "block_sentence",
    "closing_fault_sentence",
    "decided_sentences",
    "notes",
    "reasons",
    "remarks",
    "rule_sentence",
    "rule_value_words",
]

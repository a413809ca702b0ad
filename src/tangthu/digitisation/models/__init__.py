from __future__ import annotations

from tangthu.digitisation.models.captures import Capture, CaptureState, Step, StepOutcome
from tangthu.digitisation.models.checks import FLAW_LABELS, Finding, FindingState, PageMeasure
from tangthu.digitisation.models.projects import (
    DOER_LABELS,
    EFFECT_LABELS,
    Batch,
    Project,
    Stage,
)
from tangthu.digitisation.models.sheets import COLOUR_LABELS, Sheet

__all__ = [
    "COLOUR_LABELS",
    "DOER_LABELS",
    "EFFECT_LABELS",
    "FLAW_LABELS",
    "Batch",
    "Capture",
    "CaptureState",
    "Finding",
    "FindingState",
    "PageMeasure",
    "Project",
    "Sheet",
    "Stage",
    "Step",
    "StepOutcome",
]

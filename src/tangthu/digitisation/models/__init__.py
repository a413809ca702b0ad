from __future__ import annotations

from tangthu.digitisation.models.captures import Capture, CaptureState, Step, StepOutcome
from tangthu.digitisation.models.checks import FLAW_LABELS, Finding, FindingState, PageMeasure
from tangthu.digitisation.models.correction import (
    COPY_FAULTS,
    CopyState,
    Correction,
    CorrectionQuerySet,
    Form,
    How,
    TextCopy,
)
from tangthu.digitisation.models.ocr import (
    JOB_STATE_LABELS,
    PRIORITY_LABELS,
    HighlandName,
    TextJob,
    TextJobQuerySet,
)
from tangthu.digitisation.models.projects import (
    DOER_LABELS,
    EFFECT_LABELS,
    Batch,
    Project,
    Stage,
)
from tangthu.digitisation.models.sheets import COLOUR_LABELS, Sheet
from tangthu.digitisation.models.volunteers import (
    Counted,
    TaskState,
    Volunteer,
    VolunteerCall,
    WordAnswer,
    WordTask,
)

__all__ = [
    "COLOUR_LABELS",
    "COPY_FAULTS",
    "DOER_LABELS",
    "EFFECT_LABELS",
    "FLAW_LABELS",
    "JOB_STATE_LABELS",
    "PRIORITY_LABELS",
    "Batch",
    "Capture",
    "CaptureState",
    "CopyState",
    "Correction",
    "CorrectionQuerySet",
    "Counted",
    "Finding",
    "FindingState",
    "Form",
    "HighlandName",
    "How",
    "PageMeasure",
    "Project",
    "Sheet",
    "Stage",
    "Step",
    "StepOutcome",
    "TaskState",
    "TextCopy",
    "TextJob",
    "TextJobQuerySet",
    "Volunteer",
    "VolunteerCall",
    "WordAnswer",
    "WordTask",
]

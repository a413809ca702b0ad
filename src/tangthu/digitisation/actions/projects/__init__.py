"""The deeds of digitisation projects: planning, choosing documents, taking them through stages."""

from tangthu.digitisation.actions.projects.batches import BatchMade, add_batch
from tangthu.digitisation.actions.projects.moving import (
    claim,
    finish,
    let_go,
    resume,
    send_back,
    set_aside,
    take_up,
    undo_finish,
)
from tangthu.digitisation.actions.projects.planning import (
    ProjectData,
    change_project,
    close_project,
    plan_project,
    set_stages,
)

__all__ = [
    "BatchMade",
    "ProjectData",
    "add_batch",
    "change_project",
    "claim",
    "close_project",
    "finish",
    "let_go",
    "plan_project",
    "resume",
    "send_back",
    "set_aside",
    "set_stages",
    "take_up",
    "undo_finish",
]

"""Finding the way about in a project."""

from __future__ import annotations

from tangthu.digitisation.models import Project, Stage


def stage_of(project: Project, place: int) -> Stage:
    return project.stages.get(position=place)

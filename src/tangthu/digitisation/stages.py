"""The usual list of stages, in the words of the library's language: where a new project begins."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tangthu.digitisation.policy.stages import Doer, Effect, StagePlan


def usual_stages() -> list[StagePlan]:
    """Return the seven stages of a document from the shelf to the screen."""
    return [
        StagePlan(name=_("Choose documents"), doer=Doer.PLAN, days=7),
        StagePlan(name=_("Fetched from the stack"), effect=Effect.FETCH, days=3),
        StagePlan(name=_("Scan"), effect=Effect.SCAN, days=5),
        StagePlan(name=_("Images processed"), days=3),
        StagePlan(name=_("Pages checked"), effect=Effect.CHECK, days=3, gives_back=True),
        StagePlan(name=_("Described"), doer=Doer.DESCRIBE, days=5),
        StagePlan(name=_("Publish"), effect=Effect.PUBLISH, doer=Doer.PUBLISH, days=5),
    ]

from __future__ import annotations

import logging

from django_tasks import task

from tangthu.access.grants import actor_for
from tangthu.access.models import User
from tangthu.core.actor import Face
from tangthu.core.errors import Conflict, NotPermitted
from tangthu.protocols.actions import harvest
from tangthu.protocols.asking import Line, client
from tangthu.protocols.models import HarvestSource

logger = logging.getLogger("tangthu.harvest")


@task()
def harvest_source(pk: int) -> None:
    """Harvest a source with the rights that whoever set it up has now. May be begun again."""
    source = HarvestSource.objects.select_related("library").filter(pk=pk, is_active=True).first()
    user = User.objects.filter(pk=source.user_id or 0, is_active=True).first() if source else None
    if source is None or user is None:
        return
    try:
        with client() as http:
            by = actor_for(user, face=Face.JOB, library_id=source.library_id)
            ended = harvest(source, Line(http, source.address), by=by)
    except Conflict:
        return
    except NotPermitted:
        logger.warning("harvest not permitted", extra={"key": pk})
        return
    logger.info("harvested", extra={"key": pk, "count": ended.seen, "code": ended.failure})

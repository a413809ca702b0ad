"""What pages ask about logins and about the audit log."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count

from tangthu.access import policy
from tangthu.access.models import LoginAttempt
from tangthu.access.permissions import AccessPermission
from tangthu.core.actor import Actor
from tangthu.core.models import AuditEntry, AuditEntryQuerySet
from tangthu.libraries.models import Library


def locked_usernames(now: datetime) -> frozenset[str]:
    """Return the names that are locked at this moment; also names that nobody has."""
    failures = LoginAttempt.objects.failures(now - policy.FAILURES_COUNT_FOR)
    tried = failures.values("username").annotate(count=Count("pk"))
    often = [row["username"] for row in tried if row["count"] >= policy.LOCK_AFTER]
    recent = failures.filter(username__in=often, at__gt=now - policy.LOCK_LASTS)
    return frozenset(recent.values_list("username", flat=True))


def audit_visible_to(actor: Actor) -> AuditEntryQuerySet:
    """Return the entries of the libraries whose log the actor may read.

    Deeds of no one library (roles, categories) are for those who read the log of a whole tree.
    """
    entries = AuditEntry.objects.newest()
    if actor.everywhere:
        return entries
    libraries = actor.libraries(AccessPermission.SEE_AUDIT)
    visible = entries.filter(library_id__in=libraries)
    if Library.objects.filter(parent=None, pk__in=libraries).exists():
        visible = visible | entries.filter(library_id=None)
    return visible

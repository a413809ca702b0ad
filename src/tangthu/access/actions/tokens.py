"""Keys for programs: made, shown once, taken back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from tangthu.access import tokens
from tangthu.access.authority import require_over
from tangthu.access.models import ApiToken, User
from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.core.errors import NotPermitted
from tangthu.text.normal import normalise


@transaction.atomic
def issue_token(
    user: User, name: str, *, by: Actor, expires_at: datetime | None = None
) -> tuple[ApiToken, str]:
    """Make a key with the rights of the user and return it with its text, shown only now.

    Users make keys for themselves alone (a key for somebody else would be to act in their
    name); the command line, whoever may run it, for anybody.
    """
    if not by.everywhere and by.user_id != user.pk:
        raise NotPermitted(user=user.pk)
    plain = tokens.new_token()
    token = ApiToken.objects.create(
        user=user,
        name=normalise(name)[:100],
        prefix=tokens.prefix_of(plain),
        digest=tokens.digest_of(plain),
        created_at=timezone.now(),
        expires_at=expires_at,
    )
    _note("token.issued", token, by=by)
    return token, plain


@transaction.atomic
def revoke_token(token: ApiToken, *, by: Actor) -> None:
    """Make the key open nothing any more: one's own, or that of a user one administers."""
    if token.user_id != by.user_id:
        require_over(token.user, by=by)
    if token.revoked_at is not None:
        return
    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at"])
    _note("token.revoked", token, by=by)


def _note(action: str, token: ApiToken, *, by: Actor) -> None:
    audit.record(
        action,
        by=by,
        kind="user",
        key=token.user_id,
        library=token.user.library_id,
        after={"token": token.prefix, "name": token.name},
    )

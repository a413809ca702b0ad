from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command

from tangthu.access import actions
from tangthu.access.auth import BAD_TOKENS_A_MINUTE, TokenAuth
from tangthu.access.errors import TooManyBadTokens
from tangthu.access.models import ApiToken
from tangthu.access.tokens import actor_of_token
from tangthu.circulation.permissions import CirculationPermission
from tangthu.core.actor import Face
from tangthu.core.errors import NotPermitted
from tangthu.core.models import AuditEntry

NOW = datetime(2026, 3, 2, 3, tzinfo=UTC)


def test_a_token_acts_with_the_rights_of_its_user(desk_user, desk, province):
    token, plain = actions.issue_token(desk_user, "máy tự mượn", by=desk)

    actor = actor_of_token(plain)

    assert actor.face == Face.API
    assert actor.user_id == desk_user.pk
    assert actor.libraries(CirculationPermission.LEND) == {province.pk}
    assert plain.startswith(token.prefix)


def test_only_the_digest_is_kept(desk_user, desk):
    _, plain = actions.issue_token(desk_user, "máy tự mượn", by=desk)

    row = ApiToken.objects.values().get()
    assert plain not in str(row)
    assert plain not in str(list(AuditEntry.objects.values()))


def test_nobody_makes_a_token_for_somebody_else(desk_user, administrator, machine):
    with pytest.raises(NotPermitted):
        actions.issue_token(desk_user, "x", by=administrator)

    assert not ApiToken.objects.exists()


def test_a_revoked_and_an_expired_token_open_nothing(desk_user, desk):
    with time_machine.travel(NOW, tick=False) as clock:
        token, revoked = actions.issue_token(desk_user, "a", by=desk)
        actions.revoke_token(token, by=desk)
        _, expiring = actions.issue_token(
            desk_user, "b", by=desk, expires_at=NOW + timedelta(days=1)
        )

        assert actor_of_token(revoked) is None
        assert actor_of_token(expiring) is not None
        clock.shift(timedelta(days=1))
        assert actor_of_token(expiring) is None
        assert actor_of_token("tt_unknown") is None


def test_only_the_owner_or_an_administrator_revokes(desk_user, desk, cataloguer, administrator):
    token, plain = actions.issue_token(desk_user, "a", by=desk)

    with pytest.raises(NotPermitted):
        actions.revoke_token(token, by=cataloguer)
    assert actor_of_token(plain) is not None

    actions.revoke_token(token, by=administrator)
    assert actor_of_token(plain) is None


def test_its_use_is_noted_at_most_every_five_minutes(desk_user, desk, django_assert_num_queries):
    with time_machine.travel(NOW, tick=False) as clock:
        token, plain = actions.issue_token(desk_user, "a", by=desk)
        actor_of_token(plain)
        clock.shift(timedelta(minutes=4))
        with django_assert_num_queries(1):
            actor_of_token(plain)

    token.refresh_from_db()
    assert token.last_used_at == NOW


def test_an_address_that_sends_only_unknown_tokens_is_stopped(desk_user, desk, rf):
    request = rf.get("/api/v1/search", REMOTE_ADDR="203.0.113.99")
    _, good = actions.issue_token(desk_user, "a", by=desk)
    for _ in range(BAD_TOKENS_A_MINUTE):
        assert TokenAuth().authenticate(request, "tt_wrong") is None

    assert TokenAuth().authenticate(request, good) is not None
    with pytest.raises(TooManyBadTokens):
        TokenAuth().authenticate(request, "tt_wrong")


def test_the_command_prints_the_token_alone(desk_user):
    out = StringIO()

    call_command("token", "desk", stdout=out)

    assert out.getvalue().count("\n") == 1
    assert actor_of_token(out.getvalue().strip()).user_id == desk_user.pk


def test_the_command_says_on_stderr_that_there_is_no_such_user(db):
    with pytest.raises(CommandError, match="nobody") as refused:
        call_command("token", "nobody")

    assert refused.value.returncode == 1
    assert not ApiToken.objects.exists()

"""What is done with staff users, their roles, sessions and tokens. All that writes is here.

`logins`: logging in and out, passwords. `users`: accounts and the roles they hold. `roles`: the
named sets of rights. `tokens`: keys for programs.
"""

from tangthu.access.actions.logins import (
    begin_session,
    change_password,
    end_other_sessions,
    end_session,
    log_in,
    log_out,
    note_session_seen,
    prune_logins,
    unlock_user,
)
from tangthu.access.actions.roles import (
    RoleData,
    change_role,
    create_default_roles,
    create_role,
    remove_role,
)
from tangthu.access.actions.setup import SetupData, set_up
from tangthu.access.actions.tokens import issue_token, revoke_token
from tangthu.access.actions.users import (
    UserData,
    bar_user,
    change_user,
    create_user,
    grant_role,
    readmit_user,
    reset_password,
    revoke_role,
)

__all__ = [
    "RoleData",
    "SetupData",
    "UserData",
    "bar_user",
    "begin_session",
    "change_password",
    "change_role",
    "change_user",
    "create_default_roles",
    "create_role",
    "create_user",
    "end_other_sessions",
    "end_session",
    "grant_role",
    "issue_token",
    "log_in",
    "log_out",
    "note_session_seen",
    "prune_logins",
    "readmit_user",
    "remove_role",
    "reset_password",
    "revoke_role",
    "revoke_token",
    "set_up",
    "unlock_user",
]

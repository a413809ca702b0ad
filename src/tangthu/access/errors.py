from __future__ import annotations

from tangthu.core.errors import Conflict, Invalid, NotPermitted, TangthuError


class LoginRefused(TangthuError):
    """The name or the password is wrong, or the user is barred. It does not say which."""

    code = "login_refused"
    status = 401


class LoginMustWait(TangthuError):
    """Too many failures shortly before. `seconds` tells how long to wait."""

    code = "login_must_wait"
    status = 429


class LoginLocked(LoginMustWait):
    """So many failures that the name is locked for a while."""

    code = "login_locked"


class TooManyBadTokens(TangthuError):
    code = "too_many_bad_tokens"
    status = 429


class WrongPassword(Invalid):
    """The present password, asked for before it is changed, is wrong."""

    code = "wrong_password"


class WeakPassword(Invalid):
    """`reasons` holds the codes of what is wrong with the new password."""

    code = "weak_password"


class SamePassword(Invalid):
    code = "same_password"


class UsernameInvalid(Invalid):
    code = "username_invalid"


class UsernameTaken(Conflict):
    code = "username_taken"


class AboveYou(NotPermitted):
    """The user holds rights that the one who wants to change them does not."""

    code = "user_above_you"


class CannotGive(NotPermitted):
    """Nobody gives or takes rights that they do not hold themselves."""

    code = "cannot_give"


class NotYourself(Conflict):
    """Nobody bars themselves or resets their own password from the list of users."""

    code = "not_yourself"


class LastAdministrator(Conflict):
    """After this nobody could administer the network any more."""

    code = "last_administrator"


class AlreadyGranted(Conflict):
    code = "already_granted"


class RoleCodeTaken(Conflict):
    code = "role_code_taken"


class RoleFixed(Conflict):
    """The role of network administrators always holds everything."""

    code = "role_fixed"


class RoleInUse(Conflict):
    code = "role_in_use"


class UnknownPermission(Invalid):
    code = "unknown_permission"


class NotYourLibrary(NotPermitted):
    """The user holds nothing at the library where they want to work."""

    code = "not_your_library"


class AlreadySetUp(Conflict):
    """There are staff users: the first set-up was done before."""

    code = "already_set_up"

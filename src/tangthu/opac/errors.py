"""What the catalogue for readers refuses.

TangthuError
├── NotInThisForm      the record holds more than the form asked for can carry
├── NameMissing        a list or a search needs a name
├── NameTaken          another list has this name
├── TooMany            of lists, entries or searches; `limit` tells how many there may be
└── ProviderFailed     the provider of identities (OpenID Connect) did not do its part
"""

from __future__ import annotations

from tangthu.core.errors import Conflict, Invalid, TangthuError


class NotInThisForm(TangthuError):
    """ISO 2709 ends at 9,999 bytes a field and 99,999 a record; `form` names it."""

    code = "not_in_this_form"
    status = 406


class NameMissing(Invalid):
    code = "list_name_missing"


class NameTaken(Conflict):
    code = "list_name_taken"


class TooMany(Conflict):
    code = "too_many_kept"


class ProviderFailed(TangthuError):
    """The provider of identities does not answer, or not as it must; `why` is for the log."""

    code = "provider_failed"
    status = 502

"""What the catalogue for readers refuses.

TangthuError
└── NotInThisForm      the record holds more than the form asked for can carry
"""

from __future__ import annotations

from tangthu.core.errors import TangthuError


class NotInThisForm(TangthuError):
    """ISO 2709 ends at 9,999 bytes a field and 99,999 a record; `form` names it."""

    code = "not_in_this_form"
    status = 406

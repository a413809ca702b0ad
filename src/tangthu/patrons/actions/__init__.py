"""What is done with readers, their cards and their files. All that writes is here.

`registering`: new readers and corrections. `cards`: renewed, lost, replaced, withdrawn.
`files`: restrictions, the citizen number, and who looked. `categories`: kinds of readers.
"""

from tangthu.patrons.actions.cards import (
    renew_card,
    replace_card,
    report_card_lost,
    restore_card,
    withdraw_card,
)
from tangthu.patrons.actions.categories import (
    CategoryData,
    change_category,
    create_category,
    create_default_categories,
)
from tangthu.patrons.actions.files import (
    lift,
    note_seen,
    restrict,
    see_citizen_number,
    set_citizen_number,
)
from tangthu.patrons.actions.registering import PatronData, change_patron, register_patron
from tangthu.patrons.news import PATRON_CHANGED

__all__ = [
    "PATRON_CHANGED",
    "CategoryData",
    "PatronData",
    "change_category",
    "change_patron",
    "create_category",
    "create_default_categories",
    "lift",
    "note_seen",
    "register_patron",
    "renew_card",
    "replace_card",
    "report_card_lost",
    "restore_card",
    "restrict",
    "see_citizen_number",
    "set_citizen_number",
    "withdraw_card",
]

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
from tangthu.patrons.actions.codes import MadeCode, ask_for_code, make_code, use_code
from tangthu.patrons.actions.files import (
    lift,
    note_seen,
    restrict,
    see_citizen_number,
    set_citizen_number,
)
from tangthu.patrons.actions.history import keep_history, stop_keeping_history
from tangthu.patrons.actions.identities import (
    accept_invitation,
    invite_identity,
    invited_reader,
    link_identity,
    reader_of_identity,
    unlink_identity,
)
from tangthu.patrons.actions.logins import (
    actor_for,
    begin_session,
    end_all_sessions,
    end_session,
    forget_account,
    log_in,
    log_out,
    note_session_seen,
    prune_reader_logins,
    unlock_reader,
)
from tangthu.patrons.actions.passwords import (
    change_password,
    choose_password,
    give_start_password,
)
from tangthu.patrons.actions.programs import begin_program, end_program, renew_program
from tangthu.patrons.actions.registering import PatronData, change_patron, register_patron
from tangthu.patrons.news import PATRON_CHANGED

__all__ = [
    "PATRON_CHANGED",
    "CategoryData",
    "MadeCode",
    "PatronData",
    "accept_invitation",
    "actor_for",
    "ask_for_code",
    "begin_program",
    "begin_session",
    "change_category",
    "change_password",
    "change_patron",
    "choose_password",
    "create_category",
    "create_default_categories",
    "end_all_sessions",
    "end_program",
    "end_session",
    "forget_account",
    "give_start_password",
    "invite_identity",
    "invited_reader",
    "keep_history",
    "lift",
    "link_identity",
    "log_in",
    "log_out",
    "make_code",
    "note_seen",
    "note_session_seen",
    "prune_reader_logins",
    "reader_of_identity",
    "register_patron",
    "renew_card",
    "renew_program",
    "replace_card",
    "report_card_lost",
    "restore_card",
    "restrict",
    "see_citizen_number",
    "set_citizen_number",
    "stop_keeping_history",
    "unlink_identity",
    "unlock_reader",
    "use_code",
    "withdraw_card",
]

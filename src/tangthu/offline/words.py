"""The words of the offline page: its program fills them in, and has none of its own."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tangthu.patrons.models import CardStatus, RestrictionKind


def page_words() -> dict[str, str]:
    """Return every sentence of the page in the language of the moment, by name."""
    return {
        **_of_the_desk(),
        **_of_outcomes(),
        **_of_the_head(),
        **_of_troubles(),
        **{f"stop_{kind.value}": str(kind.label) for kind in RestrictionKind},
        **{f"card_{status.value}": str(status.label) for status in CardStatus},
    }


def _of_the_desk() -> dict[str, str]:
    return {
        "finish": _("Finish"),
        "the_reader": _("The reader"),
        "newcomer": _("Registered here; the library does not know of it yet."),
        "card_ended": _("The card ended on %(day)s."),
        "card": _("Card"),
        "category": _("Category"),
        "valid_until": _("Valid until"),
        "library": _("Library"),
        "overdue_since": _("Overdue since %(day)s"),
        "title": _("Title"),
        "barcode": _("Barcode"),
        "due": _("Due"),
        "renewed": _("Renewed"),
        "renew": _("Renew"),
        "take_back": _("Take back"),
        "actions": _("Actions"),
        "on_loan": _("On loan"),
        "loans": _("On loan: %(count)s"),
        "nothing_on_loan": _("Nothing on loan."),
        "which_one": _("Which one?"),
        "readers": _("Readers"),
        "copies_here": _("Copies here"),
        "prompt_lend": _("Scan a card, or type a name"),
        "prompt_lend_to": _("Scan a book to lend"),
        "prompt_return": _("Scan a book that comes back"),
        "prompt_renew": _("Scan a book to renew"),
        "find": _("Find"),
        "do_lend": _("Lend"),
        "do_return": _("Take back"),
        "do_renew": _("Renew"),
        "ready": _("Ready"),
        "ready_text": _(
            "Scan a reader's card to lend, or a book to see who has it. Names and titles work too."
        ),
        "register": _("Register a new reader"),
        "card_needed": _("Scan a card, or write the number of a new one."),
        "card_taken": _("Another reader has this card."),
        "starting": _("The lending rules are starting…"),
        "taking_patrons": _("Readers taken along: %(count)s"),
        "taking_items": _("Copies taken along: %(count)s"),
    }


def _of_outcomes() -> dict[str, str]:
    return {
        "done_lend": _("Lent: due %(day)s"),
        "done_renew": _("Renewed: due %(day)s"),
        "not_lend": _("Not lent: %(title)s"),
        "not_renew": _("Not renewed: %(title)s"),
        "returned": _("Returned"),
        "registered": _("Registered; the card is %(card)s"),
        "reader_is": _("Reader: %(name)s"),
        "unknown_noted": _(
            "This device does not know the barcode. The return is written down and looked up "
            "when there is a line."
        ),
        "not_on_loan": _("It is not on loan, so it cannot be renewed."),
        "unknown_reader": _("The reader is not on this device any more. Scan the card again."),
        "unknown_copy": _("The copy is not on this device."),
        "nothing_found": _("Nothing found"),
        "nothing_found_text": _("No card, barcode, name or title on this device is like this."),
        "card_first": _("To lend it, scan the reader's card first; then scan the book again."),
        "on_loan_to": _("On loan to %(name)s, card %(card)s."),
        "on_loan_elsewhere": _("On loan to a reader who is not on this device."),
        "lend_anyway": _("Lend all the same"),
        "renew_anyway": _("Renew all the same"),
        "written_down": _("This is written down with your name."),
        "left": _("Stopped before these scans; scan them again:"),
    }


def _of_the_head() -> dict[str, str]:
    return {
        "data_of": _("Data of %(hour)s, %(day)s"),
        "waiting": _("%(count)s deeds wait to be sent"),
        "nothing_waits": _("Everything is sent"),
        "to_do": _("To settle: %(count)s"),
        "prepared": _("Ready to work without a line"),
        "preparing": _("Not yet ready to work without a line…"),
        "exported": _("Written into the file %(name)s. Bring it to the centre."),
        "file_taken": _("The centre's data is on this device now."),
    }


def _of_troubles() -> dict[str, str]:
    return {
        "failed": _("This did not work. Nothing was written down. %(why)s"),
        "pins_differ": _("The two are not the same."),
        "pin_wrong": _("The PIN is wrong. After five wrong ones it opens nothing any more."),
        "pin_shut": _(
            "Too many wrong PINs. Log in with a line to open the desk; what was done here is kept."
        ),
        "pin_logged_out": _(
            "You have logged out. Log in with a line to open the desk; what was done here is kept."
        ),
        "file_not_ours": _("This is no file of an offline desk."),
        "file_other_device": _("The file was made for another device."),
        "file_not_taken": _("This is the file for the centre, not the one that it made."),
        "file_damaged": _("The file is damaged. Nothing was changed."),
        "file_locked": _("Open the desk first."),
        "trouble_not_permitted": _("You may not work at the offline desk of this library."),
        "trouble_failed": _("The server has trouble. The desk goes on without it and tries again."),
        "trouble_unknown_device": _("The library does not know this device."),
        "trouble_rules": _(
            "The lending rules do not start. Load the page again; until then only write down by "
            "hand."
        ),
        "trouble_not_json": _("Page and server differ. Load the page again."),
    }

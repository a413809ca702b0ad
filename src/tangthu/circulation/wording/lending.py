"""The sentences of circulation: why not, by which rule, and what is odd about a returned copy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tangthu.catalogue.models import ItemType
from tangthu.circulation.errors import ClosingRefused
from tangthu.circulation.policy import (
    DEFINITIONS,
    Block,
    Blocked,
    CheckinNotice,
    Remark,
    Remarked,
    Resolved,
    RuleDefinition,
    RuleGroup,
    RuleKind,
    RuleName,
    RuleRow,
)
from tangthu.circulation.wording.holds import (
    HOLD_AUDIT,
    HOLD_BLOCKS,
    HOLD_WORDING,
    OUT_OF_REACH_BY_A_LIMIT,
)
from tangthu.core.money import Money
from tangthu.libraries.models import Library
from tangthu.patrons.models import PatronCategory, RestrictionKind
from tangthu.ui.templatetags.ui import dong, ngay

RESTRICTED_WITHOUT_END = "patron_restricted_without_end"

WORDING: Mapping[str, Promise] = {
    "checkout_refused": _("This copy cannot be lent to this reader."),
    "renewal_refused": _("This loan cannot be renewed."),
    "loan_refused": _("The lending rules are against it."),
    "item_on_loan": _("The copy is on loan. Take it back first, then withdraw it."),
    "loan_closed": _("The copy has come back in the meantime: the loan is over."),
    "claimed_before": _(
        "You said so once already, and the library did not find the book on its shelves. Please "
        "speak to the desk."
    ),
    "copy_not_free": _("The copy %(barcode)s is on loan or kept back for a reader."),
    "station_name_taken": _("Another station of this library has this name."),
    "rule_refused": _("The lending rule cannot be set like this."),
    "harm_closed": _("This was reported or settled already."),
    "copy_lost": _("The copy is reported lost. Take it in first: that settles the loss."),
    "loan_forgotten": _("Nobody knows any more who had the copy, so nothing can be charged."),
    "amount_needed": _("The copy has no price: write how much the reader owes."),
    "closing_refused": _("The library cannot be closed on these days."),
    "due_date_refused": _("The due date must lie ahead."),
    "helper_refused": _("Nobody needs leave to borrow for themselves."),
    **HOLD_WORDING,
}

BLOCKS: Mapping[str, Promise] = {
    Block.NO_RULE: _("No library has set the rule “%(name)s”, so nothing is lent."),
    Block.DUE_IN_THE_PAST: _("The due date would be %(due_at)s, which has passed."),
    Block.CARD_EXPIRED: _("The card expired on %(expires_on)s."),
    Block.CARD_LOST: _("The card was reported lost."),
    Block.CARD_WITHDRAWN: _("The card was withdrawn."),
    Block.PATRON_RESTRICTED: _("The card is stopped until %(until)s: %(kind)s."),
    RESTRICTED_WITHOUT_END: _("The card is stopped until the stop is lifted: %(kind)s."),
    Block.TOO_MANY_OVERDUE: _("%(count)s copies are overdue; %(limit)s stop further loans."),
    Block.PATRON_LIBRARY_CLOSED: _("The reader's home library no longer exists."),
    Block.ON_LOAN_TO_THIS_PATRON: _("This reader already has the copy. Renew the loan instead."),
    Block.ON_LOAN_TO_ANOTHER: _("Another reader has the copy. Take it back first."),
    Block.SET_ASIDE: _(
        "The copy is on its way to a reader by home delivery. To lend it here, take it off that "
        "delivery first."
    ),
    Block.MAX_LOANS: _("%(count)s copies of this kind are on loan; at most %(limit)s may be."),
    Block.MAX_LOANS_TOTAL: _("%(count)s copies are on loan; at most %(limit)s may be."),
    Block.NOT_FOR_LOAN: _("The copy is for reading on site only."),
    Block.IN_PROCESSING: _("The copy is still being processed."),
    Block.ITEM_DAMAGED: _("The copy is damaged."),
    Block.ITEM_LOST: _("The copy is registered as lost."),
    Block.ITEM_WITHDRAWN: _("The copy was withdrawn from the register."),
    Block.IN_DIGITISATION: _("The copy is being digitised."),
    Block.LENT_AS_SCAN: _(
        "A reader has the scan of this copy on loan, so the copy itself stays in. "
        "Lend another copy."
    ),
    Block.ITEM_LIBRARY_CLOSED: _("The library that owns the copy no longer exists."),
    Block.ITEM_OF_ANOTHER_LIBRARY: _("The copy belongs to a library for which you may not lend."),
    Block.TOO_YOUNG: _(
        "The reader is %(age)s years old; it is lent from the age of %(minimum_age)s."
    ),
    Block.AGE_UNKNOWN: _(
        "It is lent from the age of %(minimum_age)s, and the reader's date of birth is unknown."
    ),
    Block.TOO_OLD: _(
        "The reader is %(age)s years old; it is lent up to the age of %(maximum_age)s."
    ),
    Block.ON_SITE_NOT_GIVEN: _("The copy is not given out to read on site."),
    Block.MAX_ON_SITE: _(
        "%(count)s copies are with the reader in the room; at most %(limit)s may be."
    ),
    Block.LOOSE_PARTS: _(
        "Loose parts belong to the copy: %(materials)s. Check that all are there."
    ),
    Block.SAME_TITLE_ON_LOAN: _(
        "The reader has another copy of this title: ask whether they want this one too."
    ),
    Block.SAME_TITLE_TWICE: _("The reader has another copy of this title."),
    Block.HAD_BEFORE: _(
        "The reader had this title before, on %(had_on)s: ask whether they want it again."
    ),
    Block.DEBT: _("The reader owes %(owed)s; above %(most_owed)s nothing is lent."),
    Block.DEBT_OF_WARDS: _("The reader's wards owe %(owed)s; above %(most_owed)s nothing is lent."),
    Block.DEBT_OF_GUARDIAN: _(
        "The reader's guardian owes %(owed)s; above %(most_owed)s nothing is lent."
    ),
    Block.NOT_A_HELPER: _("The reader has not said that this person may borrow for them."),
    Block.NO_RENEWALS_LEFT: _("Renewed %(count)s times already; at most %(limit)s are allowed."),
    Block.RENEWAL_TOO_SOON: _("It may be renewed from %(from)s."),
    Block.RENEWAL_GAINS_NOTHING: _("A renewal would not bring a later due date than %(due_at)s."),
    Block.NO_UNSEEN_RENEWALS_LEFT: _(
        "Renewed %(count)s times from afar; at most %(limit)s are allowed. Bring the copy."
    ),
    Block.OVERDUE_NOT_RENEWED: _("It is overdue: bring it back instead."),
    Block.KEPT_TOO_LONG: _("Lent %(count)s days ago; after %(limit)s days it is not renewed."),
    Block.ON_SITE_NOT_RENEWED: _("It was given out to read on site, which is not renewed."),
    Block.CLAIMED_NOT_RENEWED: _("The reader says that it was returned, so it is not renewed."),
    **HOLD_BLOCKS,
}

REMARKS: Mapping[Remark, Promise] = {
    Remark.SHORTER_FOR_OTHERS: _("The loan is shorter: %(waiting)s readers are waiting."),
    Remark.WANTED_FROM: _(
        "Another reader waits for it from %(starts_on)s, before it is due on %(due_at)s."
    ),
    Remark.LOOSE_PARTS: _("Loose parts belong to the copy: %(materials)s."),
    Remark.OWES: _("The reader owes %(owed)s."),
    Remark.LATE_FEE: _("Charged for lateness: %(owed)s."),
}

CLOSING_FAULTS: Mapping[str, Promise] = {
    "ends_before_it_begins": _("The last day lies before the first."),
    "is_over": _("These days are over."),
    "too_long": _("A library is closed for 120 days at most."),
}

GROUPS: Mapping[RuleGroup, Promise] = {
    RuleGroup.LOAN: _("How many, for how long"),
    RuleGroup.WHO: _("To whom, and what the desk is asked"),
    RuleGroup.ON_SITE: _("Reading on site"),
    RuleGroup.RENEWAL: _("Renewing"),
    RuleGroup.HOLDS: _("Holds"),
    RuleGroup.TRANSPORT: _("Transport between libraries"),
    RuleGroup.STANDING: _("What stops a reader"),
    RuleGroup.OVERDUE: _("Lateness: fees and suspension"),
    RuleGroup.LOST: _("Lost and damaged copies"),
}

RULE_FAULTS: Mapping[str, Promise] = {
    "blank": _("This rule needs a value."),
    "not_a_number": _("Write a whole number."),
    "not_a_date": _("Write a date."),
    "not_a_choice": _("Choose one of the values."),
    "out_of_bounds": _("The number is too small or too large."),
    "not_per_item_type": _("This rule is for all types of copies together."),
    "not_per_category": _("This rule is about copies, whoever had them."),
    "unknown_name": _("There is no such rule."),
}

NOTICES: Mapping[CheckinNotice, Promise] = {
    CheckinNotice.WAS_NOT_ON_LOAN: _("The copy was not on loan."),
    CheckinNotice.WAS_OVERDUE: _("The copy came back late."),
    CheckinNotice.WAS_LOST: _("The copy was registered as lost and is found."),
    CheckinNotice.IS_DAMAGED: _("The copy is registered as damaged: look at it."),
    CheckinNotice.IS_WITHDRAWN: _("The copy was withdrawn from the register: set it aside."),
    CheckinNotice.BELONGS_ELSEWHERE: _("The copy belongs to another library."),
    CheckinNotice.WAS_SENT_ELSEWHERE: _("The copy was on its way to another library."),
}

AUDIT: Mapping[str, Promise] = {
    "audit.reminders.announced": _("put the day's reminders into the outbox"),
    "audit.rule.set": _("set a lending rule"),
    "audit.rule.clear": _("took back a lending rule"),
    "audit.loan.check_out": _("lent a copy"),
    "audit.loan.check_in": _("took a copy back"),
    "audit.loan.renew": _("renewed a loan"),
    "audit.loan.on_site": _("gave a copy out to read on site"),
    "audit.loan.used": _("counted a use in the room"),
    "audit.loan.claim": _("noted that a reader says a copy was returned"),
    "audit.loan.claim_dropped": _("dropped a note that a copy was returned"),
    "audit.loan.lost": _("reported a copy lost"),
    "audit.loan.damaged": _("reported a copy damaged"),
    "audit.loan.parts": _("reported missing parts"),
    "audit.loan.replaced": _("took a replacement for a lost copy"),
    "audit.loan.forgiven": _("forgave the lateness of a loan"),
    "audit.loan.due_date": _("changed a due date"),
    "audit.harm.settled": _("settled a lost or damaged copy"),
    "audit.item.found": _("found a missing copy"),
    "audit.item.harmed": _("changed the state of a copy that a reader harmed"),
    "audit.closing.begin": _("closed a library and moves its due dates"),
    "audit.closing.done": _("moved the due dates of a closed library"),
    "audit.helper.add": _("let a reader borrow for another"),
    "audit.helper.remove": _("took back that a reader may borrow for another"),
    "audit.expectation.keep": _("kept an expectation of the lending rules"),
    "audit.expectation.drop": _("dropped an expectation of the lending rules"),
    "audit.item.set_aside": _("set a copy aside for a reader"),
    "audit.item.released": _("released a copy that was set aside"),
    "audit.station.added": _("set up a self-service station"),
    "audit.station.opened": _("opened a self-service station"),
    "audit.station.closed": _("closed a self-service station"),
    "audit.station.removed": _("removed a self-service station"),
    **HOLD_AUDIT,
}
"""The deeds of this app as the audit log tells them, after the name of who did them."""

_NOTHING_LENT_WITHOUT = (RuleName.MAX_LOANS, RuleName.LOAN_LENGTH)


def reasons(blocks: Iterable[Blocked]) -> list[str]:
    """Return, for each block, the sentence that says why, and the rule that made it."""
    found = list(blocks)
    names = _Names([block.rule for block in found if block.rule is not None])
    return [
        f"{block_sentence(block)} {names.of(block.rule)}" if block.rule else block_sentence(block)
        for block in found
    ]


def notes(notices: Iterable[CheckinNotice]) -> list[str]:
    """Return the sentences about a copy that came back."""
    return [str(NOTICES[notice]) for notice in notices]


def remarks(found: Iterable[Remarked]) -> list[str]:
    """Return the sentences that the desk says with a loan. No query."""
    return [
        str(REMARKS[each.code]) % {name: _word(name, value) for name, value in each.data.items()}
        for each in found
    ]


def block_sentence(block: Blocked) -> str:
    """Return the sentence about one block, without its rule. No query."""
    data = {name: _word(name, value) for name, value in block.data.items()}
    code: str = block.code
    if block.code is Block.PATRON_RESTRICTED and block.data["until"] is None:
        code = RESTRICTED_WITHOUT_END
    if block.code is Block.PICKUP_OUT_OF_REACH and block.data:
        code = OUT_OF_REACH_BY_A_LIMIT
    return str(BLOCKS[code]) % data


def closing_fault_sentence(error: ClosingRefused) -> str:
    """Return the sentence that says why a library cannot be closed on some days."""
    return str(CLOSING_FAULTS[str(error.data["fault"])])


def decided_sentences(kept: Iterable[list[str | None]]) -> list[str]:
    """Return the rules that decided a loan, as they were then."""
    rows = [
        RuleRow(
            name=RuleName(str(name)),
            distance=0,
            library=library or "",
            category=category,
            item_type=item_type,
            value=value or "",
        )
        for name, library, category, item_type, value in kept
        if name in DEFINITIONS
    ]
    names = _Names(rows)
    return [names.of(row) for row in rows]


def rule_sentence(rule: RuleRow) -> str:
    """Return the sentence about the rule that made a block."""
    return _Names([rule]).of(rule)


def rule_value_words(definition: RuleDefinition, resolved: Resolved) -> str:
    """Return a rule's value as people read it. No query."""
    value = resolved.value
    if resolved.source is None and definition.name in _NOTHING_LENT_WITHOUT:
        return gettext("not set, so nothing is lent")
    if value is None:
        return gettext(definition.blank) if definition.blank else ""
    if isinstance(value, date):
        return ngay(value)
    if definition.kind is RuleKind.MONEY and isinstance(value, int):
        return str(dong(value))
    labels = dict(definition.choices)
    return gettext(labels[str(value)]) if str(value) in labels else str(value)


class _Names:
    """The names that people know the libraries, categories and types of some rules by."""

    def __init__(self, rules: Iterable[RuleRow]) -> None:
        found = list(rules)
        self.libraries = _named(Library, {rule.library for rule in found})
        self.categories = _named(PatronCategory, {rule.category for rule in found})
        self.types = _named(ItemType, {rule.item_type for rule in found})

    def of(self, rule: RuleRow) -> str:
        return gettext(
            "Rule “%(rule)s: %(value)s” of %(library)s, for %(category)s, %(item_type)s."
        ) % {
            "rule": gettext(DEFINITIONS[rule.name].label),
            "value": rule.value or gettext(DEFINITIONS[rule.name].blank),
            "library": self.libraries.get(rule.library, rule.library),
            "category": self.categories.get(rule.category or "") or gettext("all readers"),
            "item_type": self.types.get(rule.item_type or "") or gettext("all types"),
        }


def _named(
    model: type[Library] | type[PatronCategory] | type[ItemType], codes: set[str] | set[str | None]
) -> dict[str, str]:
    wanted = [code for code in codes if code]
    if not wanted:
        return {}
    return dict(model._default_manager.filter(code__in=wanted).values_list("code", "name"))


_MONEY = frozenset({"owed", "most_owed"})


def _word(name: str, value: object) -> object:
    if isinstance(value, datetime | date):
        return ngay(value)
    if name in _MONEY and isinstance(value, int | Money):
        return dong(value)
    if name == "kind":
        return RestrictionKind(str(value)).label
    if name == "name":
        return gettext(DEFINITIONS[RuleName(str(value))].label)
    return value

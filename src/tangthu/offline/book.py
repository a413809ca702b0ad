"""The book of rules of one library, gathered from what decides loans here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext

from tangthu.circulation import wording
from tangthu.circulation.models import Loan
from tangthu.circulation.policy import DEFINITIONS, NextAction, RulesFrom
from tangthu.circulation.reading import Books, books
from tangthu.libraries.models import Library
from tangthu.offline.policy import Book, CategoryEntry, LibraryEntry, TypeEntry, Words
from tangthu.patrons.models import RestrictionKind
from tangthu.patrons.wording import WORDING as PATRON_WORDING

CodeT = TypeVar("CodeT", bound=str)

# The sentence itself, with its places still open, is what the device fills in.
RULE = "Rule “%(rule)s: %(value)s” of %(library)s, for %(category)s, %(item_type)s."


def book_of(library: Library) -> Book:
    """Return the rules by which the library's desk decides, and the words it says them in."""
    known = books()
    libraries = _concerned(library, known)
    return Book(
        library=library.pk,
        libraries={
            pk: _entry(known.network.libraries[pk], known)
            for pk in sorted({above for each in libraries for above in each.chain})
        },
        rules={
            each.pk: {
                category.code: known.rules(each, category) for category in known.categories.values()
            }
            for each in libraries
        },
        types={
            kind.code: TypeEntry(name=kind.name, loanable=kind.loanable)
            for kind in known.item_types.values()
        },
        categories={
            category.code: CategoryEntry(
                name=category.name,
                card_months=category.card_months,
                minimum_age=category.minimum_age,
                maximum_age=category.maximum_age,
                needs_guardian=category.needs_guardian,
            )
            for category in known.categories.values()
        },
        guardian_until_age=int(known.network.preference(library.chain, "guardian_until_age")),
        words=_words(),
    )


def _concerned(library: Library, known: Books) -> list[Library]:
    """Return the library and those whose copies or readers it has to do with now."""
    ids = {library.pk}
    ours = Loan.objects.open().filter(item__library=library)
    ids.update(ours.values_list("patron__library", flat=True).distinct())
    ids.update(ours.values_list("library", flat=True).distinct())
    away = Loan.objects.open().filter(patron__library=library)
    ids.update(away.values_list("item__library", flat=True).distinct())
    ids.update(away.values_list("library", flat=True).distinct())
    return [known.network.libraries[pk] for pk in sorted(ids) if pk in known.network.libraries]


def _entry(library: Library, known: Books) -> LibraryEntry:
    return LibraryEntry(
        code=library.code,
        name=library.name,
        chain=library.chain,
        rules_from=RulesFrom(str(known.network.preference(library.chain, "lending_rules_from"))),
        valid_from=library.valid_from,
        valid_to=library.valid_to,
    )


def _words() -> Words:
    return Words(
        blocks=_said(wording.BLOCKS),
        notices=_said(wording.NOTICES),
        remarks=_said(wording.REMARKS),
        actions={
            NextAction.SET_ASIDE: gettext("Set it aside."),
            NextAction.HOLD: gettext("Another reader waits for it: keep it at the desk."),
        },
        stops={kind.value: str(kind.label) for kind in RestrictionKind},
        faults=_said(PATRON_WORDING),
        rule=gettext(RULE),
        rule_labels={str(name): gettext(rule.label) for name, rule in DEFINITIONS.items()},
        rule_blanks={
            str(name): gettext(rule.blank) for name, rule in DEFINITIONS.items() if rule.blank
        },
        every_category=gettext("all readers"),
        every_type=gettext("all types"),
    )


def _said(sentences: Mapping[CodeT, Promise]) -> dict[str, str]:
    return {str(code): str(sentence) for code, sentence in sentences.items()}

"""A tried change in words: what was understood, what it breaks, what it would have changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tangthu.circulation.policy import DEFINITIONS, Resolved, RuleName
from tangthu.circulation.policy.sentences import Fault, Misunderstood, Vocabulary
from tangthu.circulation.policy.whatif import Example, Otherwise, Replay
from tangthu.circulation.reading.trials import Broken, Change, Difference, broken_by, what_if
from tangthu.circulation.wording.lending import rule_value_words
from tangthu.libraries.models import Library
from tangthu.ui.templatetags.ui import dong, ngay, so

MONTHS = 6
"""How far back a change is tried."""

FAULTS: Mapping[Fault, Promise] = {
    Fault.EMPTY: _("Write a sentence first."),
    Fault.TOO_LONG: _("The sentence is too long: make it two."),
    Fault.UNKNOWN_WORDS: _("Not understood: “%(words)s”."),
    Fault.SAYS_NOTHING: _("The sentence sets nothing: how many copies, for how long?"),
    Fault.CONTRADICTS_ITSELF: _("This says something else than the words before it: “%(words)s”."),
    Fault.OUT_OF_BOUNDS: _("The number is too small or too large: %(words)s."),
    Fault.NOT_PER_ITEM_TYPE: _(
        "This rule is for all types of copies together: leave the type out."
    ),
    Fault.NO_SUCH_DAY: _("No calendar has this day: %(words)s."),
}

WAYS: Mapping[Otherwise, Promise] = {
    Otherwise.REFUSED: _("would have been refused"),
    Otherwise.ALLOWED: _("would have needed no override"),
    Otherwise.DUE_EARLIER: _("would have been due earlier"),
    Otherwise.DUE_LATER: _("would have been due later"),
    Otherwise.RENEWALS_REFUSED: _("were renewed more often than would be allowed"),
    Otherwise.FEE_HIGHER: _("would have cost more for lateness"),
    Otherwise.FEE_LOWER: _("would have cost less for lateness"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A value before and after, in words."""

    label: str
    scope: str
    before: str
    after: str
    same: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way in which past loans would have gone otherwise, with some of them."""

    words: str
    count: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a change breaks and what it would have changed, in words."""

    broken: list[str]
    replay: Told


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A replay in words."""

    loans: int
    changed: int
    ways: tuple[Way, ...]
    scopes: tuple[tuple[str, int], ...]
    fees: str
    without_reader: int


def try_out(
    library: Library, changes: Sequence[Change], words: Vocabulary, *, now: datetime
) -> Trial:
    """Try a change against the expectations and the loans of the past months."""
    found = what_if(library, changes, now=now, months=MONTHS)
    broken = broken_sentences(broken_by(library, changes, words))
    return Trial(broken=broken, replay=told(found, words))


def fault_sentence(error: Misunderstood) -> str:
    """Return the sentence that says why another one was not understood."""
    words = gettext(error.words) if error.fault is Fault.NOT_PER_ITEM_TYPE else error.words
    return str(FAULTS[error.fault]) % {"words": words}


def lines_of(found: Iterable[Difference], words: Vocabulary) -> list[Line]:
    """Return what a change sets, in words."""
    return [
        Line(
            label=label(each.change.name),
            scope=scope(each.change.category, each.change.item_type, words),
            before=value(each.change.name, each.before),
            after=value(each.change.name, each.after),
            same=each.before.value == each.after.value,
        )
        for each in found
    ]


def broken_sentences(found: Iterable[Broken]) -> list[str]:
    """Return what is expected and would not be, one sentence each."""
    return [_broken(each) for each in found]


def told(found: Replay, words: Vocabulary) -> Told:
    """Return a replay in words; readers have no place in it."""
    fees = ""
    if found.fees_before != found.fees_after:
        fees = gettext("Fees for lateness: %(before)s before, %(after)s after.") % {
            "before": dong(found.fees_before),
            "after": dong(found.fees_after),
        }
    return Told(
        loans=found.loans,
        changed=found.changed,
        ways=tuple(
            Way(
                words=str(WAYS[way]),
                count=count,
                examples=tuple(_example(each, words) for each in found.examples if each.how is way),
            )
            for way, count in sorted(found.by_way.items(), key=lambda each: -each[1])
        ),
        scopes=tuple(
            (scope(category, item_type, words), count)
            for (category, item_type), count in list(found.by_scope.items())[:8]
        ),
        fees=fees,
        without_reader=found.without_reader,
    )


def label(name: RuleName) -> str:
    """Return the name of a rule as people read it."""
    return gettext(DEFINITIONS[name].label)


def value(name: RuleName, resolved: Resolved | None) -> str:
    """Return a value as people read it."""
    return rule_value_words(DEFINITIONS[name], resolved) if resolved else ""


def scope(category: str | None, item_type: str | None, words: Vocabulary) -> str:
    """Return for whom and for what a value is."""
    readers = words.name_of("category", category) if category else gettext("all readers")
    copies = words.name_of("item_type", item_type) if item_type else gettext("all types")
    return f"{readers} · {copies}"


def _broken(broken: Broken) -> str:
    sentence, library = broken.expectation.sentence, broken.expectation.library.name
    if broken.name is None:
        return gettext("“%(sentence)s” (%(library)s) is not understood any more.") % {
            "sentence": sentence,
            "library": library,
        }
    return gettext("“%(sentence)s” (%(library)s): %(rule)s would be %(found)s.") % {
        "sentence": sentence,
        "library": library,
        "rule": label(broken.name),
        "found": value(broken.name, broken.found),
    }


def _example(example: Example, words: Vocabulary) -> str:
    lent = gettext("%(scope)s, lent on %(day)s") % {
        "scope": scope(example.category, example.item_type, words),
        "day": ngay(example.lent_on),
    }
    if example.before is None and example.after is None:
        return lent
    return f"{lent}: {_plain(example, example.before)} → {_plain(example, example.after)}"


def _plain(example: Example, found: date | int | None) -> str:
    if isinstance(found, date):
        return ngay(found)
    money = example.how in (Otherwise.FEE_HIGHER, Otherwise.FEE_LOWER)
    return str(dong(found)) if money else str(so(found))

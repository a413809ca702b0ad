"""The desk that decides without a line: questions as JSON in, answers as JSON out.

The browser runs these very modules, so a decision made offline is the decision that the server
would have made of the same facts.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from tangthu.circulation.policy import (
    NextAction,
    Verdict,
    judge_checkin,
    judge_checkout,
    judge_renewal,
)
from tangthu.circulation.policy.due import local_day
from tangthu.offline.policy.book import Book, read_book
from tangthu.offline.policy.codec import BadPlain, Plain, decode, encode
from tangthu.offline.policy.events import Newcomer
from tangthu.offline.policy.facts import (
    Situation,
    checkin_question,
    checkout_question,
    held_copy,
    renewal_question,
)
from tangthu.offline.policy.rows import unpack_item, unpack_patron
from tangthu.offline.policy.words import (
    due_words,
    fault_sentence,
    reasons,
    remarks,
    return_sentences,
)
from tangthu.patrons.policy import (
    Application,
    CategoryTerms,
    Guardian,
    faults,
    months_after,
    normal_card,
    search_words,
)
from tangthu.text.folding import fold_token
from tangthu.text.words import tokens

Question = Mapping[str, object]
Answer = dict[str, Plain]


@dataclass(frozen=True, slots=True)
class Desk:
    """A desk with its book of rules."""

    book: Book

    def answer(self, question: Question) -> Answer:
        """Answer one question; raises BadPlain when it is none, or its rows are not whole."""
        name = question.get("ask")
        if not isinstance(name, str) or name not in _ANSWERS:
            raise BadPlain(f"nobody answers {name!r}")
        return _ANSWERS[name](self, question)

    def check_out(self, question: Question) -> Answer:
        """Decide a loan: the blocks with their sentences, and the due date."""
        facts, rules = checkout_question(self.book, _situation(question))
        return self._verdict(judge_checkout(facts, rules).overridden(_codes(question)))

    def renew(self, question: Question) -> Answer:
        """Decide a renewal."""
        at = _situation(question)
        if at.item.loan is None:
            raise BadPlain("not on loan")
        facts, rules = renewal_question(self.book, at, at.item.loan)
        return self._verdict(judge_renewal(facts, rules).overridden(_codes(question)))

    def check_in(self, question: Question) -> Answer:
        """Say what follows from a return."""
        item = unpack_item(question.get("item"))
        now = _moment(question)
        verdict = judge_checkin(checkin_question(self.book, item, now=now))
        action = verdict.next_action
        wanted = item.claims is not None and (item.claims.kept_for or item.claims.waiting)
        if wanted and action is NextAction.SHELVE:
            action = NextAction.HOLD
        return {
            "action": str(action),
            "action_words": self.book.words.actions.get(str(action), ""),
            "notices": [str(notice) for notice in verdict.notices],
            "sentences": list[Plain](return_sentences(verdict, self.book.words)),
            "is_found": verdict.is_found,
        }

    def register(self, question: Question) -> Answer:
        """Judge a registration: what is wrong with it, or the reader's row in the making."""
        newcomer = decode(Newcomer, question.get("newcomer"))
        category = self.book.categories.get(getattr(newcomer, "category", ""))
        if not isinstance(newcomer, Newcomer) or category is None:
            raise BadPlain("no reader to register")
        today = local_day(_moment(question))
        application = Application(
            name=newcomer.name,
            today=today,
            terms=CategoryTerms(
                minimum_age=category.minimum_age,
                maximum_age=category.maximum_age,
                needs_guardian=category.needs_guardian,
            ),
            guardian=Guardian(name=newcomer.guardian_name, phone=newcomer.guardian_phone),
            guardian_until_age=self.book.guardian_until_age,
            card=newcomer.card,
            birth_on=newcomer.birth_on,
            phone=newcomer.phone,
        )
        wrong = faults(application)
        return {
            "faults": [
                {"field": each.field, "text": fault_sentence(each, self.book.words)}
                for each in wrong
            ],
            "card": normal_card(newcomer.card),
            "words": search_words(newcomer.name),
            "expires_on": months_after(today, category.card_months).isoformat(),
        }

    def fold(self, question: Question) -> Answer:
        """Fold the words of a typed text as those of names are folded."""
        words = (fold_token(word) for word in tokens(_text(question, "text")))
        return {"text": " ".join(words)}

    def _verdict(self, verdict: Verdict) -> Answer:
        due_at = verdict.due_at
        return {
            "allowed": bool(verdict) and due_at is not None,
            "due_at": due_at.isoformat() if due_at else None,
            "due_words": due_words(due_at) if due_at else "",
            "codes": [str(code) for code in verdict.codes],
            "waivable": bool(verdict.blocks) and all(each.overridable for each in verdict.blocks),
            "permissions": list[Plain](sorted({each.permission or "" for each in verdict.blocks})),
            "waived": [str(each.code) for each in verdict.waived],
            "sentences": list[Plain](reasons(verdict.blocks, self.book)),
            "remarks": list[Plain](remarks(verdict, self.book.words)),
            "verdict": encode(verdict),
        }


_ANSWERS: Mapping[str, Callable[[Desk, Question], Answer]] = {
    "check_out": Desk.check_out,
    "renew": Desk.renew,
    "check_in": Desk.check_in,
    "register": Desk.register,
    "fold": Desk.fold,
}


def open_desk(book: str) -> Callable[[str], str]:
    """Return the desk of this book, as the browser calls it: a JSON text in, another out."""
    desk = Desk(read_book(json.loads(book)))

    def answer(question: str) -> str:
        return json.dumps(desk.answer(json.loads(question)), ensure_ascii=False)

    return answer


def _situation(question: Question) -> Situation:
    return Situation(
        now=_moment(question),
        patron=unpack_patron(question.get("patron")),
        item=unpack_item(question.get("item")),
        held=tuple(held_copy(unpack_item(row)) for row in _list(question, "held")),
        lends_for=frozenset(each for each in _list(question, "lends_for") if isinstance(each, int)),
    )


def _moment(question: Question) -> datetime:
    moment = decode(datetime, question.get("now"))
    if not isinstance(moment, datetime):
        raise BadPlain("no moment")
    return moment


def _codes(question: Question) -> tuple[str, ...]:
    return tuple(str(code) for code in _list(question, "override"))


def _list(question: Question, name: str) -> list[object]:
    value = question.get(name) or []
    if not isinstance(value, list):
        raise BadPlain(f"{name} is no list")
    return value


def _text(question: Question, name: str) -> str:
    value = question.get(name)
    if not isinstance(value, str):
        raise BadPlain(f"{name} is no text")
    return value

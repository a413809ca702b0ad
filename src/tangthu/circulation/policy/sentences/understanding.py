"""Reads a sentence about lending: what it sets, or which word is not understood."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

from tangthu.circulation.policy.definition import BadRule
from tangthu.circulation.policy.definitions import DEFINITIONS
from tangthu.circulation.policy.names import RuleName
from tangthu.circulation.policy.sentences.phrases import FILLERS, Values, longest
from tangthu.circulation.policy.sentences.vocabulary import Vocabulary
from tangthu.text.folding import fold

LONGEST_SENTENCE = 300

_WORD = re.compile(r"\d{1,2}/\d{1,2}/\d{4}|\d{1,3}(?:\.\d{3})+|\d+|\w+(?=\d)|[^\W\d]+|%|/|[,;:]")


class Fault(StrEnum):
    """Why a sentence was not understood."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    UNKNOWN_WORDS = "unknown_words"
    SAYS_NOTHING = "says_nothing"
    CONTRADICTS_ITSELF = "contradicts_itself"
    OUT_OF_BOUNDS = "out_of_bounds"
    NOT_PER_ITEM_TYPE = "not_per_item_type"
    NO_SUCH_DAY = "no_such_day"


class Misunderstood(ValueError):
    """The sentence was not understood; `words` are those at fault, as they were written."""

    def __init__(self, fault: Fault, words: str = "") -> None:
        super().__init__(f"{fault}: {words}")
        self.fault = fault
        self.words = words


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a sentence sets: values as rules hold them, for one category and item type or for any.

    An empty value is “no limit” or “none”.
    """

    category: str | None = None
    item_type: str | None = None
    values: Values = field(default_factory=dict)


def understand(sentence: str, vocabulary: Vocabulary) -> Statement:
    """Read a sentence; raises Misunderstood where any word of it means nothing here.

    Marks may be missing (“thieu nhi muon 3 cuon”). A value said twice differently, one that the
    rule may not have, and a type of copies where the rule is for all together are refused.
    """
    if not sentence.strip():
        raise Misunderstood(Fault.EMPTY)
    if len(sentence) > LONGEST_SENTENCE:
        raise Misunderstood(Fault.TOO_LONG)
    reading = _Reading(_WORD.findall(sentence), vocabulary)
    reading.go()
    if not reading.values:
        raise Misunderstood(Fault.SAYS_NOTHING)
    _judge(reading)
    return Statement(category=reading.category, item_type=reading.item_type, values=reading.values)


class _Reading:
    """One pass over the words, from left to right, always taking the longest phrase."""

    def __init__(self, written: list[str], vocabulary: Vocabulary) -> None:
        self.written = written
        self.vocabulary = vocabulary
        self.folded = ["," if word in ",;:" else fold(word) for word in written]
        self.text = " ".join(self.folded)
        self.values: Values = {}
        self.category: str | None = None
        self.item_type: str | None = None
        self.topic = ""
        self.unknown: list[str] = []

    def go(self) -> None:
        at = 0
        while at < len(self.folded):
            at += self._phrase(at) or self._name(at) or self._filler(at)
        if self.unknown:
            raise Misunderstood(Fault.UNKNOWN_WORDS, " ".join(self.unknown))

    def _phrase(self, at: int) -> int:
        begin = self._offset(at)
        best = next(iter(longest(self.text, begin, topic=self.topic)), None)
        length = self._counted_type(at)
        if best is None or (length and begin + length[1] > best[1].end()):
            return self._take_counted(at, length[0]) if length else 0
        phrase, match = best
        if self._longest_name(at)[1] > _words(match.group()):
            return 0
        told = {name: value for name, value in match.groupdict().items() if value}
        try:
            self._set(phrase.read(told), at, _words(match.group()))
        except ValueError as error:
            if isinstance(error, Misunderstood):
                raise
            raise Misunderstood(Fault.NO_SUCH_DAY, told.get("date", "")) from None
        self.topic = phrase.topic
        return _words(match.group())

    def _counted_type(self, at: int) -> tuple[tuple[int, int, str], int] | None:
        """Find “5 sách” or “tối đa 5 sách”: a number of copies of a type."""
        begin = self._offset(at)
        found = re.compile(r"(?:(?:toi da|nhieu nhat|khong qua) )?(\d+) ").match(self.text, begin)
        if found is None:
            return None
        words = _words(found.group().rstrip())
        meaning, length = self._longest_name(at + words)
        if not length or meaning[0] != "item_type":
            return None
        end = self._offset(at + words + length - 1) + len(self.folded[at + words + length - 1])
        return (int(found.group(1)), words + length, meaning[1]), end - begin

    def _take_counted(self, at: int, found: tuple[int, int, str]) -> int:
        number, words, item_type = found
        self._name_it(("item_type", item_type))
        self._set({RuleName.MAX_LOANS: str(number)}, at, words)
        self.topic = ""
        return words

    def _name(self, at: int) -> int:
        meaning, length = self._longest_name(at)
        if length:
            self._name_it(meaning)
        return length

    def _longest_name(self, at: int) -> tuple[tuple[str, str], int]:
        for length in range(min(8, len(self.folded) - at), 0, -1):
            words = self.folded[at : at + length]
            if "," in (words[0], words[-1]):
                continue
            name = " ".join(word for word in words if word != ",")
            meaning = self.vocabulary.words.get(name)
            if meaning is not None:
                return meaning, length
        return ("", ""), 0

    def _name_it(self, meaning: tuple[str, str]) -> None:
        kind, code = meaning
        told = self.category if kind == "category" else self.item_type
        if told not in (None, code):
            raise Misunderstood(Fault.CONTRADICTS_ITSELF, self.vocabulary.name_of(kind, code))
        if kind == "category":
            self.category = code
        else:
            self.item_type = code

    def _filler(self, at: int) -> int:
        if self.folded[at : at + 2] == ["doi", "voi"]:
            return 2
        if self.folded[at] != "," and self.folded[at] not in FILLERS:
            self.unknown.append(self.written[at])
        return 1

    def _set(self, values: Values, at: int, length: int) -> None:
        for name, value in values.items():
            if self.values.get(name, value) != value:
                said = " ".join(self.written[at : at + length])
                raise Misunderstood(Fault.CONTRADICTS_ITSELF, said)
            self.values[name] = value

    def _offset(self, at: int) -> int:
        return sum(len(word) + 1 for word in self.folded[:at])


def _words(text: str) -> int:
    return len(text.split())


def _judge(reading: _Reading) -> None:
    for name, value in reading.values.items():
        definition = DEFINITIONS[name]
        try:
            definition.parse(value)
        except BadRule:
            raise Misunderstood(Fault.OUT_OF_BOUNDS, value) from None
        if reading.item_type is not None and not definition.per_item_type:
            raise Misunderstood(Fault.NOT_PER_ITEM_TYPE, definition.label)

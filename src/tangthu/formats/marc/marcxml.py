"""MARCXML in a stream, whatever its prefix, its namespace, or the envelope around it.

Expat, not lxml: it keeps no tree, tells the byte where each record begins, and so holds memory
at one record. Documents with a DTD are refused, and with it every entity but XML's own five.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.parsers import expat

from tangthu.formats.marc.errors import NotMarc
from tangthu.formats.marc.outcome import (
    Limits,
    Outcome,
    Position,
    Read,
    Reason,
    Rejected,
    Repair,
    RepairCode,
)
from tangthu.formats.marc.record import (
    DEFAULT_LEADER,
    ControlField,
    DataField,
    Field,
    MarcRecord,
    Subfield,
    is_same_leader,
    normal_leader,
)
from tangthu.formats.marc.shape import is_normal, normal_field
from tangthu.formats.marc.source import Source

_CHUNK = 65_536
_MAX_DEPTH = 64
_TEXT_ELEMENTS = frozenset({"leader", "controlfield", "subfield"})


class _Forbidden(Exception):
    """The document declares a document type or nests without measure."""


def outcomes(source: Source, *, limits: Limits) -> Iterator[Outcome]:
    """Yield what each record element gives. Raises `NotMarc` if there is not one in the end."""
    collector = _Collector(limits)
    seen = False
    for outcome in collector.run(source):
        seen = True
        yield outcome
    if not seen and collector.root != "collection":
        raise NotMarc(f"XML without records: <{collector.root}>")


class _Collector:
    """Expat's handlers, and the record that is being put together."""

    def __init__(self, limits: Limits) -> None:
        self.root = ""
        self._limits = limits
        self._done: list[Outcome] = []
        self._count = 0
        self._depth = 0
        self._fed = 0
        self._seen = b""
        self._seen_from = 0
        self._open = False
        self._names: dict[str, str] = {}
        self._begin(0)
        self._parser = expat.ParserCreate(intern=self._names)
        self._parser.buffer_text = True
        self._parser.buffer_size = _CHUNK
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.StartDoctypeDeclHandler = self._refuse_doctype

    def run(self, source: Source) -> Iterator[Outcome]:
        """Feed the stream to the parser and yield what is ready after each chunk."""
        while True:
            chunk = source.read(_CHUNK)
            problem = self._feed(chunk)
            yield from self._done
            self._done.clear()
            if problem is not None:
                yield problem
                return
            if not chunk:
                return

    def _feed(self, chunk: bytes) -> Rejected | None:
        """Parse a chunk, the last if it is empty; return what makes the rest unreadable."""
        self._fed += len(chunk)
        self._remember(chunk)
        try:
            self._parser.Parse(chunk, not chunk)
        except _Forbidden as error:
            return self._rejected(Reason.XML_FORBIDDEN, str(error), self._fed)
        except (expat.ExpatError, LookupError, ValueError) as error:
            # The latter two: an encoding that Python does not know, or of several bytes.
            reason = Reason.XML_MALFORMED if chunk else Reason.TRUNCATED
            return self._rejected(reason, str(error), self._fed)
        # Expat looks at an unfinished token again with every chunk: quadratic, so it is capped.
        if self._fed - self._parser.CurrentByteIndex > self._limits.record_bytes:
            return self._rejected(Reason.TOO_LARGE, "a tag or comment without end", self._fed)
        self._names.clear()
        return None

    def _remember(self, chunk: bytes) -> None:
        """Keep the bytes from the open record's start, so that a refusal can show them."""
        if not self._open:
            self._seen, self._seen_from = chunk, self._fed - len(chunk)
        elif self._seen_from + len(self._seen) - self._offset <= self._limits.raw_bytes:
            at = self._offset - self._seen_from
            self._seen, self._seen_from = self._seen[at:] + chunk, self._offset

    def _rejected(self, reason: Reason, detail: str, end: int) -> Rejected:
        start = self._offset if self._open else min(self._parser.CurrentByteIndex, end)
        start = max(start, 0)
        at = max(start - self._seen_from, 0)
        raw = self._seen[at : end - self._seen_from][: self._limits.raw_bytes]
        position = Position(self._count, start, end - start)
        self._count += 1
        return Rejected(position, reason, detail, raw)

    def _begin(self, offset: int) -> None:
        self._offset = offset
        self._leader: str | None = None
        self._fields: list[Field] = []
        self._subfields: list[Subfield] | None = None
        self._text: list[str] | None = None
        self._attributes: dict[str, str] = {}
        self._code = ""
        self._repairs: list[Repair] = []
        self._refused: Reason | None = None
        self._size = 0
        self._subfield_count = 0

    def _refuse_doctype(self, *_: object) -> None:
        raise _Forbidden("the document has a DTD")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise _Forbidden(f"elements nest deeper than {_MAX_DEPTH}")
        local = name.rpartition(":")[2]
        self.root = self.root or local
        if local == "record":
            # Envelopes such as OAI-PMH's are named record too: the innermost one counts.
            self._open = True
            self._begin(self._parser.CurrentByteIndex)
        elif not self._open:
            return
        elif local == "subfield":
            self._text = []
            self._code = attributes.get("code", "")
        elif local == "datafield":
            self._subfields = []
            self._attributes = attributes
        elif local in _TEXT_ELEMENTS:
            self._text = []
            self._attributes = attributes

    def _characters(self, text: str) -> None:
        if self._text is not None:
            self._size += len(text)
            if self._size > self._limits.record_bytes:
                self._refuse(Reason.TOO_LARGE)
            else:
                self._text.append(text)

    def _end(self, name: str) -> None:
        self._depth -= 1
        if not self._open:
            return
        local = name.rpartition(":")[2]
        if local == "record":
            self._finish(self._end_of_record(name))
        elif local == "subfield":
            self._add_subfield()
        elif local == "datafield":
            self._add_data_field()
        elif local == "controlfield":
            self._add(ControlField(self._attributes.get("tag", ""), self._take_text()))
        elif local == "leader":
            self._leader = self._take_text()

    def _end_of_record(self, name: str) -> int:
        """Return the byte after the end tag; an element that closes itself has none."""
        at: int = self._parser.CurrentByteIndex
        start, end = self._offset - self._seen_from, at - self._seen_from
        if self._seen.endswith(b"/>", start, end) and self._seen.find(b">", start, end - 1) < 0:
            return at
        return at + len(name.encode()) + 3

    def _refuse(self, reason: Reason) -> None:
        """Give the open record up, and hold no more of it."""
        self._refused = self._refused or reason
        self._fields.clear()
        self._subfields = None
        self._text = None

    def _add(self, field: Field) -> None:
        if len(self._fields) >= self._limits.fields:
            self._refuse(Reason.TOO_MANY_FIELDS)
        elif self._refused is None:
            # XML holds no control characters, so nothing but tag and kind can be wrong.
            sound = is_normal(field)
            self._fields.append(field if sound else normal_field(field, self._repairs))

    def _take_text(self) -> str:
        text, self._text = "".join(self._text or ()), None
        return text

    def _add_subfield(self) -> None:
        text = self._take_text()
        self._subfield_count += 1
        if self._subfield_count > self._limits.subfields:
            self._refuse(Reason.TOO_MANY_FIELDS)
        if len(self._code) != 1:
            self._repairs.append(Repair(RepairCode.SUBFIELD, detail=repr(self._code)))
            self._code = self._code[:1] or "x"
        if self._subfields is not None:
            self._subfields.append(Subfield(self._code, text))

    def _add_data_field(self) -> None:
        tag = self._attributes.get("tag", "")
        ind1, ind2 = self._attributes.get("ind1", ""), self._attributes.get("ind2", "")
        if len(ind1) != 1 or len(ind2) != 1:
            self._repairs.append(Repair(RepairCode.INDICATORS, tag, f"{ind1!r} {ind2!r}"))
        subfields = tuple(self._subfields or ())
        self._add(DataField(tag, (ind1 or " ")[0], (ind2 or " ")[0], subfields))
        self._subfields = None

    def _finish(self, end: int) -> None:
        if self._refused is not None:
            self._done.append(self._rejected(self._refused, "over the limit", end))
        elif not self._fields:
            self._done.append(self._rejected(Reason.NO_FIELDS, "the record is empty", end))
        else:
            self._done.append(self._read(end))
        self._open = False

    def _read(self, end: int) -> Read:
        leader = normal_leader(DEFAULT_LEADER if self._leader is None else self._leader)
        if self._leader is None or not is_same_leader(self._leader, leader):
            self._repairs.append(Repair(RepairCode.LEADER, detail=repr(self._leader)))
        position = Position(self._count, self._offset, end - self._offset)
        self._count += 1
        return Read(MarcRecord(leader, tuple(self._fields)), position, tuple(self._repairs))

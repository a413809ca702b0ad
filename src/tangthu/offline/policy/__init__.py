"""The rules of the desk without a line. Pure, and run in the browser as well.

`codec` writes values as JSON and reads them; `rows` and `book` are what a device takes along;
`facts` puts them together for the lending rules; `desk` asks these; `words` says it in
sentences; `events` are what was done; `clock` says when it really happened.
"""

from tangthu.offline.policy.book import (
    Book,
    CategoryEntry,
    LibraryEntry,
    TypeEntry,
    Words,
    read_book,
)
from tangthu.offline.policy.clock import Doubt, Exchange, Moment, Reading, moments
from tangthu.offline.policy.codec import BadPlain, Plain, decode, encode
from tangthu.offline.policy.desk import Desk, open_desk
from tangthu.offline.policy.events import Event, EventKind, Newcomer, read_event
from tangthu.offline.policy.facts import Held, Situation
from tangthu.offline.policy.rows import (
    ITEM,
    PATRON,
    Claims,
    ItemRow,
    LoanRow,
    PatronRow,
    Stop,
    pack,
    unpack_item,
    unpack_patron,
)

__all__ = [
    "ITEM",
    "PATRON",
    "BadPlain",
    "Book",
    "CategoryEntry",
    "Claims",
    "Desk",
    "Doubt",
    "Event",
    "EventKind",
    "Exchange",
    "Held",
    "ItemRow",
    "LibraryEntry",
    "LoanRow",
    "Moment",
    "Newcomer",
    "PatronRow",
    "Plain",
    "Reading",
    "Situation",
    "Stop",
    "TypeEntry",
    "Words",
    "decode",
    "encode",
    "moments",
    "open_desk",
    "pack",
    "read_book",
    "read_event",
    "unpack_item",
    "unpack_patron",
]

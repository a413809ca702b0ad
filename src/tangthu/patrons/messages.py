"""What this app has to tell people, handed to whoever can send it, and what follows a new card.

Letters and fees stand above the readers. Whoever sends letters registers a messenger, whoever
takes fees a sequel, when it is ready; without them nothing is sent or charged, and the person
still finds the state on their page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from tangthu.core.actor import Actor
from tangthu.libraries.models import Library
from tangthu.patrons.models import Patron


class MessageKind(StrEnum):
    """What happened."""

    APPLICATION_RECEIVED = "application_received"
    APPLICATION_APPROVED = "application_approved"
    APPLICATION_RETURNED = "application_returned"
    APPLICATION_REFUSED = "application_refused"
    CONTACT_ACCEPTED = "contact_accepted"
    CONTACT_REFUSED = "contact_refused"
    REQUEST_RECEIVED = "request_received"
    REQUEST_ANSWERED = "request_answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """News for one person: a reader, or somebody who is none yet and gave an address.

    `source` is the same for the same news, so that it is never sent twice. What is `fleeting` is
    for who is being forgotten: whoever sends it keeps neither words nor address afterwards.
    """

    kind: MessageKind
    library: Library
    source: str
    patron: Patron | None = None
    name: str = ""
    phone: str = ""
    email: str = ""
    language: str = "vi"
    values: Mapping[str, object] = field(default_factory=dict)
    fleeting: bool = False


Messenger = Callable[[Message], None]
Sequel = Callable[[Patron, Actor], None]

_messengers: list[Messenger] = []
_sequels: list[Sequel] = []


def register_messenger(messenger: Messenger) -> None:
    """Let the messenger have every message, within the transaction of the deed."""
    if messenger not in _messengers:
        _messengers.append(messenger)


def register_card_given(sequel: Sequel) -> None:
    """Let the sequel follow when an application becomes a card, in the same transaction."""
    if sequel not in _sequels:
        _sequels.append(sequel)


def send(message: Message) -> None:
    """Hand the message to all messengers."""
    for messenger in _messengers:
        messenger(message)


def card_given(patron: Patron, *, by: Actor) -> None:
    """Do what follows a card given from afar, such as charging its fee."""
    for sequel in _sequels:
        sequel(patron, by)

"""Opening restricted images in viewers of other sites: what is offered, and by which signed words.

A reader allows one site to show one document; that is kept in a cookie which only the token service
of that document sees. The token that the site's script gets opens nothing but the probe; the probe
gives the address of the images, which holds for minutes as every ticket does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from django.core import signing
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tangthu.core.actor import Actor, Face
from tangthu.core.wording import sentence
from tangthu.formats.iiif.authorising import Json, probe_service
from tangthu.protocols.iiif.describing import Absolute, in_every_language
from tangthu.reading import tickets
from tangthu.repository.policy.access import AccessRefusal, Terms

COOKIE = "iiif-access"
LASTS = timedelta(hours=1)
PROBE = "~probe"
"""The name of no file: the ticket for it is the token, and opens no image."""

OFFERED = frozenset(
    {
        AccessRefusal.CARD_NEEDED,
        AccessRefusal.ON_SITE_ONLY,
        AccessRefusal.ON_REQUEST,
        AccessRefusal.LENT,
    }
)
"""What a reader may mend: by logging in, in the reading room, by asking or borrowing."""

_ORIGIN = re.compile(r"https?://[a-z0-9.\-]{1,253}(:[0-9]{1,5})?|https?://\[[0-9a-f:]+\](:[0-9]+)?")
_LABEL = _("Open as a reader of the library")
_LOGOUT = _("Close again")


@dataclass(frozen=True, slots=True)
class Allowed:
    """That a person lets a site show a document: who it is, and for which site."""

    origin: str
    patron_id: int | None
    user_id: int | None

    @property
    def actor(self) -> Actor:
        """The person as who opens the document; without the rights of staff."""
        return Actor(face=Face.OPAC, patron_id=self.patron_id, user_id=self.user_id)


def is_origin(text: str) -> bool:
    """Tell whether this is the origin of a web page, and nothing beside it."""
    return _ORIGIN.fullmatch(text) is not None


def allow(identifier: str, allowed: Allowed) -> str:
    """Return the value of the cookie."""
    told = [identifier, allowed.origin, allowed.patron_id, allowed.user_id]
    return signing.dumps(told, salt="tangthu.iiif.access")


def allowed(identifier: str, value: str) -> Allowed | None:
    """Read the cookie. None for one of another document; raises BadSignature, SignatureExpired."""
    told = signing.loads(value, salt="tangthu.iiif.access", max_age=LASTS)
    name, origin, patron_id, user_id = told
    return Allowed(origin, patron_id, user_id) if name == identifier else None


def token_of(ticket: str, identifier: str, terms: Terms, *, address: str | None) -> str:
    """Return the token for a ticket that was given: of the same opening."""
    view = tickets.view_of(ticket)
    return tickets.give(identifier, terms, address=address, file=PROBE, view=view)


def ticket_of(token: str, identifier: str, terms: Terms, *, address: str | None) -> str:
    """Return a ticket for a good token, and nothing for any other."""
    if not tickets.opens(token, identifier, terms, address=address, file=PROBE):
        return ""
    return tickets.give(identifier, terms, address=address, view=tickets.view_of(token))


def service_of(page: str, identifier: str, absolute: Absolute) -> Json:
    """Return the probe service of a page, as it stands in descriptions and manifests."""
    return probe_service(
        absolute(reverse("iiif:probe", args=[page])),
        access=absolute(reverse("iiif:access", args=[identifier])),
        token=absolute(reverse("iiif:token", args=[identifier])),
        logout=absolute(reverse("iiif:leave", args=[identifier])),
        label=in_every_language(_LABEL),
        logout_label=in_every_language(_LOGOUT),
    )


def words_of(reason: str) -> dict[str, str]:
    """Return why an object does not open, in every language."""
    return in_every_language(_Sentence(reason))


class _Sentence(Promise):
    """A sentence of a refusal, in the language of the moment."""

    def __init__(self, code: str) -> None:
        self._code = code

    def __str__(self) -> str:
        return sentence(self._code, {})

"""The document by which a client learns how its user logs in: Authentication for OPDS 1.0."""

from __future__ import annotations

from dataclasses import dataclass

from tangthu.formats.opds import model
from tangthu.formats.opds.json2 import Json
from tangthu.formats.opds.model import Rel


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Who asks for the login, in which words, and where else its user may turn."""

    identifier: str
    title: str
    description: str
    login: str
    password: str
    logo: str
    register: str
    help: str
    start: str
    shelf: str
    token: str


def document(about: Service) -> Json:
    """Return the document: card number and password, for a token (section 3.4.6) or Basic (3.3).

    The token comes first: section 3.3 asks to use Basic as little as possible.
    """
    labels = {"login": about.login, "password": about.password}
    return {
        "id": about.identifier,
        "title": about.title,
        "description": about.description,
        "links": [
            {"rel": "start", "href": about.start, "type": model.OPDS2},
            {"rel": "logo", "href": about.logo, "type": "image/svg+xml"},
            {"rel": "register", "href": about.register, "type": model.HTML},
            {"rel": "help", "href": about.help, "type": model.HTML},
            {"rel": str(Rel.SHELF), "href": about.shelf, "type": model.OPDS2},
        ],
        "authentication": [
            {
                "type": "http://opds-spec.org/auth/oauth/password",
                "labels": labels,
                "links": [
                    {"rel": rel, "href": about.token, "type": "application/json"}
                    for rel in ("authenticate", "refresh")
                ],
            },
            {"type": "http://opds-spec.org/auth/basic", "labels": labels},
        ],
    }

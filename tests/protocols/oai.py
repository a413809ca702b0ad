"""Harvesting by hand: asking, and reading what is answered."""

from __future__ import annotations

from django.test import Client
from lxml import etree

from tests.support import schemas

OAI = "{http://www.openarchives.org/OAI/2.0/}"
DC = "{http://purl.org/dc/elements/1.1/}"


def ask(client: Client, verb: str, **arguments: str) -> etree._Element:
    """Ask by GET; `since` and `until` stand for from and until."""
    told = {{"since": "from"}.get(name, name): value for name, value in arguments.items()}
    answer = client.get("/oai", {"verb": verb, **told})
    assert answer.status_code == 200
    tree = etree.fromstring(answer.content)
    schemas.require_valid(tree, schemas.oai_pmh())
    return tree


def fault(tree: etree._Element) -> str:
    """Return the code of the error that was answered, or nothing."""
    found = tree.find(f"{OAI}error")
    return "" if found is None else str(found.get("code"))


def texts(tree: etree._Element, name: str) -> list[str]:
    return [str(found.text) for found in tree.iter(name)]


def identifiers(tree: etree._Element) -> list[str]:
    return [text.rpartition(":")[2] for text in texts(tree, f"{OAI}identifier")]


def token(tree: etree._Element) -> str:
    return str(tree.findtext(f".//{OAI}resumptionToken") or "")


def every(client: Client, verb: str, **arguments: str) -> list[str]:
    """Return the names of all items of a list, over all of its answers."""
    tree = ask(client, verb, **arguments)
    found = identifiers(tree)
    while word := token(tree):
        tree = ask(client, verb, resumptionToken=word)
        found += identifiers(tree)
    return found

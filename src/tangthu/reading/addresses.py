"""Where images and manifests are asked for: names of routes that stand above this app."""

from __future__ import annotations

from django.urls import reverse

# Parts the name of a page or an object from the ticket that opens it.
TICKET = "~"


def images() -> str:
    """Return what the addresses of all images begin with."""
    return reverse("iiif:image", args=["x"])[:-1]


def image(page: str, ticket: str = "") -> str:
    """Return the address of a page's image, to which region, size and so on are added."""
    return f"{images()}{ticketed(page, ticket)}"


def manifest(identifier: str, ticket: str = "") -> str:
    return reverse("iiif:manifest", args=[ticketed(identifier, ticket)])


def file(identifier: str, file: str, ticket: str = "") -> str:
    """Return the address from which a reader fetches a file of the object."""
    return reverse("reading:file", args=[identifier, ticketed(file, ticket)])


def ticketed(name: str, ticket: str) -> str:
    return f"{name}{TICKET}{ticket}" if ticket else name


def parted(text: str) -> tuple[str, str]:
    """Return the name and the ticket of an address; the ticket may be empty."""
    name, _, ticket = text.partition(TICKET)
    return name, ticket

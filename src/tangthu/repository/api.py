"""Digital objects over the REST API."""

from __future__ import annotations

from typing import Annotated, cast

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from tangthu.core.actor import Actor
from tangthu.core.errors import NotFound
from tangthu.repository.models import Collection, DigitalObject

router = Router(tags=["objects"])
MOST = 100


class ObjectOut(Schema):
    """A digital object: where its manifest is, and for page images where each image is."""

    id: str
    title: str
    kind: str
    access: str
    state: str
    rights: str
    languages: list[str]
    library: str
    record: int | None
    records: list[int]
    collections: list[str]
    pages: int
    manifest: str
    images: list[str]


class ObjectsOut(Schema):
    """One stretch of the list, and how many there are in all."""

    total: int
    hits: list[ObjectOut]


@router.get("/objects", response=ObjectsOut)
def objects(
    request: HttpRequest,
    collection: str = "",
    limit: Annotated[int, Query(), Field(ge=1, le=MOST)] = 20,
    offset: Annotated[int, Query(), Field(ge=0, le=1_000_000)] = 0,
) -> dict[str, object]:
    """List the objects that the token's owner may find, by title; of one collection where named."""
    found = DigitalObject.objects.visible_to(_actor(request))
    if collection:
        chosen = Collection.objects.filter(code=collection).first()
        found = found.in_collection(chosen) if chosen else found.none()
    rows = found.for_list().prefetch_related("collections", "pages")
    return {
        "total": found.count(),
        "hits": [
            _told(request, obj) for obj in rows.order_by("title_key", "id")[offset : offset + limit]
        ],
    }


@router.get("/objects/{identifier}", response=ObjectOut)
def one_object(request: HttpRequest, identifier: str) -> dict[str, object]:
    """Return one object."""
    found = DigitalObject.objects.visible_to(_actor(request)).filter(identifier=identifier)
    obj = found.for_list().prefetch_related("collections", "pages").first()
    if obj is None:
        raise NotFound(object=identifier)
    return _told(request, obj)


def _actor(request: HttpRequest) -> Actor:
    return cast(Actor, request.auth)  # type: ignore[attr-defined]


def _told(request: HttpRequest, obj: DigitalObject) -> dict[str, object]:
    records = [link.record_id for link in obj.links.all()]
    pages = [page for page in obj.pages.all() if page.is_ready]
    return {
        "id": obj.identifier,
        "title": obj.title,
        "kind": obj.kind,
        "access": obj.access,
        "state": obj.state,
        "rights": obj.rights,
        "languages": list(obj.language_codes),
        "library": obj.library.code,
        "record": records[0] if records else None,
        "records": records,
        "collections": [row.code for row in obj.collections.all()],
        "pages": len(pages),
        "manifest": request.build_absolute_uri(f"/iiif/manifest/{obj.identifier}"),
        "images": [
            request.build_absolute_uri(f"/iiif/image/{page.identifier}/info.json") for page in pages
        ],
    }

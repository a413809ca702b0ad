"""The image behind an address: which page's, who may fetch it, and its pixels."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from tangthu.core.requests import LibraryRequest, client_address
from tangthu.formats.iiif.plan import Limits, Plan, plan
from tangthu.formats.iiif.request import ImageRequest
from tangthu.protocols.iiif.authorising import OFFERED
from tangthu.protocols.iiif.drawing import draw
from tangthu.protocols.iiif.guarding import keep_pace
from tangthu.protocols.iiif.pyramid import Pyramid, pyramid, ready_tile
from tangthu.reading import tickets
from tangthu.reading.addresses import parted
from tangthu.reading.marking import is_lent_with_mark, words_of
from tangthu.repository.models import Page
from tangthu.repository.permissions import RepositoryPermission
from tangthu.repository.policy.access import Terms, Viewer, judge
from tangthu.repository.policy.kinds import Access
from tangthu.repository.policy.rights import Rights
from tangthu.repository.storage import file_path

LIMITS = Limits(side=3000, area=9_000_000)
"""Of one answer: an A4 page at 250 dpi. What is larger is had in parts."""

_COLUMNS = (
    "width",
    "height",
    "delivery__path",
    "delivery__identifier",
    "object__identifier",
    "object__library_id",
    "object__rights",
    "object__state",
    "object__access",
    "object__restriction",
    "object__embargo_until",
    "object__watermark",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageImage:
    """The reading copy of a page, and what its object says of who may see it."""

    width: int
    height: int
    path: str
    version: str
    object: str
    library_id: int
    rights: str
    terms: Terms
    watermark: bool

    def is_open(self, now: datetime) -> bool:
        """Tell whether it is for everybody, and so for caches on the way."""
        return bool(judge(self.terms, Viewer(), today=timezone.localdate(now)))

    def is_offered(self) -> bool:
        """Tell whether a reader could open it: it is published, and not for staff alone."""
        verdict = judge(self.terms, Viewer(), today=timezone.localdate())
        return verdict.refusal in OFFERED

    def may_be_fetched(self, request: LibraryRequest, ticket: str) -> bool:
        """Tell whether this visitor has a good ticket, or keeps the object."""
        address = client_address(request)
        if ticket:
            return tickets.opens(ticket, self.object, self.terms, address=address)
        return request.actor.may(RepositoryPermission.EDIT_OBJECTS, at=self.library_id)

    def is_marked(self, view: int) -> bool:
        """Tell whether it is drawn with the reader's mark: the object wants it, or the licence."""
        return self.watermark or (self.terms.access == Access.LENT and is_lent_with_mark(view))

    @property
    def pyramid(self) -> Pyramid:
        return pyramid(str(file_path(self.path)))

    @property
    def rights_address(self) -> str:
        """The statement of rights, as IIIF wants it spelt: by http."""
        return Rights(self.rights).uri.replace("https:", "http:") if self.rights else ""


def find(name: str) -> tuple[PageImage | None, str]:
    """Return the image of this name, if its page can be shown, and the ticket beside the name."""
    identifier, ticket = parted(name)
    # Asked for every tile of every page: one query, and of each row what is needed.
    row = Page.objects.ready().filter(identifier=identifier).values_list(*_COLUMNS).first()
    if row is None:
        return None, ticket
    width, height, path, version, obj, library_id, rights, *told, watermark = row
    state, access, restriction, until = told
    terms = Terms(state=state, access=access, restriction=restriction, embargo_until=until)
    image = PageImage(
        width=width,
        height=height,
        path=path,
        version=version,
        object=obj,
        library_id=library_id,
        rights=rights,
        terms=terms,
        watermark=watermark,
    )
    return image, ticket


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is to be drawn, and from which reading copy."""

    source: Pyramid
    plan: Plan
    version: str
    mark: str = ""

    @property
    def tag(self) -> str:
        """What tells the answer from every other one: the same words mean the same bytes."""
        marked = f"/{hashlib.sha256(self.mark.encode()).hexdigest()[:12]}" if self.mark else ""
        return f"{self.version}/{self.plan.canonical}{marked}"

    def pixels(self) -> bytes:
        """Return the picture. Raises OSError where the file is gone."""
        if self.mark:
            return draw(self.source, self.plan, mark=self.mark)
        return ready_tile(self.source, self.plan) or draw(self.source, self.plan)


def planned(image: PageImage, asked: ImageRequest, *, ticket: str = "") -> Drawing:
    """Measure a request against the image. Raises OSError where the file is gone.

    What is fetched by a ticket goes at a reader's pace (TooFast), and with the reader's mark where
    the object wants one.
    """
    source = image.pyramid
    measured = plan(
        asked, width=image.width, height=image.height, limits=LIMITS, is_gray=source.is_gray
    )
    view = tickets.view_of(ticket)
    if view:
        keep_pace(view, measured)
    mark = words_of(view) if view and image.is_marked(view) else ""
    return Drawing(source, measured, image.version, mark)

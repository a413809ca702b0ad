"""What everybody does who reads in a browser: open a document, be somebody, look at the ink."""

from __future__ import annotations

import io

from django.conf import settings
from django.utils import timezone
from PIL import Image, ImageStat
from playwright.sync_api import Page

from tangthu.patrons.models import Patron
from tangthu.reading.models import ReadingChoice
from tangthu.repository.models import DigitalObject
from tests.conftest import client_of_reader
from tests.journeys.conftest import Visitor


def opened(visitor: Visitor, obj: DigitalObject, query: str = "") -> Page:
    page = visitor.go(f"/read/{obj.identifier}/{query}")
    page.wait_for_selector("body.reading-drawn")
    return page


def ink(page: Page, selector: str) -> float:
    """Return how much of what is drawn there is dark."""
    shot = page.locator(selector).first.screenshot(animations="disabled")
    dark = Image.open(io.BytesIO(shot)).convert("L").point(lambda value: 255 if value < 110 else 0)
    return ImageStat.Stat(dark).mean[0] / 255


def log_in(visitor: Visitor, patron: Patron) -> None:
    """Be the reader in this browser, one who keeps places on the card."""
    ReadingChoice.objects.get_or_create(
        patron=patron, defaults={"keeps": True, "chosen_at": timezone.now()}
    )
    name = settings.SESSION_COOKIE_NAME
    value = client_of_reader(patron).cookies[name].value
    visitor.page.context.add_cookies([{"name": name, "value": value, "url": visitor.address}])

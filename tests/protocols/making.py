"""Objects whose pages can be shown, without the work of taking files in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyvips
from django.utils import timezone

from tangthu.libraries.models import Library
from tangthu.repository.models import DigitalFile, DigitalObject, Page
from tangthu.repository.policy.kinds import FileRole, ObjectKind
from tangthu.repository.storage import file_path, new_delivery

SIZE = (700, 1000)


def page_picture(number: int = 1, *, size: tuple[int, int] = SIZE) -> pyvips.Image:
    """Draw a page in four colours, its number told by the shade of the first corner."""
    width, height = size
    half, middle = width // 2, height // 2
    paper = solid(width, height, [250, 245, 235])
    red = solid(half, middle, [200, 20 * number, 40])
    blue = solid(width - half, height - middle, [30, 60, 160])
    drawn = paper.insert(red, 0, 0).insert(blue, half, middle)
    return drawn.cast("uchar").copy(interpretation="srgb")


def solid(width: int, height: int, colour: list[int]) -> pyvips.Image:
    return pyvips.Image.black(width, height).new_from_image(colour)


def write_pyramid(image: pyvips.Image, path: Path) -> None:
    """Write a reading copy, as the worker of the digital library does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    image.tiffsave(
        str(path),
        compression="jpeg",
        Q=85,
        tile=True,
        tile_width=256,
        tile_height=256,
        pyramid=True,
    )


def keep_object(
    library: Library,
    *,
    pages: int = 3,
    images: Sequence[pyvips.Image] = (),
    **values: object,
) -> DigitalObject:
    """Keep a published object of these images, or of so many drawn pages."""
    now = timezone.now()
    told = {
        "title": "Khan Đăm Săn",
        "title_key": b"khan",
        "kind": ObjectKind.PAGE_IMAGES,
        "languages": "vie",
        "rights": "PDM",
        "access": "public",
        "state": "published",
        "created_at": now,
        "updated_at": now,
    }
    obj = DigitalObject.objects.create(library=library, **(told | values))
    drawn = images or [page_picture(number) for number in range(1, pages + 1)]
    for position, image in enumerate(drawn, 1):
        add_page(obj, position, image)
    return obj


def add_page(obj: DigitalObject, position: int, image: pyvips.Image) -> Page:
    page = Page.objects.create(
        object=obj, position=position, width=image.width, height=image.height
    )
    stored = new_delivery(obj.identifier, ".tif")
    write_pyramid(image, file_path(stored))
    file = DigitalFile.objects.create(
        object=obj,
        page=page,
        role=FileRole.DELIVERY,
        name=f"{position}.tif",
        media_type="image/tiff",
        size=file_path(stored).stat().st_size,
        sha256="0" * 64,
        path=stored,
        created_at=timezone.now(),
    )
    page.delivery = file
    page.save(update_fields=["delivery"])
    return page

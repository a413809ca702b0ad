"""The corners of a page are found in a photograph of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from tangthu.digitisation import measuring
from tests.digitisation import rendered

STRAIGHT = ((0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9))
ASKEW = ((0.18, 0.12), (0.86, 0.17), (0.92, 0.88), (0.10, 0.84))
FROM_BELOW = ((0.22, 0.15), (0.78, 0.15), (0.93, 0.9), (0.07, 0.9))
TURNED = ((0.30, 0.08), (0.92, 0.24), (0.70, 0.92), (0.08, 0.76))


def corners_in(picture: Image.Image, folder: Path) -> list[tuple[float, float]] | None:
    path = folder / "photo.jpg"
    picture.save(path, quality=85)
    found = measuring.edges({"path": str(path)})["corners"]
    assert found is None or isinstance(found, list)
    return found


@pytest.mark.parametrize("corners", [STRAIGHT, ASKEW, FROM_BELOW, TURNED])
@pytest.mark.parametrize("table", [rendered.TABLE, (130, 90, 60), (40, 60, 90)])
def test_the_corners_of_a_sheet_on_a_table_are_found(corners, table, tmp_path):
    picture = rendered.photograph(rendered.page(4), corners, table=table)

    found = corners_in(picture, tmp_path)

    assert found is not None
    far = [max(abs(x - u), abs(y - v)) for (x, y), (u, v) in zip(found, corners, strict=True)]
    assert max(far) < 0.015


def test_an_empty_table_has_no_page(tmp_path):
    table = rendered.noisy(Image.new("RGB", (1200, 1600), rendered.TABLE), 5, 6)

    assert corners_in(table, tmp_path) is None

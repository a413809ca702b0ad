"""Pages from a typewriter, which one model of the engine reads better than the other."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from tangthu.digitisation import engine
from tangthu.digitisation.policy.recognition import second_opinion
from tangthu.digitisation.recognition import Recogniser
from tangthu.formats import alto
from tests.digitisation.ocr.writing import written

TYPEWRITER = "/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf"
LINES = (
    "Nghị định thành lập tỉnh Đắk Lắk",
    "thư viện tỉnh giữ tài liệu địa chí",
    "nghi lễ lớn của cộng đồng trong buôn",
)


def typed(path: Path) -> Path:
    image = Image.new("L", (1000, 240), 248)
    pen, face = ImageDraw.Draw(image), ImageFont.truetype(TYPEWRITER, 26)
    for number, line in enumerate(LINES):
        pen.text((60, 40 + 60 * number), line, font=face, fill=20)
    image.save(path)
    return path


def test_a_typed_page_is_kept_as_the_surer_model_read_it(tmp_path: Path) -> None:
    path = typed(tmp_path / "page.png")

    with Recogniser() as recogniser:
        reading = recogniser.picture(path, ("vie",))

    assert reading.models == ("Vietnamese",)
    assert "thành tập" in alto.plain(engine.read(path, ("vie",)))
    assert "thành lập" in alto.plain(reading.layout)


def test_a_printed_page_is_read_by_one_model_alone(tmp_path: Path) -> None:
    path = tmp_path / "page.png"
    written("Đắk Lắk nằm trên cao nguyên.").save(path)

    with Recogniser() as recogniser:
        reading = recogniser.picture(path, ("vie",))

    assert (reading.models, reading.tried) == (("vie",), 1)


@pytest.mark.parametrize(
    ("models", "installed", "asked"),
    [
        (("vie",), {"vie", "Vietnamese"}, ("Vietnamese",)),
        (("vie", "fra"), {"vie", "fra", "Vietnamese"}, ("Vietnamese", "fra")),
        (("fra",), {"vie", "fra", "Vietnamese"}, ()),
        (("vie",), {"vie", "fra"}, ()),
    ],
)
def test_whom_an_unsure_engine_asks(
    models: tuple[str, ...], installed: set[str], asked: tuple[str, ...]
) -> None:
    assert second_opinion(models, installed=installed) == asked

"""The letters of the highlands are drawn by our fonts, with their marks in place."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TypedDict

import pytest

ROOT = Path(__file__).resolve().parents[2]
FONTS = ROOT / "src/tangthu/ui/static/ui/fonts"
NAMES = ["noto-sans-400", "noto-sans-600", "noto-serif-600"]

STACKED = ["ê̆", "Ê̆", "ô̆", "Ô̆", "ơ̆", "Ơ̆", "ư̆", "Ư̆"]
HIGHLAND = "Y Ƀlŭl Niê Blô ƀơi čiăng ñu ĕlan hĭn ŏk ŭn ČÑĔĬŎŬ"
VIETNAMESE = (
    "Ẩm ướt nghễnh ngãng khuỷu quỹ ỡm ờ ĐẮK LẮK ấầẩẫậ ếềểễệ ốồổỗộ ớờởỡợ ứừửữự ỳỷỹỵ 25.000 ₫"
)


class Glyph(TypedDict):
    glyph: int
    advance: int
    x: int
    y: int


def shape(name: str, *texts: str) -> list[list[Glyph]]:
    font = FONTS / f"{name}.woff2"
    if not font.exists() or not (ROOT / "node_modules/harfbuzzjs").exists():
        pytest.skip("the assets are not built: npm ci && npm run build")
    command = ["node", str(Path(__file__).with_name("shape.mjs")), str(font), *texts]
    answer = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    shaped: list[list[Glyph]] = json.loads(answer.stdout)
    return shaped


@pytest.mark.parametrize("name", NAMES)
def test_every_letter_of_the_place_has_a_glyph(name: str) -> None:
    vietnamese, highland = shape(name, VIETNAMESE, HIGHLAND)

    assert 0 not in {glyph["glyph"] for glyph in vietnamese + highland}


@pytest.mark.parametrize("name", NAMES)
def test_a_combining_breve_sits_on_its_letter(name: str) -> None:
    shaped = shape(name, *STACKED)

    for text, glyphs in zip(STACKED, shaped, strict=True):
        assert len(glyphs) == 2, text
        letter, mark = glyphs
        assert letter["glyph"] != 0 and mark["glyph"] != 0, text
        assert mark["advance"] == 0, text
        assert mark["x"] < 0, f"{text}: the mark is not drawn back over its letter"


@pytest.mark.parametrize("name", NAMES)
def test_a_breve_over_a_circumflex_is_lifted(name: str) -> None:
    on_plain, on_hat = shape(name, "a\u0306\u0306", "ê̆")

    assert on_hat[1]["y"] > 0
    assert len(on_plain) == 2  # ă and a second breve: the first one joined its letter


def test_the_fonts_of_a_page_are_small() -> None:
    files = [FONTS / f"{name}.woff2" for name in NAMES]
    if not all(file.exists() for file in files):
        pytest.skip("the assets are not built: npm ci && npm run build")

    assert sum(file.stat().st_size for file in files) < 60_000

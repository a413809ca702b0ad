"""Every pair of colours that is read together has the contrast of WCAG 2.2 AA."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOKENS = (ROOT / "assets/scss/_tokens.scss").read_text()
COVERS = (ROOT / "assets/scss/_covers.scss").read_text()

GROUNDS = ["paper", "surface", "sunken"]
TEXTS = ["ink", "ink-soft", "ink-faint", "link", "link-strong", "accent", "in", "due", "stop"]
READ_TOGETHER = [
    *((text, ground) for text in TEXTS for ground in GROUNDS),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("accent", "accent-soft"),
    *((f"{tone}", f"{tone}-soft") for tone in ("in", "due", "stop", "info")),
    *(("ink", f"{tone}-soft") for tone in ("in", "due", "stop", "info")),
    ("ink", "mark"),
    ("link", "mark"),
    ("on-bar", "bar"),
    ("on-bar-soft", "bar"),
    ("on-bar", "bar-soft"),
    ("paper", "ink"),
]
SEEN_TOGETHER = [
    *(("line-strong", ground) for ground in ("paper", "surface")),
    *(("focus", ground) for ground in GROUNDS),
    ("accent", "paper"),
    ("in", "sunken"),
]


def scheme(name: str) -> dict[str, str]:
    body = re.search(rf"@mixin {name} \{{(.*?)\n\}}", TOKENS, re.DOTALL)
    assert body
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", body[1]))


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_black_on_white_has_the_greatest_contrast() -> None:
    assert contrast("#000000", "#ffffff") == 21


@pytest.mark.parametrize("name", ["light", "dark"])
def test_words_can_be_read_on_their_ground(name: str) -> None:
    colours = scheme(name)

    weak = {
        f"{text} on {ground}": round(contrast(colours[text], colours[ground]), 2)
        for text, ground in READ_TOGETHER
        if contrast(colours[text], colours[ground]) < 4.5
    }

    assert weak == {}


@pytest.mark.parametrize("name", ["light", "dark"])
def test_frames_and_signs_can_be_seen(name: str) -> None:
    colours = scheme(name)

    weak = {
        f"{sign} on {ground}": round(contrast(colours[sign], colours[ground]), 2)
        for sign, ground in SEEN_TOGETHER
        if contrast(colours[sign], colours[ground]) < 3
    }

    assert weak == {}


def test_the_title_on_a_cover_can_be_read() -> None:
    hues = re.findall(r"--hue: (#[0-9a-f]{6});", COVERS)

    assert len(hues) == 7  # the default and one for each number of `cover_tone`
    assert min(contrast("#ffffff", hue) for hue in hues) >= 4.5


def test_both_schemes_name_the_same_colours() -> None:
    assert scheme("light").keys() == scheme("dark").keys()

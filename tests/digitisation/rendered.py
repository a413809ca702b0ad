"""Pages of print drawn for the page checks, good ones and spoilt ones; and photographs of pages."""

from __future__ import annotations

from random import Random

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

WIDTH, HEIGHT = 900, 1273
PAPER, INK, TABLE = (248, 242, 228), (40, 34, 30), (74, 62, 54)
WORDS = (
    "Lak nam tren cao nguyen giua Tay Nguyen dat do ba dan phu phan lon dien tich hop cay",
    "ca phe ho tieu va cao su song Serepok do hai nhanh Krong Ana hop thanh chay ve tay",
)


def page(seed: int, *, lines: int = 28, noise: float = 4) -> Image.Image:
    """Draw a page of plain print, with its number below, as a scanner sees it."""
    chance = Random(seed)
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(26)
    for line in range(lines):
        words = " ".join(chance.choice(WORDS[at % 2].split()) for at in range(10))
        pen.text((100, 110 + line * 37), words[:52], font=font, fill=INK)
    if lines:
        pen.text((WIDTH // 2, HEIGHT - 90), str(seed), font=font, fill=INK)
    return noisy(image, seed, noise)


def noisy(image: Image.Image, seed: int, spread: float) -> Image.Image:
    grain = np.random.default_rng(seed).normal(0, spread, (image.height, image.width, 1))
    return Image.fromarray((np.asarray(image) + grain).clip(0, 255).astype("uint8"))


def blurred(image: Image.Image, radius: float) -> Image.Image:
    return noisy(image.filter(ImageFilter.GaussianBlur(radius)), 7, 3)


def slanted(image: Image.Image, degrees: float) -> Image.Image:
    return image.rotate(-degrees, fillcolor=PAPER, resample=Image.Resampling.BICUBIC)


def moved(image: Image.Image, x: int, y: int) -> Image.Image:
    sheet = Image.new("RGB", image.size, PAPER)
    sheet.paste(image, (x, y))
    return sheet


def darkened(image: Image.Image, part: float) -> Image.Image:
    return Image.fromarray((np.asarray(image) * part).astype("uint8"))


def with_lid_open(image: Image.Image) -> Image.Image:
    spoilt = image.copy()
    ImageDraw.Draw(spoilt).rectangle((0, 0, 24, HEIGHT), fill=(8, 8, 8))
    return spoilt


def cut(image: Image.Image) -> Image.Image:
    """Cut through the words on the left."""
    return image.crop((150, 0, WIDTH, HEIGHT))


def photograph(
    image: Image.Image,
    corners: tuple[tuple[float, float], ...],
    *,
    size: tuple[int, int] = (1200, 1600),
    table: tuple[int, int, int] = TABLE,
) -> Image.Image:
    """Lay the page on a table so that its corners lie at these parts of the picture."""
    wide, high = size
    to = [(x * wide, y * high) for x, y in corners]
    start = [(0, 0), (image.width, 0), (image.width, image.height), (0, image.height)]
    lines, sides = [], []
    for (x, y), (u, v) in zip(to, start, strict=True):
        lines += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        sides += [u, v]
    numbers = tuple(np.linalg.solve(np.array(lines), np.array(sides)))
    warped = image.convert("RGBA").transform(
        size, Image.Transform.PERSPECTIVE, numbers, Image.Resampling.BICUBIC
    )
    picture = Image.new("RGB", size, table)
    picture.paste(warped, mask=warped.getchannel("A"))
    return noisy(picture.filter(ImageFilter.GaussianBlur(0.8)), 3, 5)

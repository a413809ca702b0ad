"""Pages that are drawn for the demo, and the words on them where they were drawn."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import count

from django.contrib.staticfiles import finders
from PIL import Image, ImageDraw, ImageFont

from tangthu.digitisation.policy.highland import is_special
from tangthu.formats.alto import Block, Layout, Line, Word
from tangthu.text import fold, normalise

PAPER, INK = (250, 244, 228), (46, 38, 30)
_WITHOUT = str.maketrans("ƀɃčČĕĔĭĬŏŎŭŬ", "bBcCeEiIoOuU")

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@dataclass(slots=True)
class Sheet:
    """A page that is being drawn, and the words on it: nobody has to read them off again."""

    page: Image.Image
    pen: ImageDraw.ImageDraw
    blocks: list[Block] = field(default_factory=list)

    @classmethod
    def blank(cls, width: int, height: int, *, paper: tuple[int, int, int] = PAPER) -> Sheet:
        page = Image.new("RGB", (width, height), paper)
        return cls(page, ImageDraw.Draw(page))

    def layout(self) -> Layout:
        return Layout(self.page.width, self.page.height, tuple(self.blocks))

    def write(self, text: str, *, at: tuple[int, int], width: int, size: int) -> int:
        """Write lines that fit the width, and return where they end."""
        (left, top), font = at, _font(size)
        lines: list[Line] = []
        line = ""
        for word in [*text.split(), ""]:
            longer = f"{line} {word}".strip()
            if word and self.pen.textlength(longer, font=font) <= width:
                line = longer
                continue
            self.pen.text((left, top), line, font=font, fill=INK)
            lines.append(_placed(self.pen, line, at=(left, top), font=font))
            top, line = top + int(size * 1.5), word
        self.blocks.append(Block(tuple(lines)))
        return top


def recognised(layout: Layout, *, turn: int) -> Layout:
    """Return the words as a recognition program might read them: with a slip here and there.

    Letters that no program knows count as put back; other words lose their tones now and then.
    """
    places = count(turn * 5)
    return layout.each_word(lambda word: _read(word, next(places)))


def _read(word: Word, place: int) -> Word:
    if is_special(word.text):
        plain = normalise(word.text.translate(_WITHOUT)).replace("\u0306", "")
        return replace(word, confidence=0.71, repaired=True, original=plain)
    if place % 29 == 0:
        return replace(word, confidence=0.52, text=fold(word.text) or word.text)
    return replace(word, confidence=0.96)


def _placed(pen: ImageDraw.ImageDraw, line: str, *, at: tuple[int, int], font: Font) -> Line:
    """Return the words of a line where they were drawn."""
    words: list[Word] = []
    for number, text in enumerate(line.split()):
        before = " ".join(line.split()[:number])
        left = at[0] + pen.textlength(f"{before} " if before else "", font=font)
        box = pen.textbbox((left, at[1]), text, font=font)
        sides = (round(box[0]), round(box[1]), round(box[2] - box[0]), round(box[3] - box[1]))
        words.append(Word(normalise(text), sides))
    return Line(tuple(words))


def _font(size: int) -> Font:
    """Return the font of our pages, with all our letters; another where none was built."""
    built = finders.find("ui/fonts/noto-sans-400.woff2")
    return ImageFont.truetype(str(built), size) if built else ImageFont.load_default(size)

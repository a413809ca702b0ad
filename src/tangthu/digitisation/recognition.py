"""Turning one page into words: prepare pictures of it, have them read, keep the best reading."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self

from tangthu.digitisation import engine
from tangthu.digitisation.policy.recognition import (
    MOST_PIXELS,
    PREPARE_SECONDS,
    SURE_ENOUGH,
    Look,
    Variant,
    second_opinion,
    variants_for,
)
from tangthu.formats.alto import Block, Layout, Line, Word
from tangthu.repository.errors import FileRefused
from tangthu.repository.renderer import LimitedProgram
from tangthu.repository.room import told_when_full

PROGRAM = "tangthu.digitisation.preparing"


@dataclass(frozen=True, slots=True)
class Reading:
    """What came out: the words in the page's own pixels, by which picture of it, and by whom."""

    layout: Layout
    variant: Variant | None
    models: tuple[str, ...] = ()
    tried: int = 1


@dataclass(frozen=True, slots=True)
class Chapter:
    """The text of a numbered unit of a document, as its file has it."""

    number: int
    locator: str
    layout: Layout


@dataclass(frozen=True, slots=True)
class _Measures:
    width: int
    height: int
    scale: float
    look: Look


class Recogniser:
    """Reads pages, as a context: keeps the preparing program running between them.

    All methods raise FileRefused for files that cannot be read, RecognitionFailed for an engine
    that is missing, fails, or takes too long.
    """

    def __init__(self) -> None:
        self._program = LimitedProgram(PROGRAM, seconds=PREPARE_SECONDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._program.__exit__(kind, error, trace)

    def picture(self, path: Path, languages: tuple[str, ...]) -> Reading:
        """Read a picture in the likeliest way; in the others too, where the engine is not sure."""
        with _scratch() as folder:
            return self._picture(path, languages, folder)

    def pdf_page(
        self, path: Path, frame: int, *, width: int, languages: tuple[str, ...]
    ) -> Reading:
        """Return the words that a PDF's page brings with it, else what is read on its picture.

        `width` is that of the drawn page in pixels, 0 where it was never drawn.
        """
        found = self.pdf_words(path, frame, width=width)
        if found is not None:
            return Reading(found, None)
        with _scratch() as folder:
            target = folder / "page.tif"
            job = {"deed": "pdf_picture", "path": str(path), "frame": frame, "target": str(target)}
            self._program.ask(job)
            return self._picture(target, languages, folder)

    def pdf_words(self, path: Path, frame: int, *, width: int) -> Layout | None:
        """Return the words that a PDF's page brings with it, None where nobody could read them."""
        with _scratch() as folder:
            target = folder / "words.json"
            job: dict[str, object] = {"deed": "pdf_text", "path": str(path), "frame": frame}
            answer = self._program.ask(job | {"width": width, "target": str(target)})
            if not answer["readable"]:
                return None
            return _layout_of(json.loads(target.read_text(encoding="utf-8")))

    def book(self, path: Path, media_type: str) -> list[Chapter]:
        """Return the text of an EPUB or DOCX, chapter by chapter."""
        with _scratch() as folder:
            target = folder / "book.json"
            job = {"deed": "book_text", "path": str(path), "media_type": media_type}
            self._program.ask(job | {"target": str(target)})
            units = json.loads(target.read_text(encoding="utf-8"))
        return [
            Chapter(unit["number"], unit["locator"], _flowing(unit["paragraphs"])) for unit in units
        ]

    def _picture(self, path: Path, languages: tuple[str, ...], folder: Path) -> Reading:
        measures = self._measured(path)
        best: Reading | None = None
        for tried, variant in enumerate(variants_for(measures.look), 1):
            read = self._reading(path, variant, measures, languages, folder)
            best = replace(_surer(best, read), tried=tried)
            if _is_enough(best) or not any(read.layout.words()):
                break
        if best is None or best.variant is None:
            raise FileRefused("damaged_image")
        others = second_opinion(languages, installed=engine.models())
        if others and not _is_enough(best) and any(best.layout.words()):
            read = self._reading(path, best.variant, measures, others, folder)
            best = replace(_surer(best, read), tried=best.tried + 1)
        return best

    def _reading(
        self,
        path: Path,
        variant: Variant,
        measures: _Measures,
        languages: tuple[str, ...],
        folder: Path,
    ) -> Reading:
        layout = self._read(path, variant, measures, languages, folder)
        return Reading(layout, variant, languages)

    def _measured(self, path: Path) -> _Measures:
        job = {"deed": "measure", "path": str(path), "most_pixels": MOST_PIXELS}
        found = self._program.ask(job)
        look = Look(skew=float(found["skew"]), is_grainy=bool(found["is_grainy"]))
        return _Measures(int(found["width"]), int(found["height"]), float(found["scale"]), look)

    def _read(
        self,
        path: Path,
        variant: Variant,
        measures: _Measures,
        languages: tuple[str, ...],
        folder: Path,
    ) -> Layout:
        target = folder / f"{variant}.tif"
        turn = 0.0 if variant is Variant.RAW else -measures.look.skew
        job = {
            "deed": "prepare",
            "path": str(path),
            "target": str(target),
            "scale": measures.scale,
            "turn": turn,
            "smooth": variant is Variant.SMOOTHED,
        }
        self._program.ask(job)
        layout = engine.read(target, languages)
        target.unlink()
        return _in_pixels_of(layout, measures, turn)


@contextmanager
def _scratch() -> Iterator[Path]:
    with told_when_full(), TemporaryDirectory(prefix="tangthu-text-") as folder:
        yield Path(folder)


def _surer(first: Reading | None, second: Reading) -> Reading:
    if first is None or sureness(second.layout) > sureness(first.layout):
        return second
    return first


def _is_enough(reading: Reading) -> bool:
    return sureness(reading.layout) >= SURE_ENOUGH


def sureness(layout: Layout) -> float:
    """Return the mean confidence by letters: a page of specks has many short sure words."""
    words = [(word.confidence or 0.0, len(word.text)) for word in layout.words()]
    letters = sum(length for _, length in words)
    return sum(sure * length for sure, length in words) / letters if letters else 0.0


def _in_pixels_of(layout: Layout, measures: _Measures, turn: float) -> Layout:
    """Return the layout with boxes where its words stand on the picture as it is.

    The centre of each word is turned back about the centre of the picture; its box keeps its
    size, and so stands close around words that are a few degrees from level.
    """
    radians = math.radians(turn)
    cosine, sine = math.cos(radians), math.sin(radians)

    def back(word: Word) -> Word:
        left, top, width, height = word.box
        right, down = left + width / 2 - layout.width / 2, top + height / 2 - layout.height / 2
        across = (right * cosine + down * sine) / measures.scale + measures.width / 2
        below = (down * cosine - right * sine) / measures.scale + measures.height / 2
        wide, high = width / measures.scale, height / measures.scale
        box = (across - wide / 2, below - high / 2, wide, high)
        return replace(word, box=_within(box, measures))

    if not turn and measures.scale == 1:
        return layout
    return replace(layout.each_word(back), width=measures.width, height=measures.height)


def _within(
    box: tuple[float, float, float, float], measures: _Measures
) -> tuple[int, int, int, int]:
    left = min(max(round(box[0]), 0), measures.width)
    top = min(max(round(box[1]), 0), measures.height)
    width, height = round(box[2]), round(box[3])
    return (left, top, min(width, measures.width - left), min(height, measures.height - top))


def _layout_of(found: dict[str, Any]) -> Layout:
    blocks = tuple(
        Block(
            tuple(
                Line(tuple(Word(text, (x, y, w, h)) for text, x, y, w, h in line))
                for line in block
                if line
            )
        )
        for block in found["blocks"]
    )
    kept = tuple(block for block in blocks if block.lines)
    return Layout(int(found["width"]), int(found["height"]), kept)


def _flowing(paragraphs: list[str]) -> Layout:
    """Return text that has no places: a block a paragraph, on one line."""
    nowhere = (0, 0, 0, 0)
    return Layout(
        0,
        0,
        tuple(
            Block((Line(tuple(Word(word, nowhere) for word in paragraph.split())),))
            for paragraph in paragraphs
            if paragraph.strip()
        ),
    )

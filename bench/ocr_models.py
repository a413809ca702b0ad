"""Text recognition: what each model of the engine reads, and whether its confidence tells.

    PYTHONPATH=src python -m bench.ocr_models [--models vie,Vietnamese] [--pages 2]

The conditions of `bench.ocr`, and typed pages in each typewriter face that is installed. All
pictures that the queue might try are read with all models; then the rules that could choose among
those readings are played through, each beside the best reading that could have been chosen.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.ocr import Drawn, conditions, errors, made, noisy, old, spent, turned

TYPEWRITERS = {
    "DejaVu Mono": Path("/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf"),
    "Free Mono": Path("/usr/share/fonts/truetype/freefont/FreeMono.ttf"),
    "Free Mono bold": Path("/usr/share/fonts/truetype/freefont/FreeMonoBold.ttf"),
    "Noto Mono": Path("/usr/share/fonts/truetype/noto/NotoSansMono-Regular.ttf"),
}


@dataclass(frozen=True, slots=True)
class Tried:
    """One reading: by which model, of which picture, how sure the engine was, what was wrong."""

    model: str
    variant: str
    sure: float
    letters: float
    words: float
    seconds: float


Rule = Callable[[Sequence[Tried]], Tried]
"""Choose among all readings of a page; those of the first model stand first, likeliest first."""


def typed() -> Iterator[tuple[str, Callable[[int], Drawn]]]:
    """Yield typed pages by name: as they left the machine, grainy and askew, and faded."""
    for name, font in TYPEWRITERS.items():
        if font.exists():
            yield f"typed, {name}", made(lambda image, _: image, dpi=300, font=font)
            yield (
                f"typed, {name}, grain",
                made(lambda image, seed: noisy(turned(image, 2), seed), dpi=300, font=font),
            )
            yield (
                f"typed, {name}, faded",
                made(lambda image, seed: old(turned(image, 1.5), seed), dpi=200, font=font),
            )


def readings(drawn: Drawn, models: Sequence[str], folder: Path) -> list[Tried]:
    """Read all pictures of a page with all models."""
    from tangthu.digitisation.policy.recognition import variants_for
    from tangthu.digitisation.recognition import Recogniser, sureness
    from tangthu.formats import alto

    path = folder / "page.tif"
    drawn.image.save(path)
    found = []
    with Recogniser() as recogniser:
        measures = recogniser._measured(path)
        for model in models:
            for variant in variants_for(measures.look):
                before = spent()
                layout = recogniser._read(path, variant, measures, (model,), folder)
                seconds = spent() - before
                letters, words = errors(alto.plain(layout), drawn.text)
                sure = sureness(layout)
                found.append(Tried(model, variant, sure, letters, words, seconds))
    return found


def by_rule(tried: Sequence[Tried], models: Sequence[str]) -> Iterator[tuple[str, Tried, float]]:
    """Yield what each rule keeps of a page's readings, and the seconds that it takes."""
    from tangthu.digitisation.policy.recognition import SURE_ENOUGH

    first = [one for one in tried if one.model == models[0]]
    enough = next((at for at, one in enumerate(first, 1) if one.sure >= SURE_ENOUGH), len(first))
    kept = max(first[:enough], key=lambda one: one.sure)
    seconds = sum(one.seconds for one in first[:enough])
    yield f"{models[0]} alone", kept, seconds
    for model in models[1:]:
        pictures = [one for one in tried if one.model == model]
        other = next(one for one in pictures if one.variant == kept.variant)
        surer = max(kept, other, key=lambda one: one.sure)
        if kept.sure >= SURE_ENOUGH:
            yield f"{model} where unsure", kept, seconds
        else:
            yield f"{model} where unsure", surer, seconds + other.seconds
        yield f"{model} always, the surer", surer, seconds + other.seconds
        fewer = min(kept, other, key=lambda one: one.letters)
        yield f"{model} always, the better", fewer, seconds + other.seconds


def show(pages: Sequence[Sequence[Tried]], models: Sequence[str]) -> None:
    """Print what each rule comes to over all pages, and over those that are not read surely."""
    from tangthu.digitisation.policy.recognition import SURE_ENOUGH

    unsure = [page for page in pages if next(by_rule(page, models))[1].sure < SURE_ENOUGH]
    for name, some in (("all", pages), ("unsure", unsure)):
        print(f"\n{len(some)} pages: {name}")
        for outcomes in zip(*(by_rule(page, models) for page in some), strict=True):
            kept = [(one.letters, one.words, seconds) for _, one, seconds in outcomes]
            letters, words, seconds = np.mean(kept, axis=0)
            rule = outcomes[0][0]
            print(f"{rule:<32}{letters:>7.2f}%{words:>7.2f}%{seconds:>6.1f} s a page")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", default="vie,Vietnamese")
    parser.add_argument("--pages", type=int, default=2, help="of each condition")
    given = parser.parse_args()
    models = given.models.split(",")
    with tempfile.TemporaryDirectory(prefix="tangthu-bench-") as name:
        os.environ["TANGTHU_DATA"] = str(Path(name) / "data")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tangthu.site.settings")
        import django

        django.setup()
        pages = []
        for condition, draw in {**conditions(), **dict(typed())}.items():
            of_this = [readings(draw(number), models, Path(name)) for number in range(given.pages)]
            pages += of_this
            for model in models:
                kept = [
                    max((one for one in page if one.model == model), key=lambda one: one.sure)
                    for page in of_this
                ]
                shown = [(one.letters, one.words, one.sure, one.seconds) for one in kept]
                letters, words, sure, seconds = np.mean(shown, axis=0)
                figures = f"{letters:>7.2f}%{words:>7.2f}%  {sure:.3f} sure {seconds:>5.1f} s"
                print(f"{condition:<30}{model:<12}{figures}", flush=True)
        show(pages, models)


if __name__ == "__main__":
    main()

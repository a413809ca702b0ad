"""Text recognition: how many letters are wrong, and how many pages a minute.

    PYTHONPATH=src python -m bench.ocr [--pages 2] [--queue 16] [--workers 2]

Draws pages of Vietnamese prose (A4) in six conditions and has each read twice: by bare Tesseract,
and as the queue reads them, which measures the page and tries other pictures of it and another
model where the engine is unsure. Errors are counted against what was drawn: of letters (CER) and
words (WER), by Levenshtein, after NFC. Then a queue of level pages is read by as many workers as
there are processors, and the same pictures by as many bare Tesseracts. Drawn pages flatter
recognition: take the figures as the best that modern print gives.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import tempfile
import threading
import time
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

FONTS = Path(__file__).resolve().parent.parent / "src/tangthu/ui/static/ui/fonts"
TYPEWRITER = Path("/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf")
PROSE = (
    "Đắk Lắk nằm ở trung tâm vùng Tây Nguyên, đầu nguồn của hệ thống sông Sêrêpôk và một phần của "
    "sông Ba. Đất đỏ ba-dan chiếm phần lớn diện tích, tầng đất dày, tơi xốp, thích hợp với cây cà "
    "phê, hồ tiêu, cao su và nhiều loại cây ăn quả.",
    "Khí hậu chia làm hai mùa rõ rệt: mùa mưa từ tháng năm đến hết tháng mười, tập trung chín "
    "mươi phần trăm lượng mưa cả năm; mùa khô từ tháng mười một đến tháng tư năm sau, độ ẩm giảm, "
    "gió đông bắc thổi mạnh, bốc hơi lớn, gây khô hạn nghiêm trọng.",
    "Ngày 22 tháng 11 năm 1904, Toàn quyền Đông Dương ký nghị định thành lập tỉnh. Từ đó đến nay "
    "địa giới hành chính đã nhiều lần thay đổi; thư viện tỉnh giữ hơn 3.500 tài liệu địa chí, báo, "
    "bản đồ và ảnh chụp buôn làng.",
    "Lễ mừng lúa mới, lễ cúng bến nước và lễ bỏ mả là những nghi lễ lớn của cộng đồng. Trong nhà "
    "dài, tiếng cồng chiêng vang lên suốt đêm; người già kể khan bên bếp lửa, trẻ nhỏ quây quần "
    "lắng nghe chuyện của tổ tiên.",
)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A page, and the words that stand on it."""

    image: Image.Image
    text: str


def page(number: int, *, dpi: int, font: Path, paper: int = 250, ink: int = 25) -> Drawn:
    """Draw an A4 page of prose in 11.5 points."""
    width, height = round(8.27 * dpi), round(11.69 * dpi)
    face = ImageFont.truetype(str(font), round(11.5 * dpi / 72))
    image = Image.new("L", (width, height), paper)
    pen = ImageDraw.Draw(image)
    margin, top = round(0.9 * dpi), round(0.9 * dpi)
    lines: list[str] = []
    for turn in range(9):
        lines += [*wrapped(PROSE[(number + turn) % len(PROSE)], pen, face, width - 2 * margin), ""]
    step = round(face.size * 1.45)
    shown = lines[: (height - 2 * margin) // step]
    for at, line in enumerate(shown):
        pen.text((margin, top + at * step), line, font=face, fill=ink)
    return Drawn(image, " ".join(" ".join(shown).split()))


def wrapped(
    text: str, pen: ImageDraw.ImageDraw, face: ImageFont.FreeTypeFont, width: int
) -> Iterator[str]:
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if pen.textlength(longer, font=face) > width:
            yield line
            longer = word
        line = longer
    yield line


def turned(image: Image.Image, degrees: float, paper: int = 250) -> Image.Image:
    return image.rotate(degrees, resample=Image.Resampling.BICUBIC, fillcolor=paper)


def noisy(image: Image.Image, seed: int) -> Image.Image:
    """Add grain (σ 40) and a hundredth of black and white specks."""
    chance = np.random.default_rng(seed)
    grey = np.asarray(image).astype(float) + chance.normal(0, 40, (image.height, image.width))
    specks = chance.random(grey.shape)
    grey[specks < 0.005], grey[specks > 0.995] = 0, 255
    return Image.fromarray(grey.clip(0, 255).astype(np.uint8))


def old(image: Image.Image, seed: int) -> Image.Image:
    """Fade and blur it, let the other side shine through, and stain it."""
    chance = np.random.default_rng(seed)
    back = np.asarray(image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)).astype(float)
    small = chance.normal(0, 1, (image.height // 160 + 1, image.width // 160 + 1))
    stains = np.asarray(Image.fromarray(small).resize(image.size, Image.Resampling.BICUBIC))
    grey = np.asarray(image).astype(float) * 0.75 + 40 + (back - 250) * 0.12 + stains * 9
    faded = Image.fromarray(grey.clip(0, 255).astype(np.uint8))
    return faded.filter(ImageFilter.GaussianBlur(0.8))


def made(
    change: Callable[[Image.Image, int], Image.Image],
    *,
    dpi: int = 300,
    font: Path = FONTS / "noto-sans-400.woff2",
) -> Callable[[int], Drawn]:
    """Return what draws pages and then spoils them in one way."""

    def draw(number: int) -> Drawn:
        drawn = page(number, dpi=dpi, font=font)
        return Drawn(change(drawn.image, number), drawn.text)

    return draw


def conditions() -> dict[str, Callable[[int], Drawn]]:
    """Return what pages are drawn, by name."""
    found = {
        "clean, 300 dpi": made(lambda image, _: image),
        "clean, 150 dpi": made(lambda image, _: image, dpi=150),
        "4° from level, 300 dpi": made(lambda image, _: turned(image, 4)),
        "grain and 2°, 300 dpi": made(lambda image, seed: noisy(turned(image, 2), seed)),
        "grain and 2°, 150 dpi": made(lambda image, seed: noisy(turned(image, 2), seed), dpi=150),
        "old paper and 1.5°, 200 dpi": made(
            lambda image, seed: old(turned(image, 1.5), seed), dpi=200
        ),
    }
    if TYPEWRITER.exists():
        found["typewriter, 200 dpi"] = made(lambda image, _: image, dpi=200, font=TYPEWRITER)
    return found


def distance(read: Sequence[str], meant: Sequence[str]) -> int:
    """Return the Levenshtein distance, a row at a time."""
    codes = {sign: number for number, sign in enumerate({*read, *meant})}
    columns = np.array([codes[sign] for sign in meant])
    offsets = np.arange(len(meant) + 1)
    row = offsets.copy()
    for number, sign in enumerate(read, 1):
        changed = row[:-1] + (columns != codes[sign])
        best = np.concatenate(([number], np.minimum(row[1:] + 1, changed)))
        row = np.minimum.accumulate(best - offsets) + offsets
    return int(row[-1])


def errors(read: str, meant: str) -> tuple[float, float]:
    """Return the share of wrong letters and of wrong words, in percent."""
    plain = " ".join(unicodedata.normalize("NFC", read).split())
    letters = 100 * distance(plain, meant) / len(meant)
    words = 100 * distance(plain.split(), meant.split()) / len(meant.split())
    return letters, words


def spent() -> float:
    """Return the processor seconds of this process and of those that have ended."""
    own, ended = (
        resource.getrusage(resource.RUSAGE_SELF),
        resource.getrusage(resource.RUSAGE_CHILDREN),
    )
    return own.ru_utime + own.ru_stime + ended.ru_utime + ended.ru_stime


def accuracy(pages: int, folder: Path) -> None:
    from tangthu.digitisation import engine
    from tangthu.digitisation.recognition import Recogniser
    from tangthu.formats import alto

    print(f"{'condition':<30}{'bare CER':>10}{'WER':>8}{'ours CER':>10}{'WER':>8}  picture kept")
    with Recogniser() as recogniser:
        for name, draw in conditions().items():
            bare: list[tuple[float, float]] = []
            ours: list[tuple[float, float]] = []
            kept: list[str] = []
            for number in range(pages):
                drawn = draw(number)
                path = folder / "page.tif"
                drawn.image.save(path)
                bare.append(errors(alto.plain(engine.read(path, ("vie",))), drawn.text))
                reading = recogniser.picture(path, ("vie",))
                ours.append(errors(alto.plain(reading.layout), drawn.text))
                kept.append(f"{reading.variant} by {reading.models[0]}, of {reading.tried}")
            means = [*np.mean(bare, axis=0), *np.mean(ours, axis=0)]
            figures = f"{means[0]:>9.2f}%{means[1]:>7.2f}%{means[2]:>9.2f}%{means[3]:>7.2f}%"
            print(f"{name:<30}{figures}  {', '.join(kept)}", flush=True)


@dataclass(frozen=True, slots=True)
class Cost:
    """What reading all pages took: seconds by the clock, and of processors."""

    seconds: float
    processor: float


def cost(run: Callable[[], object]) -> Cost:
    began, before = time.monotonic(), spent()
    run()
    return Cost(time.monotonic() - began, spent() - before)


def throughput(count: int, workers: int, folder: Path) -> None:
    """Compare the queue with as many bare Tesseracts over the same pictures."""
    from tangthu.digitisation.worker import work

    paths = [folder / f"queue-{number}.tif" for number in range(count)]
    for number, path in enumerate(paths):
        page(number, dpi=300, font=FONTS / "noto-sans-400.woff2").image.save(path)
    queue_up(paths)

    with ThreadPoolExecutor(workers) as pool:
        alone = cost(lambda: list(pool.map(bare, paths)))
    read: list[int] = []
    queue = cost(lambda: read.append(work(workers, stop=threading.Event(), once=True)))
    assert read == [count], f"{read} of {count} pages"
    compare(count, workers, alone=alone, queue=queue)


def queue_up(paths: Sequence[Path]) -> None:
    """Make an object of the pictures in a new database, and ask for its text."""
    from django.core.management import call_command

    from tangthu.core.actor import Actor
    from tangthu.digitisation.actions.ocr import Wish, ask_for_text
    from tangthu.repository.actions import (
        Incoming,
        ObjectData,
        add_page_images,
        create_object,
        make_ready,
    )
    from tests.factories import LibraryFactory

    call_command("migrate", verbosity=0)
    by = Actor.machine("bench")
    data = ObjectData(title="Bench", languages="vie", rights="PDM")
    obj = create_object(data, library=LibraryFactory(code="BENCH", name="Bench"), by=by)
    add_page_images(obj, [Incoming(path, path.name) for path in paths], by=by)
    make_ready(obj, by=by)
    ask_for_text(obj, Wish(), by=by)


def bare(path: Path) -> None:
    """Read a picture by Tesseract alone."""
    subprocess.run(
        ["tesseract", str(path), "stdout", "-l", "vie", "--psm", "3", "alto"],
        env=os.environ | {"OMP_THREAD_LIMIT": "1"},
        check=True,
        capture_output=True,
    )


def compare(count: int, workers: int, *, alone: Cost, queue: Cost) -> None:
    print(f"\n{count} level pages, {workers} at once")
    for name, taken in (("bare Tesseract", alone), ("the queue", queue)):
        rate, each = 60 * count / taken.seconds, taken.processor / count
        print(f"{name:<16}{rate:>7.1f} pages/min  {each:.2f} s of processor a page")
    by_clock = 100 * alone.seconds / queue.seconds
    by_processor = 100 * alone.processor / queue.processor
    print(
        f"the queue reaches {by_clock:.0f} % by the clock, {by_processor:.0f} % by processor time"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=2, help="of each condition")
    parser.add_argument("--queue", type=int, default=16, help="pages to measure the speed with")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 2)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tangthu-bench-") as name:
        folder = Path(name)
        os.environ["TANGTHU_DATA"] = str(folder / "data")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tangthu.site.settings")
        import django

        django.setup()
        if given.pages:
            accuracy(given.pages, folder)
        if given.queue:
            throughput(given.queue, given.workers, folder)


if __name__ == "__main__":
    main()

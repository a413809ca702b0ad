"""Make the recordings of the demo network: a told story with gongs, and a short film of drawings.

    python tools/demo_media.py

Speaks with espeak-ng, draws with Pillow, encodes with FFmpeg; all that they say is invented. The
files it writes are small and kept with the source, so that the demo needs none of these programs.
"""

from __future__ import annotations

import math
import subprocess
import sys
import tempfile
import wave
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from tangthu.formats.webvtt import Cue, write

ROOT = Path(__file__).resolve().parent.parent
MEDIA = ROOT / "src/tangthu/site/demo/media"
FONT = ROOT / "src/tangthu/ui/static/ui/fonts/noto-sans-600.woff2"
RATE = 22_050
SIZE = (640, 360)


@dataclass(frozen=True, slots=True)
class Spoken:
    """A line of the story: what the voice says, and the same in Ê Đê."""

    vietnamese: str
    rade: str


STORY = (
    Spoken("Xin chào anh em!", "Hơ̆k mơak ayŏng adei!"),
    Spoken("Từ buôn làng giữa rừng,", "Mơ̆ng ƀuôn sang dliê,"),
    Spoken("người Ê Đê kể chuyện khan", "mnuih Êđê yăl dliê klei khan"),
    Spoken("bằng giọng êm dịu.", "hŏng asăp êmiêt."),
    Spoken("Xin cảm ơn đã lắng nghe!", "Lač jăk!"),
)
SCENES = (
    ("Nhà dài [DEMO]", "Nhà dài của người Ê Đê quay cửa về hướng bắc."),
    ("Bến nước", "Mỗi buôn có một bến nước, mỗi năm cúng một lần."),
    ("Đất đỏ ba-dan", "Trên đất đỏ ba-dan, cây cà phê nở hoa trắng vào mùa khô."),
)


def main() -> int:
    """Write the recordings and their captions."""
    MEDIA.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tell_story(folder)
        show_film(folder)
    for path in sorted(MEDIA.iterdir()):
        sys.stdout.write(f"{path.relative_to(ROOT)}  {path.stat().st_size:,} bytes\n")
    return 0


def tell_story(folder: Path) -> None:
    """Write a story: gong and line by turns, with captions in both languages."""
    sound = array("h", gong(196))
    rade: list[Cue] = []
    vietnamese: list[Cue] = []
    for number, line in enumerate(STORY):
        start = milliseconds(sound)
        sound.extend(spoken(line.vietnamese, folder))
        end = milliseconds(sound)
        rade.append(Cue(start, end, line.rade))
        vietnamese.append(Cue(start, end, line.vietnamese))
        sound.extend(gong((220, 247, 262, 294, 196)[number]))
    encode_sound(sound, folder, MEDIA / "khan.m4a")
    (MEDIA / "khan.rad.vtt").write_bytes(write(rade))
    (MEDIA / "khan.vie.vtt").write_bytes(write(vietnamese))


def show_film(folder: Path) -> None:
    """Write a film: a drawing for each sentence, shown for as long as it is said."""
    sound = array("h")
    cues: list[Cue] = []
    list_of_pictures: list[str] = []
    for number, (title, sentence) in enumerate(SCENES):
        start = milliseconds(sound)
        sound.extend(spoken(sentence, folder))
        sound.extend([0] * (RATE // 2))
        cues.append(Cue(start, milliseconds(sound) - 500, sentence))
        picture = folder / f"{number}.png"
        scene(number, title).save(picture)
        seconds = (milliseconds(sound) - start) / 1000
        list_of_pictures.append(f"file '{picture}'\nduration {seconds}")
    (folder / "list.txt").write_text("\n".join([*list_of_pictures, f"file '{picture}'"]))
    save(sound, folder / "film.wav")
    run(
        *("ffmpeg", "-v", "error", "-f", "concat", "-safe", "0", "-i", str(folder / "list.txt")),
        *("-i", str(folder / "film.wav"), "-c:v", "libx264", "-crf", "30", "-r", "5"),
        *("-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "40k", "-shortest"),
        *("-movflags", "+faststart", "-bitexact", "-y", str(MEDIA / "nha-dai.mp4")),
    )
    (MEDIA / "nha-dai.vie.vtt").write_bytes(write(cues))


def spoken(sentence: str, folder: Path) -> array[int]:
    """Let the machine's voice say it slowly."""
    path = folder / "line.wav"
    run("espeak-ng", "-v", "vi", "-s", "120", "-w", str(path), sentence)
    with wave.open(str(path)) as source:
        return array("h", source.readframes(source.getnframes()))


def gong(pitch: float, *, seconds: float = 1.6) -> Iterator[int]:
    """Yield a struck bronze plate: partials that are no whole multiples, dying away."""
    partials = ((1.0, 1.0), (1.52, 0.5), (2.41, 0.35), (3.17, 0.2))
    for frame in range(int(RATE * seconds)):
        at = frame / RATE
        swing = sum(share * math.sin(2 * math.pi * pitch * part * at) for part, share in partials)
        yield int(7_000 * swing * math.exp(-2.4 * at))


def scene(number: int, title: str) -> Image.Image:
    """Hills, a house on stilts, a sun that climbs."""
    picture = Image.new("RGB", SIZE, "#f2dfc1")
    pen = ImageDraw.Draw(picture)
    _, height = SIZE
    pen.ellipse(
        (420 + 40 * number, 60 - 10 * number, 490 + 40 * number, 130 - 10 * number), "#c9772b"
    )
    for hill, colour in enumerate(("#6b7f52", "#7f6b45", "#8c3a21")):
        left = hill * 220 - 60
        pen.polygon([(left, height), (left + 170, 190 + hill * 20), (left + 380, height)], colour)
    pen.rectangle((150, 230, 470, 280), "#5a4632")
    pen.polygon([(130, 232), (180, 190), (440, 190), (490, 232)], "#8a744f")
    for post in range(160, 470, 44):
        pen.rectangle((post, 280, post + 8, 330), "#3d2f22")
    pen.text((24, 20), title, fill="#2e261e", font=ImageFont.truetype(str(FONT), 28))
    return picture


def encode_sound(sound: array[int], folder: Path, target: Path) -> None:
    save(sound, folder / "sound.wav")
    run(
        *("ffmpeg", "-v", "error", "-i", str(folder / "sound.wav"), "-c:a", "aac", "-b:a", "40k"),
        *("-movflags", "+faststart", "-bitexact", "-y", str(target)),
    )


def save(sound: Sequence[int], path: Path) -> None:
    with wave.open(str(path), "wb") as target:
        target.setnchannels(1)
        target.setsampwidth(2)
        target.setframerate(RATE)
        target.writeframes(array("h", sound).tobytes())


def milliseconds(sound: Sequence[int]) -> int:
    return len(sound) * 1000 // RATE


def run(*command: str) -> None:
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)


if __name__ == "__main__":
    raise SystemExit(main())

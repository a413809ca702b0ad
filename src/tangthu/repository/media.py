"""Recordings looked into and encoded by FFmpeg: programs of their own, with limits.

A recording comes from strangers. Its type is told to the program, which reads that file and nothing
else; memory, time and the size of what it writes are bounded.
"""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tangthu.repository.errors import FileRefused, StoreFull
from tangthu.repository.policy import limits
from tangthu.repository.policy.media import DEMUXERS, M4A, MP4, Plan, Probed
from tangthu.repository.room import speaks_of_a_full_disk

PROBE, ENCODER = "ffprobe", "ffmpeg"
_PROBE_SECONDS = 60
_SECONDS_AT_LEAST = 600
_TIMES_ITS_LENGTH = 4
"""A slow processor encodes a film in twice its length."""

_SOUND = ("-c:a", "aac", "-b:a", "96k", "-ac", "2", "-ar", "44100")
_PICTURE = (
    *("-c:v", "libx264", "-preset", "veryfast", "-crf", "24", "-pix_fmt", "yuv420p"),
    *("-vf", "scale='min(1280,iw)':-2", "-threads", "1"),
)


def is_installed() -> bool:
    """Tell whether recordings can be looked into and encoded here."""
    return shutil.which(PROBE) is not None and shutil.which(ENCODER) is not None


def probe(path: Path, media_type: str) -> Probed:
    """Say what the recording holds. Raises FileRefused for what is none."""
    found = _run(
        [
            *(PROBE, "-v", "error", "-protocol_whitelist", "file", "-f", DEMUXERS[media_type]),
            *("-print_format", "json", "-show_format", "-show_streams", str(path)),
        ],
        seconds=_PROBE_SECONDS,
    )
    return _probed(json.loads(found))


def encode(path: Path, media_type: str, probed: Probed, *, plan: Plan, target: Path) -> None:
    """Write the copy that is played everywhere to `target`. Raises FileRefused."""
    target.parent.mkdir(parents=True, exist_ok=True)
    codecs: Sequence[str] = ("-c", "copy")
    if plan == Plan.ENCODE:
        codecs = (*_SOUND, *(_PICTURE if probed.video else ("-vn",)))
    streams = ("-map", "0:v:0?", "-map", "0:a:0?") if probed.video else ("-map", "0:a:0")
    arguments = [
        *_begun(path, media_type),
        *(*streams, "-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1"),
        *(*codecs, "-movflags", "+faststart", "-f", "mp4", "-y", str(target)),
    ]
    _write(arguments, target, probed)


def still(path: Path, media_type: str, probed: Probed, *, target: Path) -> None:
    """Write one picture of a film, from a tenth of its length, to `target`. Raises FileRefused."""
    target.parent.mkdir(parents=True, exist_ok=True)
    at = f"{probed.duration / 10_000:.3f}"
    arguments = [
        *_begun(path, media_type, at=at),
        *("-map", "0:v:0", "-frames:v", "1", "-vf", "scale='min(1280,iw)':-2"),
        *("-map_metadata", "-1", "-f", "mjpeg", "-q:v", "4", "-y", str(target)),
    ]
    _write(arguments, target, probed)


def type_of_copy(probed: Probed) -> tuple[str, str]:
    """Return the media type of what `encode` writes, and the ending of its name."""
    return (MP4, ".mp4") if probed.video else (M4A, ".m4a")


def _begun(path: Path, media_type: str, *, at: str = "0") -> list[str]:
    reading = ("-protocol_whitelist", "file", "-f", DEMUXERS[media_type], "-ss", at)
    return [ENCODER, "-v", "error", "-nostdin", *reading, "-i", str(path)]


def _write(arguments: list[str], target: Path, probed: Probed) -> None:
    seconds = max(_SECONDS_AT_LEAST, probed.duration // 1000 * _TIMES_ITS_LENGTH)
    try:
        _run(["nice", "-n", "10", *arguments], seconds=seconds)
        if not target.is_file() or not target.stat().st_size:
            raise FileRefused("damaged_recording")
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _run(arguments: list[str], *, seconds: int) -> bytes:
    try:
        ended = subprocess.run(  # noqa: S603
            arguments,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=seconds,
            check=False,
            preexec_fn=_limit,
        )
    except subprocess.TimeoutExpired as late:
        raise FileRefused("took_too_long") from late
    # Where only the end of a file finds no room, FFmpeg says so and reports success all the same.
    if speaks_of_a_full_disk(ended.stderr.decode(errors="replace")):
        raise StoreFull
    if ended.returncode:
        raise FileRefused("damaged_recording")
    return ended.stdout


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (limits.RENDER_MEMORY, limits.RENDER_MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.LARGEST_FILE, limits.LARGEST_FILE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _probed(found: Mapping[str, Any]) -> Probed:
    streams = [each for each in found.get("streams", ()) if not _is_cover(each)]
    sound = _first(streams, "audio")
    picture = _first(streams, "video")
    overall: Mapping[str, Any] = found.get("format", {})
    length = overall.get("duration") or picture.get("duration") or sound.get("duration") or 0
    return Probed(
        duration=round(float(length) * 1000),
        audio=str(sound.get("codec_name", "")),
        video=str(picture.get("codec_name", "")),
        width=int(picture.get("width", 0)),
        height=int(picture.get("height", 0)),
        bitrate=int(overall.get("bit_rate") or 0),
    )


def _first(streams: Sequence[Mapping[str, Any]], kind: str) -> Mapping[str, Any]:
    return next((each for each in streams if each.get("codec_type") == kind), {})


def _is_cover(stream: Mapping[str, Any]) -> bool:
    """Tell whether the stream is the picture on a song's sleeve, which is no film."""
    return bool(stream.get("disposition", {}).get("attached_pic"))

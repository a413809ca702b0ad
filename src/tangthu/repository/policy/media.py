"""How a recording reaches its listeners: as it came, packed anew, or encoded anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

MP3, M4A, OGG, FLAC, WAV = "audio/mpeg", "audio/mp4", "audio/ogg", "audio/flac", "audio/wav"
MP4, WEBM = "video/mp4", "video/webm"
CAPTIONS = "text/vtt"

DEMUXERS: Mapping[str, str] = {
    MP3: "mp3",
    M4A: "mov",
    OGG: "ogg",
    FLAC: "flac",
    WAV: "wav",
    MP4: "mov",
    WEBM: "matroska",
}
"""What reads each type. Named to the programs, so that no playlist passes for a recording."""

PLAYED_EVERYWHERE = frozenset({MP3, M4A, MP4})
"""By every browser and phone of the last ten years, where the codecs within are those below."""

LONGEST = 48 * 3600 * 1000
LARGEST_BITRATE = 256_000
"""Bits a second of sound above which a copy is made: a phone pays for what it fetches."""

WIDEST = 1920
LARGEST_VIDEO_BITRATE = 6_000_000


class Plan(StrEnum):
    """What is done to a recording before it is played."""

    AS_IT_CAME = "as_it_came"
    PACK = "pack"
    ENCODE = "encode"


@dataclass(frozen=True, slots=True, kw_only=True)
class Probed:
    """What a recording is found to hold. Duration in milliseconds, bit rate in bits a second."""

    duration: int
    audio: str = ""
    video: str = ""
    width: int = 0
    height: int = 0
    bitrate: int = 0


def plan_for(media_type: str, probed: Probed) -> Plan:
    """Say how this recording is made playable for everybody.

    A film in the usual codecs is packed anew, because what describes it often stands at its end,
    and a browser would have to fetch it all before it plays.
    """
    if media_type == MP4 and probed.video:
        usual = probed.video == "h264" and probed.audio in {"", "aac", "mp3"}
        light = probed.width <= WIDEST and probed.bitrate <= LARGEST_VIDEO_BITRATE
        return Plan.PACK if usual and light else Plan.ENCODE
    if media_type in {MP3, M4A} and not probed.video and probed.audio in {"mp3", "aac"}:
        return Plan.AS_IT_CAME if probed.bitrate <= LARGEST_BITRATE else Plan.ENCODE
    return Plan.ENCODE


def fault_of(probed: Probed, *, film: bool) -> str:
    """Return why the file is no recording of that kind, as a code; empty where it is one."""
    if not (probed.video if film else probed.audio):
        return "no_sound_or_picture"
    if not 0 < probed.duration <= LONGEST:
        return "no_duration"
    return ""

"""For trials: messages written into a folder instead of being sent."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from tangthu.notices.channels.outcomes import ChannelDown
from tangthu.notices.rendering import Message


class FolderCarrier:
    """Writes each message as one file of JSON, named by channel and reference."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, message: Message) -> str:
        """Write the message, whole or not at all."""
        path = self._folder / f"{message.channel}-{message.reference}.json"
        beside = path.with_suffix(".part")
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            beside.write_text(json.dumps(asdict(message), ensure_ascii=False, indent=1))
            beside.replace(path)
        except OSError as error:
            raise ChannelDown("unreachable", type(error).__name__) from error
        return path.name

    def close(self) -> None:
        """Nothing is open."""

"""What the player's script knows of a recording: where one may go on, what is kept to listen to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tangthu.core.actor import Actor
from tangthu.reading import addresses
from tangthu.reading.fetching import Fetching
from tangthu.reading.keeping import keeping_told
from tangthu.reading.places import marking_words, places_told
from tangthu.reading.presenting import address_of
from tangthu.repository.models import DigitalFile, Recording


@dataclass(frozen=True, slots=True)
class Following:
    """The object's recordings as its reader hears them, one after the other.

    `mark` are the words that tell whose loan it is; empty where none are wanted.
    """

    fetching: Fetching
    recordings: Sequence[Recording]
    current: Recording
    mark: str = ""

    @property
    def size(self) -> int:
        """Return how many bytes are kept to listen without a line."""
        return sum(file.size for file in self._files())

    def told(self, actor: Actor) -> dict[str, object]:
        """Return what the script is told; a length is in seconds."""
        obj = self.fetching.opening.obj
        return {
            "home": address_of(obj),
            "title": obj.title,
            "library": obj.library.name,
            "part": self.current.position,
            "recordings": [
                (each.position, str(each), (each.duration or 0) / 1000) for each in self.recordings
            ],
            "mark": self.mark,
            "files": [
                (addresses.file(obj.identifier, file.identifier), self.fetching.address_of(file))
                for file in self._files()
            ],
            "places": places_told(obj, actor),
            "offline": keeping_told(obj, actor, is_open=self.fetching.opening.is_open),
            "words": marking_words()
            | {
                "kept": _("Kept: it opens without a line now."),
                "notKept": _("It is kept in this browser no more."),
                "cannotKeep": _("It could not be kept: perhaps the browser has no room left."),
            },
        }

    def _files(self) -> Iterable[DigitalFile]:
        for recording in self.recordings:
            yield recording.delivery or recording.source
            if recording.poster:
                yield recording.poster
            yield from (each.file for each in recording.captions.all())

"""A large file cut off at 99 % goes on where it stopped, in memory that does not grow with it."""

from __future__ import annotations

import tracemalloc

import pytest

from tangthu.core.actor import Actor
from tangthu.repository import storage
from tangthu.repository.actions.uploads import begin_upload, receive_piece
from tangthu.repository.models import DigitalObject, Upload

pytestmark = pytest.mark.django_db
MIB = 1024**2
LENGTH = 192 * MIB


class Line:
    """What comes over the network: so many bytes, after which the line may break."""

    def __init__(self, begin: int, end: int, *, breaks: bool) -> None:
        self._at, self._end, self._breaks = begin, end, breaks

    def read(self, size: int, /) -> bytes:
        size = min(size, self._end - self._at)
        if not size and self._breaks:
            raise OSError("the line broke")
        piece = bytes([self._at // MIB % 251]) * size
        self._at += size
        return piece


def test_an_upload_cut_at_99_percent_is_gone_on_with_in_constant_memory(
    draft: DigitalObject, keeper: Actor
) -> None:
    complete: list[int] = []
    upload = begin_upload("phim.mp4", length=LENGTH, library=draft.library, obj=draft, by=keeper)
    cut = LENGTH * 99 // 100
    tracemalloc.start()

    for begin, end in ((0, cut), (cut, LENGTH)):
        upload = receive_piece(
            upload,
            Line(begin, end, breaks=end == cut),
            offset=begin,
            when_complete=lambda done: complete.append(done.pk),
            by=keeper,
        )
        assert Upload.objects.get().offset == end
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert complete == [upload.pk]
    assert storage.upload_path(upload.identifier).stat().st_size == LENGTH
    assert peak < 16 * MIB

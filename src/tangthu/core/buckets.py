"""Files kept in an S3 bucket, with copies on this machine of what is in use.

What draws, plays and looks through files needs paths, and parts of files at once: so `path` brings
a file here when it is first asked for, and the copies that were longest not used go when they grow
beyond a bound. What the bucket holds is the truth: a copy here is never trusted to judge by.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.response import StreamingBody
from django.core.files.base import File
from django.utils._os import safe_join
from storages.backends.s3 import S3Storage

HERE_ALONE = ("uploads/", "locks/")
"""What is under way on this machine and is nobody else's."""

_UNDER_WAY = (".work", ".version")
UNTOUCHED = 600.0
"""Seconds for which a copy is let be: somebody may be reading, or still writing it."""

_GONE = frozenset({"404", "NoSuchKey", "NotFound"})


class Bucket(S3Storage):  # type: ignore[misc]
    """Django's storage for a bucket. `path` gives copies; `keep` puts what was written into it."""

    def __init__(self, *, copies: Path | str, most: int, **settings: Any) -> None:
        self._copies = Path(copies)
        self._most = most
        self._brought = 0
        patience = Config(
            connect_timeout=5,
            read_timeout=60,
            retries={"max_attempts": 3, "mode": "standard"},
            s3={"addressing_style": settings.get("addressing_style")},
        )
        super().__init__(client_config=patience, **settings)

    def path(self, name: str) -> str:
        """Return where the file's copy lies; what the bucket lacks may be written there."""
        local = self._copy(name)
        if local.exists():
            _touch(local)
        elif self._is_kept(name):
            self._bring(name, local)
        return str(local)

    def keep(self, name: str) -> None:
        """Put what was written at `path` into the bucket."""
        if self._is_kept(name):
            self.put(self._copy(name), name)

    def put(self, source: Path, name: str) -> None:
        """Put a file into the bucket under a name."""
        with _told_as_os_error():
            self.connection.meta.client.upload_file(
                str(source),
                self.bucket_name,
                self._normalize_name(name),
                Config=self.transfer_config,
            )

    def forget(self, name: str) -> None:
        """Remove a file from the bucket, and its copy."""
        self._copy(name).unlink(missing_ok=True)
        if self._is_kept(name):
            self.delete(name)

    def names(self, below: str) -> Iterator[tuple[str, int]]:
        """Yield the name and size of each file below a name, as in a folder; "" is the top."""
        with _told_as_os_error():
            start = f"{self._normalize_name(below).rstrip('/')}/".lstrip("/")
            for each in self.bucket.objects.filter(Prefix=start):
                inside = each.key.removeprefix(self.location.strip("/")).lstrip("/")
                yield inside, each.size

    def pieces(self, name: str) -> Iterator[bytes]:
        """Yield what the bucket holds, piece by piece. Raises FileNotFoundError, OSError."""
        with _told_as_os_error():
            client, key = self.connection.meta.client, self._normalize_name(name)
            body = client.get_object(Bucket=self.bucket_name, Key=key)["Body"]
            yield from body.iter_chunks(1 << 20)

    def part(self, name: str, start: int, end: int) -> Iterator[bytes]:
        """Return bytes of what the bucket holds, from `start` up to and without `end`.

        Raises FileNotFoundError and OSError at once, or while it is read.
        """
        with _told_as_os_error():
            client, key = self.connection.meta.client, self._normalize_name(name)
            span = f"bytes={start}-{end - 1}"
            body = client.get_object(Bucket=self.bucket_name, Key=key, Range=span)["Body"]
        return _pieces(body)

    def is_here(self, name: str) -> bool:
        """Tell whether there is a copy on this machine."""
        return self._copy(name).exists()

    def delete(self, name: str) -> None:
        """Remove a file from the bucket."""
        with _told_as_os_error():
            super().delete(name)

    def exists(self, name: str) -> bool:
        """Tell whether the bucket holds a file."""
        with _told_as_os_error():
            return bool(super().exists(name))

    def trim(self) -> int:
        """Remove the copies that were longest not used, down to the bound; return how many."""
        copies = []
        for path in self._copies.rglob("*"):
            if path.is_file() and self._is_kept(path.relative_to(self._copies).as_posix()):
                about = path.stat()
                copies.append((about.st_mtime, about.st_size, path))
        held, count = sum(size for _, size, _ in copies), 0
        for used, size, path in sorted(copies):
            if held <= self._most or time.time() - used < UNTOUCHED:
                break
            path.unlink(missing_ok=True)
            held -= size
            count += 1
        return count

    def _copy(self, name: str) -> Path:
        return Path(safe_join(str(self._copies), name))

    def _save(self, name: str, content: File[Any]) -> str:
        with _told_as_os_error():
            return str(super()._save(name, content))

    def _open(self, name: str, mode: str = "rb") -> File[Any]:
        with _told_as_os_error():
            opened: File[Any] = super()._open(name, mode)
        return opened

    def _is_kept(self, name: str) -> bool:
        under_way = any(part.endswith(_UNDER_WAY) for part in name.split("/"))
        return name not in {".", ""} and not under_way and not f"{name}/".startswith(HERE_ALONE)

    def _bring(self, name: str, local: Path) -> None:
        """Copy a file here, whole or not at all; nothing happens where the bucket has none."""
        local.parent.mkdir(parents=True, exist_ok=True)
        beside = local.with_name(f"{local.name}.{os.getpid()}-{threading.get_ident()}.work")
        try:
            with _told_as_os_error():
                self.connection.meta.client.download_file(
                    self.bucket_name,
                    self._normalize_name(name),
                    str(beside),
                    Config=self.transfer_config,
                )
            self._brought += beside.stat().st_size
            beside.replace(local)
        except FileNotFoundError:
            return
        finally:
            beside.unlink(missing_ok=True)
        if self._brought > self._most // 10:
            self._brought = 0
            self.trim()


def _pieces(body: StreamingBody) -> Iterator[bytes]:
    with _told_as_os_error(), closing(body):
        yield from body.iter_chunks(1 << 16)


@contextmanager
def _told_as_os_error() -> Iterator[None]:
    """Tell what goes wrong with a bucket as what goes wrong with a disk is told."""
    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        if code in _GONE:
            raise FileNotFoundError(code) from error
        raise OSError(f"S3: {error}") from error
    except (BotoCoreError, Boto3Error) as error:
        raise OSError(f"S3: {error}") from error


def _touch(path: Path) -> None:
    """Note that a copy is in use, at most once in a while."""
    if time.time() - path.stat().st_mtime > UNTOUCHED / 2:
        os.utime(path)

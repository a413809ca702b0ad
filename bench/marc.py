"""How fast MARC is read, stored, described and written: records a second, on one core.

    PYTHONPATH=src python -m bench.marc ../shared/data/marc/gpo_10k.mrc [--pymarc]

CPU time, the best of three rounds, without the time to read the disk. `--pymarc` adds pymarc's
reading of the same file for comparison.
"""

from __future__ import annotations

import argparse
import gc
import io
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from tangthu.formats.marc import storage
from tangthu.formats.marc.bibliographic import describe
from tangthu.formats.marc.build import from_marc
from tangthu.formats.marc.isbd import isbd
from tangthu.formats.marc.matching import match_keys
from tangthu.formats.marc.outcome import Read
from tangthu.formats.marc.reader import read
from tangthu.formats.marc.record import MarcRecord
from tangthu.formats.marc.writer import write_iso2709, write_json, write_marcxml


def measure(name: str, count: int, deed: Callable[[], object]) -> None:
    """Print how many records a second the deed handles."""
    rounds = []
    for _ in range(3):
        gc.collect()
        began = time.process_time()
        deed()
        rounds.append(time.process_time() - began)
    print(f"{name:24}{count / min(rounds):10,.0f} records/s")


def drain(raw: bytes) -> None:
    for _ in read(io.BytesIO(raw)):
        pass


def read_with_pymarc(raw: bytes) -> None:
    import pymarc

    for _ in pymarc.MARCReader(io.BytesIO(raw), hide_utf8_warnings=True):
        pass


def measure_reading(raw: bytes, records: Sequence[MarcRecord]) -> None:
    count = len(records)
    xml = b"".join(piece.data for piece in write_marcxml(records))
    lines = b"\n".join(map(write_json, records))
    array = b"[" + b",".join(map(write_json, records)) + b"]"
    measure("read ISO 2709", count, lambda: drain(raw))
    measure("read MARCXML", count, lambda: drain(xml))
    measure("read JSON, lines", count, lambda: drain(lines))
    measure("read JSON, array", count, lambda: drain(array))


def measure_using(records: Sequence[MarcRecord]) -> None:
    count = len(records)
    stored = [storage.dumps(record) for record in records]
    described = [describe(record) for record in records]
    deeds: dict[str, Callable[[], object]] = {
        "storage.dumps": lambda: [len(storage.dumps(record)) for record in records],
        "storage.loads": lambda: [len(storage.loads(text).fields) for text in stored],
        "describe": lambda: [describe(record).year for record in records],
        "match_keys": lambda: [len(match_keys(one)) for one in described],
        "isbd": lambda: [len(isbd(record)) for record in records],
        "from_marc (worksheet)": lambda: [from_marc(record).title for record in records],
        "write ISO 2709": lambda: sum(len(write_iso2709(record)) for record in records),
        "write MARCXML": lambda: sum(len(piece.data) for piece in write_marcxml(records)),
        "write JSON": lambda: sum(len(write_json(record)) for record in records),
    }
    for name, deed in deeds.items():
        measure(name, count, deed)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--pymarc", action="store_true")
    given = parser.parse_args()
    for path in given.files:
        raw = path.read_bytes()
        records = [one.record for one in read(io.BytesIO(raw)) if isinstance(one, Read)]
        print(f"{path.name}: {len(records):,} records, {len(raw) / 1e6:.1f} MB")
        # What is kept for the measurements must not be walked by the collector during them.
        gc.freeze()
        measure_reading(raw, records)
        measure_using(records)
        if given.pymarc:
            measure("pymarc reads ISO 2709", len(records), partial(read_with_pymarc, raw))
        gc.unfreeze()


if __name__ == "__main__":
    main()

"""A full harvest over OAI-PMH: records a second, and what the first and the last page cost.

    PYTHONPATH=src python -m bench.oai [--records 20000]

Fills a database of its own with records, then asks for all of them as a harvester would, in this
process, without HTTP: what is measured is reading, describing and writing.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import tempfile
import time

TOKEN = re.compile(rb"<resumptionToken[^>]*>([^<]+)</resumptionToken>")


def fill(records: int) -> None:
    """Store so many records, a second apart."""
    from datetime import UTC, datetime, timedelta

    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from tangthu.catalogue.models import Record
    from tangthu.formats.marc.storage import dumps
    from tangthu.libraries.models import Library
    from tests.factories import LibraryFactory, marc_of

    library: Library = LibraryFactory(code="BENCH", name="Bench")
    begin = datetime(2020, 1, 1, tzinfo=UTC)
    Record.objects.bulk_create(
        (
            Record(
                marc=dumps(marc_of(f"Cà phê Buôn Ma Thuột, tập {number}")),
                library=library,
                title=f"Cà phê Buôn Ma Thuột, tập {number}",
                title_key=b"ca phe",
                author_key=b"",
                created_at=begin,
                updated_at=begin + timedelta(seconds=number),
            )
            for number in range(records)
        ),
        batch_size=500,
    )


def harvest(prefix: str) -> tuple[int, float, float, float]:
    """Return how many pages came, and the seconds of all, of the first and of the last full one."""
    from django.test import Client

    client, pages, times = Client(), 0, []
    asked = {"verb": "ListRecords", "metadataPrefix": prefix}
    while True:
        began = time.perf_counter()
        content = client.get("/oai", asked).content
        times.append(time.perf_counter() - began)
        pages += 1
        found = TOKEN.search(content)
        if found is None:
            break
        asked = {"verb": "ListRecords", "resumptionToken": found[1].decode()}
    return pages, sum(times), times[1], times[-2]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=20_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("TANGTHU_DATA", folder)
        os.environ["DJANGO_SETTINGS_MODULE"] = "tangthu.site.settings"
        os.environ.setdefault("TANGTHU_ALLOWED_HOSTS", "testserver")
        os.environ.setdefault("TANGTHU_LOG_LEVEL", "ERROR")
        import django

        django.setup()
        fill(given.records)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for prefix in ("oai_dc", "marc21", "mods"):
            pages, took, first, last = harvest(prefix)
            print(
                f"{prefix}: {given.records / took:,.0f} records/s over {pages} pages; "
                f"second page {first * 1000:.1f} ms, last but one {last * 1000:.1f} ms"
            )
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        print(f"memory grew by {grown / 1024:.0f} MB")


if __name__ == "__main__":
    main()

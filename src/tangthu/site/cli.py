"""The console script `tangthu`: verbs with hyphens onto the commands of the apps."""

from __future__ import annotations

import logging
import os
import sys

VERBS = {
    "serve": "run everything one library needs: web, worker, indexer, schedule",
    "setup": "make the first library and its administrator",
    "demo": "load the invented demo network",
    "import-marc": "import MARC files",
    "export-marc": "export all records to a MARC file",
    "restore-objects": "make lost digital objects and reading copies again from the archive",
    "ingest-objects": "bring a folder or ZIP of scans into the digital library",
    "export-bag": "write a digital object with its masters as a BagIt bag",
    "import-bags": "take BagIt bags in, ours or those of other institutions",
    "export-collection": "write a digital collection as bags, with its records and a register",
    "ocr": "recognise the text of scanned pages, on this machine too",
    "rebuild-index": "build the search index anew beside the running one",
    "token": "print an API token for a staff user",
    "doctor": "check that everything works, and say what to do where it does not",
    "backup": "write everything into one file",
    "restore": "put a backup back; a damaged one is refused before anything is touched",
    "reseal": "encrypt all citizen numbers anew after a change of the secret key",
    "migrate": "bring the database up to date",
}


def main() -> None:
    """Run one verb; print the verbs when none, or an unknown one, is given."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tangthu.site.settings")
    verb = sys.argv[1] if len(sys.argv) > 1 else "help"
    if verb in {"help", "--help", "-h"}:
        sys.stdout.write(usage())
        return
    if verb == "--version":
        from importlib.metadata import version

        sys.stdout.write(f"tangthu {version('tangthu')}\n")
        return
    if verb not in VERBS and verb not in INTERNAL:
        sys.stderr.write(f"tangthu: there is no verb {verb!r}\n\n{usage()}")
        raise SystemExit(2)
    run(verb)


PROCESSES = {"indexer", "worker", "scheduler", "ocr"}
INTERNAL = PROCESSES | {"check", "makemigrations", "shell", "dbshell"}


def run(verb: str) -> None:
    """Hand the verb to Django; say without a traceback what whoever typed it can mend.

    That is a bad environment variable, and a database that is empty or of an older release.
    """
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db import DatabaseError

    try:
        execute_from_command_line(["tangthu", verb.replace("-", "_"), *sys.argv[2:]])
    except ImproperlyConfigured as error:
        sys.stderr.write(f"tangthu: {error}\n")
        raise SystemExit(2) from error
    except Exception as error:
        if verb in PROCESSES:
            # Without a person before it: one line for the log, without the values.
            logging.getLogger("tangthu").exception("crashed")
            raise SystemExit(1) from error
        if isinstance(error, DatabaseError) and is_behind():
            sys.stderr.write("tangthu: the database is not up to date. Run: tangthu migrate\n")
            raise SystemExit(2) from error
        raise


def is_behind() -> bool:
    """Tell whether migrations are missing; not so where the database cannot even be asked."""
    from django.db import DatabaseError

    from tangthu.site import health
    from tangthu.site.checks import State

    try:
        return health.migrations().state is State.BROKEN
    except DatabaseError:
        return False


def usage() -> str:
    """Return the list of verbs."""
    width = max(map(len, VERBS))
    lines = [f"  {verb:<{width}}  {does}" for verb, does in VERBS.items()]
    return "\n".join(["usage: tangthu VERB [OPTIONS]", "", *lines, ""])


if __name__ == "__main__":
    main()

"""Run a command against a private PostgreSQL that exists only for it.

    python tools/postgres.py [--clusters 2] -- pytest tests -n 2

A new cluster is made in a temporary folder, on a free port of 127.0.0.1 and a Unix socket, by an
unprivileged user; `DATABASE_URL` tells the command where it is. Afterwards all of it is removed,
also after Ctrl+C. It forgoes safety on disk for speed: never keep anything in it.

Tests that run side by side each want a cluster, since the oldest running transaction, below which
the feed of changes is read, is one for all databases of a cluster. `PGTEST_URLS` lists them.
"""

from __future__ import annotations

import argparse
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType

OPTIONS = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=100",
    "shared_buffers=128MB",
    "autovacuum_naptime=1min",
    "log_min_messages=fatal",
)


class ClusterFailed(Exception):
    """PostgreSQL is not installed, or does not start."""


def main(arguments: Sequence[str]) -> int:
    """Run the command after `--` with DATABASE_URL set; return its exit code."""
    parser = argparse.ArgumentParser(description="Run a command against a private PostgreSQL.")
    parser.add_argument("--clusters", type=int, default=1, help="how many, each of its own")
    parser.add_argument("command", nargs="+", metavar="-- COMMAND")
    options = parser.parse_args(arguments)
    # As an exit, so that the clusters are removed on the way out.
    signal.signal(signal.SIGTERM, _exit)
    # A shell starts what it puts in the background with Ctrl+C passed over: hear it all the same.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with ExitStack() as stack:
            urls = [stack.enter_context(cluster()) for _ in range(options.clusters)]
            return run(options.command, urls)
    except ClusterFailed as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        return 130


def run(command: Sequence[str], urls: Sequence[str]) -> int:
    """Run the command; on Ctrl+C let it end by itself, since the terminal told it too."""
    told = {"DATABASE_URL": urls[0], "PGTEST_URLS": " ".join(urls)}
    with subprocess.Popen(command, env=os.environ | told) as process:
        try:
            return process.wait()
        except (KeyboardInterrupt, SystemExit):
            process.terminate()
            process.wait(timeout=20)
            raise


@contextmanager
def cluster() -> Iterator[str]:
    """Yield the DATABASE_URL of a new cluster, removed afterwards."""
    programs, owner = find_programs(), unprivileged()
    with tempfile.TemporaryDirectory(prefix="tangthu-pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if owner:
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        port = free_port()
        call(owner, folder, programs / "initdb", *initialisation(folder))
        options = " ".join(f"-c {option}" for option in (*OPTIONS, *addresses(folder, port)))
        start = ("-D", str(folder / "data"), "-l", str(folder / "log"), "-w", "-o", options)
        call(owner, folder, programs / "pg_ctl", *start, "start")
        try:
            where = ("--host", str(folder), "--port", str(port), "--username", "postgres")
            call(owner, folder, programs / "createdb", *where, "tangthu")
            yield f"postgresql://postgres@127.0.0.1:{port}/tangthu"
        finally:
            stop = ("-D", str(folder / "data"), "-m", "immediate", "-w", "stop")
            call(owner, folder, programs / "pg_ctl", *stop)


def initialisation(folder: Path) -> list[str]:
    options = ["--pgdata", str(folder / "data"), "--username", "postgres", "--auth", "trust"]
    return [*options, "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"]


def addresses(folder: Path, port: int) -> list[str]:
    return [f"port={port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={folder}"]


def find_programs() -> Path:
    """Return the folder of PostgreSQL's programs, the newest where there are several."""
    debian = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3])
    )
    if debian:
        return debian[-1].parent
    found = shutil.which("initdb")
    if found is None:
        raise ClusterFailed("PostgreSQL is not installed: apt-get install postgresql")
    return Path(found).parent


def unprivileged() -> pwd.struct_passwd | None:
    """Return the user that runs the cluster when we are root, which PostgreSQL refuses to be."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise ClusterFailed("there is no user `postgres` or `nobody` to run PostgreSQL as")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def call(owner: pwd.struct_passwd | None, folder: Path, *command: str | Path) -> None:
    """Run one of PostgreSQL's programs, out of reach of the terminal's Ctrl+C."""
    output = folder / f"{Path(command[0]).name}.out"
    with output.open("wb") as file:
        done = subprocess.run(
            [str(word) for word in command],
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"},
            user=owner.pw_uid if owner else None,
            group=owner.pw_gid if owner else None,
            extra_groups=[] if owner else None,
            start_new_session=True,
        )
    if done.returncode:
        log = folder / "log"
        told = output.read_text() + (log.read_text() if log.exists() else "")
        raise ClusterFailed(f"{command[0]} failed:\n{told}")


def _exit(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(143)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

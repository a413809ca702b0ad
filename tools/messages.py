"""Keep the translations: extract, merge, check and compile them, without the gettext programs.

    python tools/messages.py                          bring the .po files up to date
    python tools/messages.py --add FILE.json          merge {"msgid": "translation"} and compile
    python tools/messages.py --check [--paths DIR…]   fail on what is not translated
    python tools/messages.py --compile                write the .mo files that are stale

Catalogs are sorted and carry no line numbers and no dates, so that two branches merge. A message
with a context is written "context|msgid" in the JSON file; a plural is {"singular": ["form", …]}.
English is the language of the msgids, so only other languages have a catalog.
"""

from __future__ import annotations

import argparse
import fcntl
import io
import json
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tokenize import TokenError

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src/tangthu"
LOCALE = SOURCE / "locale"
LANGUAGES = ("vi",)
DOMAIN = "django"

KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
COMMENTS = ("Translators:",)
HEADER = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural_forms}\\n"

"""
PLACEHOLDER = re.compile(r"%\((\w+)\)[#0\- +]*\d*(?:\.\d+)?[a-zA-Z]|%[sdif]|(?<!\{)\{\w*\}(?!\})")

Key = tuple[str, str | None]


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the options ask; return the exit code."""
    options = parser().parse_args(arguments)
    with locked(LOCALE):
        if options.compile:
            compile_stale()
            return 0
        if options.check:
            return check([Path(path) for path in options.paths])
        if options.add:
            return add(options.add, language=options.language)
        update()
        compile_stale()
        return 0


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Keep the translations.")
    parser.add_argument("--add", metavar="FILE.json", type=Path, help="merge translations")
    parser.add_argument("--language", choices=LANGUAGES, default="vi", help="the language of --add")
    parser.add_argument("--check", action="store_true", help="fail on what is not translated")
    parser.add_argument("--paths", nargs="+", default=[], metavar="PATH", help="narrow --check")
    parser.add_argument("--compile", action="store_true", help="write the .mo files that are stale")
    return parser


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder against another run of this tool."""
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


# Reading the source


def sources(paths: Sequence[Path]) -> Iterator[Path]:
    """Yield the Python files and templates under the paths, sorted."""
    for path in paths or [SOURCE]:
        files = [path] if path.is_file() else sorted(path.rglob("*"))
        for file in files:
            template = file.suffix in {".html", ".txt"} and "templates" in file.parts
            if template or (file.suffix == ".py" and "migrations" not in file.parts):
                yield file


def extracted(paths: Sequence[Path] = (), *, tolerant: bool = False) -> Catalog:
    """Return the messages of the source, without translations.

    A file that cannot be read as Python stops everything, or is passed over by the tolerant.
    """
    found = Catalog(fuzzy=False)
    for file in sources(paths):
        code = io.BytesIO(as_python(file).encode())
        try:
            messages = list(extract("python", code, KEYWORDS, COMMENTS, {"encoding": "utf-8"}))
        except (SyntaxError, TokenError) as error:
            sys.stderr.write(f"{file}: {error}\n")
            if not tolerant:
                raise SystemExit(1) from error
            continue
        for _line, identity, comments, context in messages:
            if identity:
                found.add(identity, auto_comments=comments, context=context)
    return found


def as_python(file: Path) -> str:
    """Return the file as Python; a template as the calls that its tags stand for."""
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".py":
        return text
    lines = templatize(text, origin=str(file)).splitlines()
    # What is left of the markup must not look like indented code.
    return "\n".join(line.lstrip() for line in lines)


def key(message: Message) -> Key:
    """Return what tells messages apart: singular and context."""
    return (identities(message)[0], message.context)


def identities(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def strings(message: Message) -> tuple[str, ...]:
    return (message.string or "",) if isinstance(message.string, str | None) else (*message.string,)


# Catalogs


def po_file(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def load(language: str) -> Catalog:
    """Return the catalog as it is kept; an empty one where there is none."""
    path = po_file(language)
    if not path.exists():
        return Catalog(locale=language, fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language, ignore_obsolete=True, abort_invalid=True)


def save(catalog: Catalog, language: str) -> None:
    """Write the catalog sorted and without dates, whole or not at all."""
    body = io.BytesIO()
    write_po(body, catalog, width=100, no_location=True, omit_header=True, sort_output=True)
    header = HEADER.format(language=language, plural_forms=catalog.plural_forms)
    replace(po_file(language), header.encode() + body.getvalue().lstrip(b"\n"))


def replace(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(f".{os.getpid()}")
    beside.write_bytes(content)
    beside.replace(path)


def merged(kept: Catalog, found: Catalog, *, language: str, drop: bool) -> Catalog:
    """Return the messages of the source with the translations that are kept.

    Where `drop` is false, translations whose message is not in the source now stay, since it may
    be in a file that a colleague is in the middle of.
    """
    result = Catalog(locale=language, fuzzy=False)
    old = {key(message): message for message in kept if message.id}
    for message in found:
        if not message.id:
            continue
        before = old.pop(key(message), None)
        same = before is not None and len(identities(before)) == len(identities(message))
        result.add(
            message.id,
            before.string if before and same else None,
            flags=before.flags - {"python-format", "python-brace-format"} if before else (),
            auto_comments=message.auto_comments,
            user_comments=before.user_comments if before else (),
            context=message.context,
        )
    for message in () if drop else old.values():
        result.add(message.id, message.string, context=message.context)
    return result


def update() -> None:
    """Bring every catalog up to date with the source; what is gone is dropped."""
    found = extracted()
    for language in LANGUAGES:
        save(merged(load(language), found, language=language, drop=True), language)


def add(file: Path, *, language: str) -> int:
    """Merge the translations of a JSON file; refuse those that do not fit their message."""
    given: Mapping[str, str | list[str]] = json.loads(file.read_text(encoding="utf-8"))
    catalog = merged(load(language), extracted(tolerant=True), language=language, drop=False)
    messages = {key(message): message for message in catalog if message.id}
    wrong = []
    for name, translation in given.items():
        context, _, identity = name.partition("|")
        found = messages.get((name, None)) or messages.get((identity, context))
        fault = misfit(found, translation)
        if fault or found is None:
            wrong.append(f"{name!r}: {fault}")
        else:
            found.string = translation if isinstance(translation, str) else tuple(translation)
            found.flags.discard("fuzzy")
    save(catalog, language)
    compile_stale()
    sys.stdout.write(f"{len(given) - len(wrong)} translations merged\n")
    sys.stderr.writelines(f"{line}\n" for line in wrong)
    return 1 if wrong else 0


def misfit(message: Message | None, translation: str | Sequence[str]) -> str:
    """Say why a translation cannot stand for a message; nothing when it can."""
    if message is None:
        return "no such message in the source"
    plural = len(identities(message)) > 1
    if plural is isinstance(translation, str):
        return "is a plural: write a list of forms" if plural else "is not a plural: write a string"
    forms = (translation,) if isinstance(translation, str) else tuple(translation)
    return placeholders_differ(message, forms)


def placeholders_differ(message: Message, forms: Sequence[str]) -> str:
    """Say which placeholders a translation has too many or too few of.

    The forms of a plural are measured by the plural msgid, whose singular may say "one" in words.
    """
    wanted = placeholders(identities(message)[-1])
    for form in forms:
        if form and set(placeholders(form)) != set(wanted):
            return f"placeholders {sorted(placeholders(form))} instead of {sorted(wanted)}"
    return ""


def placeholders(text: str) -> Counter[str]:
    """Return the placeholders of a message; a doubled percent sign is none."""
    return Counter(match.group(0) for match in PLACEHOLDER.finditer(text.replace("%%", "")))


# Checking


def check(paths: Sequence[Path]) -> int:
    """List what is not, or wrongly, translated; return 1 if there is any."""
    found = extracted([path.resolve() for path in paths])
    faults = []
    for language in LANGUAGES:
        catalog = load(language)
        kept = {key(message): message for message in catalog if message.id}
        faults += [f"{language}: {line}" for line in faults_of(found, kept)]
        if not paths:
            gone = set(kept) - {key(message) for message in found if message.id}
            faults += [f"{language}: no longer in the source: {name!r}" for name, _ in sorted(gone)]
    if faults:
        sys.stderr.writelines(f"{line}\n" for line in faults)
        sys.stderr.write(f"{len(faults)} faults; run `make messages`, then translate\n")
    return 1 if faults else 0


def faults_of(found: Catalog, kept: Mapping[Key, Message]) -> Iterator[str]:
    for message in found:
        if not message.id:
            continue
        name = identities(message)[0]
        known = kept.get(key(message))
        if known is None or len(identities(known)) != len(identities(message)):
            yield f"not in the catalog: {name!r}"
        elif known.fuzzy or not all(strings(known)):
            yield f"not translated: {name!r}"
        elif fault := placeholders_differ(message, strings(known)):
            yield f"{name!r}: {fault}"


# Compiling


def compile_stale() -> None:
    """Write each .mo file that is missing or older than its .po file."""
    for language in LANGUAGES:
        source = po_file(language)
        target = source.with_suffix(".mo")
        if not source.exists():
            continue
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        compiled = io.BytesIO()
        write_mo(compiled, load(language))
        replace(target, compiled.getvalue())


if __name__ == "__main__":
    raise SystemExit(main())

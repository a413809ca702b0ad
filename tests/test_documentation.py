"""What the documentation says about the program is what the program does."""

from __future__ import annotations

import re
from pathlib import Path

from tangthu.site.cli import VERBS
from tangthu.site.health import TITLES

ROOT = Path(__file__).resolve().parent.parent
READ = r'\b(?:text|flag|number|words|folder|secret_key|database|store)\(\s*"([A-Z_]{5,})"'
OPERATE = ROOT / "docs/operate"


def test_every_variable_of_the_environment_is_documented() -> None:
    code = "\n".join(path.read_text() for path in (ROOT / "src/tangthu").rglob("*.py"))
    read = set(re.findall(READ, code))

    documented = set(
        re.findall(r"^\| `([A-Z_]+)`", (OPERATE / "configuration.md").read_text(), re.M)
    )

    assert documented == read


def test_every_command_that_the_documentation_names_is_there() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "deploy").iterdir()]
    text = "\n".join(page.read_text() for page in pages)

    named = set(re.findall(r"(?:`|bin/|^)tangthu ([a-z][a-z-]+)", text, re.M))

    assert named <= set(VERBS)


def test_every_link_between_pages_leads_somewhere() -> None:
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
        for target in re.findall(r"\]\(([^)#:]+?)(?:#[^)]*)?\)", page.read_text())
        if not (page.parent / target).exists()
    ]

    assert broken == []


def test_the_doctor_has_a_title_for_everything_it_looks_at() -> None:
    folder = ROOT / "src/tangthu/site"
    source = "".join((folder / name).read_text() for name in ("health.py", "digital_health.py"))
    named = set(re.findall(r'(?:Check|_built)\(\s*"([a-z_]+)"', source))

    assert named == set(TITLES)

"""Our searchable PDF/A before its judge: veraPDF, the reference validator of ISO 19005.

It runs as a process of its own; `tools/verapdf.sh` brings it.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pikepdf
import pytest

from tangthu.core.actor import Actor
from tangthu.digitisation.actions.copies import ask_for_copies, make_copies
from tangthu.digitisation.actions.correction import Spot, correct_word
from tangthu.digitisation.models import Form, TextCopy
from tangthu.repository import storage
from tangthu.repository.models import DigitalObject, Section
from tests.correction.making import read_page

pytestmark = [pytest.mark.django_db, pytest.mark.serial]

TOOLS = Path(__file__).resolve().parents[2] / ".tools/verapdf"


def judged(path: Path, flavour: str) -> tuple[bool, list[str]]:
    """Return whether the file is of this flavour of PDF/A, and the rules that it breaks."""
    [jar] = TOOLS.glob("greenfield-apps-*.jar")
    command = ["java", "-cp", str(jar), "org.verapdf.apps.GreenfieldCliWrapper"]
    command += ["--flavour", flavour, "--format", "json", str(path)]
    told = subprocess.run(command, capture_output=True, timeout=120, stdin=subprocess.DEVNULL)
    [job] = json.loads(told.stdout)["report"]["jobs"]
    [result] = job["validationResult"]
    broken = [
        f"{rule['clause']} {rule['testNumber']}: {rule['description']}"
        for rule in result["details"]["ruleSummaries"]
    ]
    return result["compliant"], broken


@pytest.fixture
def scan(book: DigitalObject, corrector: Actor) -> Path:
    """The PDF of a scan that was read, corrected and divided into chapters."""
    first, second, third = book.pages.all()
    read_page(first, "Sử thi Đăm Săn kể về", "một tù trưởng Ê Đê")
    read_page(second, "giàu mạnh. Y Ƀlŭl Niê hát khan", "ê\u0306 ô\u0306 trong nhà dài.")
    read_page(third, "Hết quyển một.")
    Section.objects.create(object=book, title="Lời mở", first_page=first, position=1)
    Section.objects.create(object=book, title="Hồi một", first_page=third, level=2, position=2)
    word = next(each for each in second.text.layout().words() if each.text == "nhà")
    correct_word(second, Spot(word.box, "nhà"), "nhả", by=corrector)
    ask_for_copies(book, by=corrector)
    make_copies(book)
    return storage.path_of(TextCopy.objects.get(object=book, form=Form.PDF).file)


def test_verapdf_finds_no_fault_with_a_corrected_scan(scan: Path) -> None:
    is_sound, broken = judged(scan, "2a")

    assert broken == []
    assert is_sound


def test_verapdf_sees_what_is_wrong(scan: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.pdf"
    with pikepdf.open(scan) as document:
        del document.Root.OutputIntents
        document.save(damaged)

    is_sound, broken = judged(damaged, "2a")

    assert not is_sound
    assert [rule.split()[0] for rule in broken] == ["6.2.4.3"]

"""The folding of the browser is that of the server: both are asked the same."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import TypedDict

import pytest

from tangthu.text import fold, fold_token, word_spans

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(__file__).with_name("folding.mjs")

TEXTS = (
    "Đất đỏ bazan ở Đắk Lắk, đèo Phượng Hoàng",
    "Cư M’gar, Krông Păč, Buôn Đôn; H’ Hen Niê và K'Ho, M'Đrăk",
    "Ê Đê: ƀơi čiăng ñu ĕlan hĭn ŏk ŭn, Y Ƀlŭl Niê Blô, e\u0306\u0302p",
    "kỹ thuật, kĩ năng, quý, quỳnh, quyển, ly hôn, mỹ thuật, hòa và hoà",
    "Nguyễn Thị Mười: l'enfant d’Ivoire qu'il jusqu'au women's don't O'Brien",
    "25.000 đ, 1.001 đêm; 3.1 và 895.9223; 2.000. C++, C# và C, x.25.000",
    "漢字 chữ Nôm 𡨸喃, 𡨸 Hán; हिन्दी भाषा",
    "thư\u00adviện Ban-mê-thuột / CD-ROM a_b ''' ... --",
    "Straße, Ærø, Þór, ﬁlm, ὈΔΥΣΣΕΎΣ, ŁÓDŹ, ISTANBUL İı",
    "Một dòng\nhai dòng\tba\u00a0bốn\u2028năm",
    "ðất ðỏ, Ɖắk, a\u0301n, A\u0302\u0301n, e\u0301\u0302",
    "x" * 90 + " đ" * 3,
    "",
)
QUESTIONS = (
    ("Đất đỏ bazan, trên đất Đồng Nai", "dat do", ["Đất đỏ", "đất Đồng"]),
    ("buôn Krông Ana", "krong an", ["Krông Ana"]),
    ("Cư M’gar và Cư Mgar", "CƯ M'GAR", ["Cư M’gar", "Cư Mgar"]),
    ("quyển và quý", "quy", ["quyển", "quý"]),
    ("thơ", "thơ ca", []),
    ("thơ", "...", []),
    ("𡨸喃 và đỏ", "do", ["đỏ"]),
)


class Word(TypedDict):
    folded: str
    start: int
    end: int


class Answer(TypedDict):
    folded: list[str]
    words: list[list[Word]]
    found: list[list[str]]


@pytest.fixture(scope="module")
def browser() -> Answer:
    if shutil.which("node") is None or not (ROOT / "node_modules/esbuild").is_dir():
        pytest.skip("the assets' tools are not installed: npm ci")
    questions = [[text, asked] for text, asked, _ in QUESTIONS]
    answer = subprocess.run(
        ["node", str(PROGRAM)],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
        input=json.dumps({"texts": TEXTS, "questions": questions}),
    )
    found: Answer = json.loads(answer.stdout)
    return found


def test_texts_are_folded_as_on_the_server(browser: Answer) -> None:
    assert browser["folded"] == [fold(text) for text in TEXTS]


def test_words_stand_where_the_server_finds_them(browser: Answer) -> None:
    assert browser["words"] == [_words(text) for text in TEXTS]


def test_what_is_typed_without_marks_is_found_where_it_stands(browser: Answer) -> None:
    assert browser["found"] == [found for _, _, found in QUESTIONS]


def _words(text: str) -> list[Word]:
    words = [
        (fold_token(word.text), _units(text, word.start), _units(text, word.end))
        for word in word_spans(text)
    ]
    return [Word(folded=folded, start=start, end=end) for folded, start, end in words if folded]


def _units(text: str, place: int) -> int:
    """Return the place in the units that a browser counts: two for a letter beyond U+FFFF."""
    return len(text[:place].encode("utf-16-le")) // 2

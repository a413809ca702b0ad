"""Every page of staff, asked for with what no form of ours sends: none may fail."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from pytest_django import Settings

from tangthu.libraries.models import Library
from tangthu.patrons.models import Patron
from tests.factories import ItemFactory

NAMES = """
    q page patron mode library category item_type state sort since until key before after who kind
    month year name next on day tab number item record version chosen parent status copies title
    location role format items hidden here card start expires_on birth_on
"""
NOT_PAGES = re.compile(r"api/|healthz|logout|\(\?P")


def addresses(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        here = f"{before}{pattern.pattern}"
        if isinstance(pattern, URLPattern):
            yield "/" + re.sub(r"<[^>]*>", "1", here)
        else:
            yield from addresses(pattern, here)


@pytest.mark.parametrize(
    "value", ["\x00", "9" * 5000, "²", "31/12/9999"], ids=["nul", "long", "square", "last-day"]
)
def test_no_page_fails(
    administrator_client: Client,
    province: Library,
    patron: Patron,
    settings: Settings,
    tmp_path: object,
    value: str,
) -> None:
    settings.SEARCH_URL = f"tantivy://{tmp_path}/index"
    ItemFactory(library=province)
    administrator_client.raise_request_exception = False
    told = dict.fromkeys(NAMES.split(), value)
    pages = [path for path in addresses(get_resolver()) if not NOT_PAGES.search(path)]

    answers = {
        (deed.__name__, path): deed(path, told).status_code
        for path in pages
        for deed in (administrator_client.get, administrator_client.post)
    }

    assert len(answers) > 100
    assert {page: status for page, status in answers.items() if status in {500, 502}} == {}

"""The COUNTER API's own description, as a judge of what our paths answer."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

API = Path(__file__).parent / "schemas" / "counter" / "COUNTER_API.json"


@cache
def _registry() -> Registry[Any]:
    resource = Resource.from_contents(
        json.loads(API.read_text()), default_specification=DRAFT202012
    )
    return Registry().with_resource("counter", resource)


def faults(path: str, document: object, *, status: int = 200) -> list[str]:
    """Return what the description of this path finds wrong with an answer."""
    found = json.loads(API.read_text())["paths"][path]["get"]["responses"][str(status)]
    where = f"counter#/paths/{path.replace('/', '~1')}/get/responses/{status}"
    if "$ref" in found:
        where = f"counter{found['$ref']}"
    schema = {"$ref": f"{where}/content/application~1json/schema"}
    judge = Draft202012Validator(schema, registry=_registry(), format_checker=FormatChecker())
    return [
        f"{'/'.join(map(str, each.absolute_path))}: {each.message[:200]}"
        for each in judge.iter_errors(document)
    ]

"""The IIIF consortium's own judge of image servers, against ours over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files

import pytest
import pyvips
from iiif_validator.tests.http_caching import HttpCachingTest
from iiif_validator.tests.size_noup import SizeNoUpTest
from iiif_validator.tests.test import IIIFVersion as Version
from iiif_validator.tests.test import (
    ServerFeatures,
    TargetServer,
    ValidationFailure,
    ValidationTest,
    get_tests,
)
from pytest_django.live_server_helper import LiveServer

from tangthu.repository.models import DigitalObject


@pytest.fixture
def target(live_server: LiveServer, new_object: Callable[..., DigitalObject]) -> TargetServer:
    """Our server, with the judge's own image in it."""
    image = pyvips.Image.new_from_file(str(files("iiif_validator") / "validation_image.png"))
    page = new_object(images=[image[:3]]).pages.get()
    return TargetServer(f"{live_server.url}/iiif/image", page.identifier, Version.V3)


def applies(test: type[ValidationTest], features: ServerFeatures) -> bool:
    """Tell whether what a test looks at is of our level, or offered beyond it."""
    level = test.compliance_level
    level = level[Version.V3] if isinstance(level, dict) else level
    if test is HttpCachingTest or level <= features.compliance_level:
        return True
    extra = [test.extra_name] if isinstance(test.extra_name, str) else test.extra_name or []
    offered = {*features.extra_formats, *features.extra_qualities, *features.extra_features}
    return any(name in offered for name in extra)


@pytest.mark.django_db(transaction=True)
def test_the_validator_finds_nothing_at_level_2(target: TargetServer) -> None:
    features = target.feature_set()
    tests = [test for test in get_tests(Version.V3) if applies(test, features)]

    judged = {test: test.run(target) for test in tests}

    failures = [
        f"{test.__name__}: {each.details} {each.url}"
        for test, found in judged.items()
        for each in (found if isinstance(found, list) else [found])
        if isinstance(each, ValidationFailure) and not allowed(test, each)
    ]
    assert failures == []
    assert features.compliance_level == 2
    assert len(judged) > 25


def allowed(test: type[ValidationTest], failure: ValidationFailure) -> bool:
    """Image API 3.0, 4.2: `!w,h` is "not larger than the extracted region", and no error."""
    return test is SizeNoUpTest and "!2000,3000" in failure.url

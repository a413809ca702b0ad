"""The lists of digitisation ask the database as often for four documents as for many."""

from __future__ import annotations

import pytest

from tangthu.digitisation.models import Capture
from tests.conftest import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store")]
ROOT = "/desk/digitisation/"


@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("", 9),
        ("projects/", 7),
        ("projects/{project}/", 14),
        ("projects/{project}/figures/", 10),
        ("batches/{batch}/", 8),
        ("batches/{batch}/dockets/", 8),
    ],
)
def test_a_screen_costs_the_same_however_many_documents_there_are(
    planner_user, project, new_capture, path, queries, django_assert_num_queries
):
    office = client_of(planner_user)
    batch = new_capture().batch
    address = ROOT + path.format(project=project.pk, batch=batch.number)
    office.get(address)
    more = [new_capture() for _ in range(3)]
    Capture.objects.filter(pk__in=[each.pk for each in more]).update(batch=batch)

    with django_assert_num_queries(queries):
        answer = office.get(address)

    assert answer.status_code == 200

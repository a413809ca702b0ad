from __future__ import annotations

from django_tasks import task

from tangthu.digitisation.actions.copies import make_copies
from tangthu.digitisation.actions.pagechecks import look_at_pages
from tangthu.repository.models import DigitalObject


@task()
def make_text_copies(object_id: int) -> None:
    """Make the PDF, the e-book and the plain text of an object. May be begun again."""
    obj = DigitalObject.objects.select_related("library").filter(pk=object_id).first()
    if obj is not None:
        make_copies(obj)


@task()
def look_at_pages_of(object_id: int) -> None:
    """Measure the pages of an object, and note their flaws. May be begun again."""
    obj = DigitalObject.objects.filter(pk=object_id).first()
    if obj is not None:
        look_at_pages(obj)

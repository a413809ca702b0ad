from __future__ import annotations

from django_tasks import task

from tangthu.digitisation.actions.copies import make_copies
from tangthu.repository.models import DigitalObject


@task()
def make_text_copies(object_id: int) -> None:
    """Make the PDF, the e-book and the plain text of an object. May be begun again."""
    obj = DigitalObject.objects.select_related("library").filter(pk=object_id).first()
    if obj is not None:
        make_copies(obj)

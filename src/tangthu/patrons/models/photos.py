from __future__ import annotations

from django.db import models


class Photo(models.Model):
    """A portrait, 3 by 4, made anew from what was sent: nothing of the camera is in it.

    It lies in the database and not among the files, so that forgetting it is one deed with
    forgetting its reader, and no copy outlives the row.
    """

    jpeg = models.BinaryField(editable=False)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"photo {self.pk}"

"""What becomes of files that are sent to the site."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler

from tangthu.patrons.photos import LARGEST_FILE
from tangthu.site.headers import is_known

# Where somebody without a name may send a file: the portrait of a card application.
OPEN_TO_ALL = {"/card/apply/photo": 2 * LARGEST_FILE}


class StaffUploadHandler(TemporaryFileUploadHandler):
    """Keep a file on disk while it is looked at: for staff and their programs, within bounds.

    A form is read before any page asks who sent it, so a stranger could fill the disk otherwise.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep a piece. A stranger's request is read no further, but for a portrait.

        Raises RequestDataTooBig past the size that the settings allow.
        """
        if self.request is None:
            raise StopUpload(connection_reset=True)
        largest = settings.LARGEST_UPLOAD
        if not is_known(self.request):
            if self.request.path not in OPEN_TO_ALL:
                raise StopUpload(connection_reset=True)
            largest = OPEN_TO_ALL[self.request.path]
        if start + len(raw_data) > largest:
            raise RequestDataTooBig("a file larger than may be sent here")
        super().receive_data_chunk(raw_data, start)

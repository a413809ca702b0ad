"""What becomes of files that are sent to the site."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler

from tangthu.site.headers import is_known


class StaffUploadHandler(TemporaryFileUploadHandler):
    """Keep a file on disk while it is looked at: for staff and their programs, within bounds.

    A form is read before any page asks who sent it, so a stranger could fill the disk otherwise.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep a piece. A stranger's request is read no further.

        Raises RequestDataTooBig past the size that the settings allow.
        """
        if self.request is None or not is_known(self.request):
            raise StopUpload(connection_reset=True)
        if start + len(raw_data) > settings.LARGEST_UPLOAD:
            raise RequestDataTooBig("a file larger than LARGEST_UPLOAD")
        super().receive_data_chunk(raw_data, start)

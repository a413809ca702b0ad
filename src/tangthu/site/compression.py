"""Answers are packed for the line, but for those that are packed already."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

PACKED = ("image/jpeg", "image/png", "image/webp", "application/zip", "audio/", "video/")


class TextGZipMiddleware(GZipMiddleware):
    """Leave pictures, films and archives as they are: packing them costs much and gains nothing.

    So is what is sent in parts: a part is cut out of the bytes that were measured.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        packed = response.get("Content-Type", "").startswith(PACKED)
        if packed or response.has_header("Accept-Ranges"):
            return response
        return super().process_response(request, response)

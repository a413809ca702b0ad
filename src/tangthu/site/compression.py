"""Answers are packed for the line, but for those that are packed already."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

PACKED = ("image/jpeg", "image/png", "image/webp", "application/zip", "audio/", "video/")


class TextGZipMiddleware(GZipMiddleware):
    """Leave pictures, films and archives as they are: packing them costs much and gains nothing."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if response.get("Content-Type", "").startswith(PACKED):
            return response
        return super().process_response(request, response)

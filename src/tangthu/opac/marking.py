"""What was found in a text, as HTML."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString

from tangthu.discovery.highlight import Segment


def marked(segments: Sequence[Segment]) -> SafeString:
    """Return the text as HTML with what was found in <mark>."""
    parts = [f"<mark>{escape(text)}</mark>" if hit else escape(text) for text, hit in segments]
    return SafeString("".join(parts))

"""The sentences of this app: refusals, and deeds in the audit log."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise

WORDING: Mapping[str, Promise] = {}

AUDIT: Mapping[str, Promise] = {}

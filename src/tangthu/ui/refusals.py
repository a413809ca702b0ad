"""Putting the words of a refusal where a person looks: under the field it belongs to."""

from __future__ import annotations

from django import forms

from tangthu.core import wording
from tangthu.core.errors import TangthuError


def show(form: forms.Form, error: TangthuError) -> None:
    """Add the refusal to the form: at the field that it names, or above all fields."""
    field = str(error.data.get("field") or "")
    form.add_error(field if field in form.fields else None, wording.explain(error))

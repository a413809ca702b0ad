"""What a library decides for itself and those below it."""

from __future__ import annotations

from django.db import transaction

from tangthu.core import audit
from tangthu.core.actor import Actor
from tangthu.libraries import policy
from tangthu.libraries.actions.traces import note
from tangthu.libraries.errors import PreferenceRefused
from tangthu.libraries.models import Library, PreferenceValue
from tangthu.libraries.permissions import LibrariesPermission


@transaction.atomic
def set_preference(library: Library, name: str, value: str, *, by: Actor) -> PreferenceValue:
    """Set a preference for the library and those below it that set none themselves.

    Raises PreferenceRefused for a name that no preference has, or a value that does not suit.
    """
    by.require(LibrariesPermission.MANAGE_PREFERENCES, at=library.pk)
    try:
        wanted = policy.preference(name)
        text = wanted.serialise(wanted.parse(value))
    except policy.UnknownPreference:
        raise PreferenceRefused("name", fault="unknown_name", name=name) from None
    except policy.BadPreference as bad:
        raise PreferenceRefused("value", fault=str(bad.fault), name=name) from None
    Library.objects.select_for_update(no_key=True).get(pk=library.pk)
    row = PreferenceValue.objects.filter(library=library, name=name).first()
    before = audit.snapshot(row) if row else None
    row = row or PreferenceValue(library=library, name=name)
    row.value = text
    row.save()
    note("preference.set", row, by=by, before=before, after=audit.snapshot(row))
    return row


@transaction.atomic
def clear_preference(library: Library, name: str, *, by: Actor) -> None:
    """Take back a preference, so that the library inherits again."""
    by.require(LibrariesPermission.MANAGE_PREFERENCES, at=library.pk)
    for row in PreferenceValue.objects.select_for_update(no_key=True).filter(
        library=library, name=name
    ):
        note("preference.clear", row, by=by, before=audit.snapshot(row), after=None)
        row.delete()

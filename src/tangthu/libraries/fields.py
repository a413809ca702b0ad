"""A form field for a library: the tree, drawn by indentation."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django import forms

from tangthu.core.actor import Actor
from tangthu.core.permissions import Permission
from tangthu.libraries.models import Library, LibraryQuerySet

if TYPE_CHECKING:
    Base = forms.ModelChoiceField[Library]
else:
    Base = forms.ModelChoiceField

_STEP = "\u2003"  # em space: an option keeps it, while it drops ordinary spaces


class LibraryField(Base):
    """Choose one of some libraries, shown in the order of the tree."""

    def label_from_instance(self, obj: Library) -> str:
        return f"{_STEP * obj.depth}{obj.name}"


def offer(form: forms.Form, name: str, libraries: LibraryQuerySet) -> None:
    """Let the form's field of that name choose among these libraries."""
    cast(LibraryField, form.fields[name]).queryset = libraries


def libraries_for(actor: Actor, permission: Permission) -> LibraryQuerySet:
    """Return the libraries at which the actor holds the permission, in tree order."""
    every = Library.objects.in_tree_order()
    return every if actor.everywhere else every.filter(pk__in=actor.libraries(permission))

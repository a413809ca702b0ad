from __future__ import annotations

from django.urls import path

from tangthu.libraries.views import calendar, preferences, stacks, tree

app_name = "libraries"

urlpatterns = [
    path("", tree.libraries, name="list"),
    path("new", tree.new_library, name="new"),
    path("<int:pk>/", tree.library, name="library"),
    path("<int:pk>/edit", tree.edit_library, name="edit"),
    path("<int:pk>/dissolve", tree.dissolve, name="dissolve"),
    path("<int:pk>/revive", tree.revive, name="revive"),
    path("<int:pk>/stacks/new", stacks.new_stack, name="new_stack"),
    path("<int:pk>/stacks/<int:stack_pk>/", stacks.edit_stack, name="stack"),
    path("<int:pk>/calendar/", calendar.calendar, name="calendar"),
    path("<int:pk>/calendar/add/<slug:rule>", calendar.add_day, name="add_day"),
    path("<int:pk>/calendar/<int:entry_pk>/remove", calendar.remove_day, name="remove_day"),
    path("<int:pk>/calendar/holidays", calendar.holidays, name="holidays"),
    path("<int:pk>/preferences/", preferences.preferences, name="preferences"),
    path("<int:pk>/preferences/<slug:name>/", preferences.preference, name="preference"),
    path(
        "<int:pk>/preferences/<slug:name>/inherit",
        preferences.inherit_preference,
        name="inherit_preference",
    ),
]

from __future__ import annotations

from django.urls import path

from tangthu.patrons.views import categories, files, register

app_name = "patrons"

urlpatterns = [
    path("", register.patrons, name="list"),
    path("new", register.new, name="new"),
    path("categories/", categories.categories, name="categories"),
    path("categories/new", categories.new_category, name="new_category"),
    path("categories/<int:pk>/", categories.edit_category, name="category"),
    path("<int:pk>/", files.detail, name="detail"),
    path("<int:pk>/edit", register.edit, name="edit"),
    path("<int:pk>/renew", files.renew, name="renew"),
    path("<int:pk>/lost", files.lost, name="lost"),
    path("<int:pk>/withdraw", files.withdraw, name="withdraw"),
    path("<int:pk>/restore", files.restore, name="restore"),
    path("<int:pk>/replace", files.replace, name="replace"),
    path("<int:pk>/restrict", files.restrict, name="restrict"),
    path("<int:pk>/restrictions/<int:restriction_pk>/lift", files.lift, name="lift"),
    path("<int:pk>/citizen-number", files.citizen_number, name="citizen_number"),
]

from __future__ import annotations

from django.urls import path

from tangthu.ui import views

app_name = "ui"

urlpatterns = [path("", views.gallery, name="gallery")]

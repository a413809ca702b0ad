from __future__ import annotations

from django.urls import path

from tangthu.opac.card import following, steps

app_name = "card"

urlpatterns = [
    path("", following.start, name="start"),
    path("open", following.open_code, name="open"),
    path("leave", following.leave, name="leave"),
    path("mine", following.mine, name="mine"),
    path("withdraw", following.withdraw, name="withdraw"),
    path("digital", following.digital, name="digital"),
    path("digital.html", following.digital_file, name="digital_file"),
    path("photo.jpg", following.photo, name="photo"),
    path("apply", steps.apply, name="apply"),
    path("apply/<slug:step>", steps.page, name="step"),
]

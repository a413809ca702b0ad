from __future__ import annotations

from django.urls import path

from tangthu.opac.account import codes, entering, loans, passwords

app_name = "account"

urlpatterns = [
    path("", loans.home, name="home"),
    path("renew", loans.renew, name="renew"),
    path("login", entering.login, name="login"),
    path("code/send", codes.ask, name="ask_code"),
    path("code", codes.code, name="code"),
    path("choose", codes.choose, name="choose"),
    path("logout", entering.logout, name="logout"),
    path("password", passwords.password, name="password"),
    path("devices", passwords.devices, name="devices"),
    path("devices/end-others", passwords.end_others, name="end_other_devices"),
    path("devices/<int:pk>/end", passwords.end_device, name="end_device"),
]

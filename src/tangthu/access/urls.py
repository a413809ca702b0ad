from __future__ import annotations

from django.urls import path

from tangthu.access.views import account

app_name = "access"

urlpatterns = [
    path("login", account.login, name="login"),
    path("logout", account.logout, name="logout"),
    path("password", account.password, name="password"),
    path("account", account.account, name="account"),
    path("library", account.choose_library, name="library"),
    path("sessions/end-others", account.end_other_sessions, name="end_other_sessions"),
    path("sessions/<int:pk>/end", account.end_session, name="end_session"),
    path("tokens", account.issue_token, name="issue_token"),
    path("tokens/<int:pk>/revoke", account.revoke_token, name="revoke_token"),
]

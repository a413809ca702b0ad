from __future__ import annotations

from django.urls import path

from tangthu.access.views import audit, roles, users

app_name = "staff_users"

urlpatterns = [
    path("", users.users, name="users"),
    path("new", users.new_user, name="new_user"),
    path("roles/", roles.roles, name="roles"),
    path("roles/new", roles.new_role, name="new_role"),
    path("roles/<int:pk>/", roles.edit_role, name="role"),
    path("roles/<int:pk>/remove", roles.remove_role, name="remove_role"),
    path("log", audit.audit, name="audit"),
    path("<int:pk>/", users.user, name="user"),
    path("<int:pk>/edit", users.edit_user, name="edit_user"),
    path("<int:pk>/bar", users.bar, name="bar"),
    path("<int:pk>/readmit", users.readmit, name="readmit"),
    path("<int:pk>/unlock", users.unlock, name="unlock"),
    path("<int:pk>/reset-password", users.reset_password, name="reset_password"),
    path("<int:pk>/end-sessions", users.end_sessions, name="end_sessions"),
    path("<int:pk>/roles", users.grant, name="grant"),
    path("<int:pk>/roles/<int:grant_pk>/revoke", users.revoke, name="revoke"),
    path("<int:pk>/tokens/<int:token_pk>/revoke", users.revoke_token, name="revoke_token"),
]

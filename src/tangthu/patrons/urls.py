from __future__ import annotations

from django.urls import path

from tangthu.patrons.views import (
    applications,
    cards,
    categories,
    files,
    logins,
    persons,
    register,
    requests,
)

app_name = "patrons"

urlpatterns = [
    path("", register.patrons, name="list"),
    path("new", register.new, name="new"),
    path("categories/", categories.categories, name="categories"),
    path("categories/new", categories.new_category, name="new_category"),
    path("categories/<int:pk>/", categories.edit_category, name="category"),
    path("cards", cards.print_cards, name="cards"),
    path("applications/", applications.applications, name="applications"),
    path("applications/<int:pk>/", applications.application, name="application"),
    path(
        "applications/<int:pk>/photo.jpg", applications.application_photo, name="application_photo"
    ),
    path("applications/<int:pk>/approve", applications.approve, name="approve"),
    path("applications/<int:pk>/return", applications.give_back, name="return"),
    path("applications/<int:pk>/refuse", applications.refuse, name="refuse"),
    path("requests/", requests.queue, name="requests"),
    path("requests/contacts/<int:pk>/accept", requests.accept_contact, name="accept_contact"),
    path("requests/contacts/<int:pk>/refuse", requests.refuse_contact, name="refuse_contact"),
    path("requests/<int:pk>/complete", requests.complete, name="complete_request"),
    path("requests/<int:pk>/postpone", requests.postpone, name="postpone_request"),
    path("requests/<int:pk>/refuse", requests.refuse, name="refuse_request"),
    path("requests/<int:pk>/erase", requests.erase, name="erase"),
    path("<int:pk>/", files.detail, name="detail"),
    path("<int:pk>/edit", register.edit, name="edit"),
    path("<int:pk>/photo.jpg", persons.photo, name="photo"),
    path("<int:pk>/photo", persons.change_photo, name="change_photo"),
    path("<int:pk>/confirm", persons.confirm, name="confirm"),
    path("<int:pk>/guardian", persons.guardian, name="guardian"),
    path("<int:pk>/request", requests.enter, name="enter_request"),
    path("<int:pk>/data.<str:form>", requests.export, name="export"),
    path("<int:pk>/renew", files.renew, name="renew"),
    path("<int:pk>/lost", files.lost, name="lost"),
    path("<int:pk>/withdraw", files.withdraw, name="withdraw"),
    path("<int:pk>/restore", files.restore, name="restore"),
    path("<int:pk>/start-password", logins.start_password, name="start_password"),
    path("<int:pk>/unlock", logins.unlock, name="unlock_login"),
    path("<int:pk>/log-out", logins.log_out, name="end_logins"),
    path("<int:pk>/identities/invite", logins.invite_identity, name="invite_identity"),
    path(
        "<int:pk>/identities/<int:identity_pk>/unlink",
        logins.unlink_identity,
        name="unlink_identity",
    ),
    path("<int:pk>/replace", files.replace, name="replace"),
    path("<int:pk>/restrict", files.restrict, name="restrict"),
    path("<int:pk>/restrictions/<int:restriction_pk>/lift", files.lift, name="lift"),
    path("<int:pk>/citizen-number", files.citizen_number, name="citizen_number"),
]

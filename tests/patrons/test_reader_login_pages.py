import re

import pytest
from django.urls import reverse

from tangthu.access.policy import FREE_FAILURES
from tangthu.patrons import actions
from tangthu.patrons.errors import ReaderLoginRefused, ReaderMustWait
from tangthu.patrons.models import ReaderSession
from tests.conftest import client_of_reader

ADDRESS = "203.0.113.7"


def test_the_desk_hands_out_a_slip_whose_password_opens(desk_client, patron):
    page = desk_client.get(reverse("patrons:detail", args=[patron.pk]))
    assert reverse("patrons:start_password", args=[patron.pk]) in page.content.decode()

    slip = desk_client.post(reverse("patrons:start_password", args=[patron.pk]))

    text = slip.content.decode()
    password = re.search(r'id="start-password">\s*(\S+)', text).group(1)
    assert patron.card in text
    assert "http://testserver/account/" in text
    assert slip["Cache-Control"].startswith("max-age=0") or "no-store" in slip["Cache-Control"]
    assert actions.log_in(patron.card, password, address=ADDRESS) == patron


def test_the_desk_unlocks_and_logs_out(desk_client, patron):
    browser = client_of_reader(patron)
    for _ in range(FREE_FAILURES):
        with pytest.raises(ReaderLoginRefused):
            actions.log_in(patron.card, "sai rồi", address=ADDRESS)

    desk_client.post(reverse("patrons:unlock_login", args=[patron.pk]))
    desk_client.post(reverse("patrons:end_logins", args=[patron.pk]))

    with pytest.raises(ReaderLoginRefused) as refused:
        actions.log_in(patron.card, "sai rồi", address=ADDRESS)
    assert not isinstance(refused.value, ReaderMustWait)
    assert not ReaderSession.objects.exists()
    assert browser.get("/account/").status_code == 302


@pytest.mark.parametrize("name", ["start_password", "unlock_login", "end_logins"])
def test_staff_of_another_library_do_not(neighbour_client, patron, name):
    response = neighbour_client.post(reverse(f"patrons:{name}", args=[patron.pk]))

    assert response.status_code == 404

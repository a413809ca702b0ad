"""The staff's pages: the outbox, letters, texts and channels, and who sees what."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tangthu.core.models import AuditEntry
from tangthu.libraries.models import Library
from tangthu.notices.actions import Announcement, announce, announce_many
from tangthu.notices.kinds import Channel, NoticeKind
from tangthu.notices.models import Notice, Template
from tangthu.notices.permissions import NoticesPermission
from tangthu.patrons.models import Patron
from tests.conftest import client_of
from tests.factories import PatronFactory, UserFactory, grant

pytestmark = pytest.mark.django_db
HOLD = {"title": "Dế mèn phiêu lưu ký", "pickup": "Thư viện tỉnh", "until": date(2026, 12, 5)}


@pytest.fixture
def lan(province: Library) -> Patron:
    return PatronFactory(
        library=province,
        name="Nguyễn Thị Lan",
        email="lan@example.vn",
        address="12 Lê Duẩn, Buôn Ma Thuột",
    )


@pytest.fixture
def notice(lan: Patron) -> Notice:
    (told,) = announce(
        NoticeKind.HOLD_READY, to=lan, library=lan.library, values=HOLD, source="hold:1"
    )
    return told


@pytest.fixture
def outsider(province: Library) -> Client:
    """Staff who keep the outbox, and may not see readers."""
    user = UserFactory(username="post", library=province)
    return client_of(grant(user, province, NoticesPermission.SEE_NOTICES))


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_outbox_shows_the_notice_and_its_reader(
    administrator_client: Client, notice: Notice
) -> None:
    page = text(administrator_client, reverse("notices:outbox"))

    assert "Nguyễn Thị Lan" in page
    assert "l…@example.vn" in page
    assert "lan@example.vn" not in page


def test_the_outbox_is_narrowed(administrator_client: Client, notice: Notice, lan: Patron) -> None:
    address = reverse("notices:outbox")

    assert "Nguyễn Thị Lan" in text(administrator_client, f"{address}?card={lan.card}")
    assert "Nguyễn Thị Lan" not in text(administrator_client, f"{address}?state=sent")
    assert "Nguyễn Thị Lan" not in text(administrator_client, f"{address}?channel=sms")


def test_who_reads_a_notice_is_written_down(
    administrator_client: Client, notice: Notice, lan: Patron
) -> None:
    page = text(administrator_client, reverse("notices:notice", args=[notice.pk]))

    assert "Dế mèn phiêu lưu ký" in page
    assert AuditEntry.objects.filter(action="notices.seen", object_key=lan.pk).count() == 1


def test_who_may_not_see_readers_sees_neither_name_nor_words(
    outsider: Client, notice: Notice
) -> None:
    pages = text(outsider, reverse("notices:outbox")) + text(
        outsider, reverse("notices:notice", args=[notice.pk])
    )

    assert "Nguyễn Thị Lan" not in pages
    assert "example.vn" not in pages
    assert "Dế mèn" not in pages
    assert not AuditEntry.objects.filter(action="notices.seen").exists()


def test_a_card_is_not_found_out_by_who_may_not_see_readers(
    outsider: Client, notice: Notice, lan: Patron
) -> None:
    page = text(outsider, f"{reverse('notices:outbox')}?card={lan.card}")

    assert reverse("notices:notice", args=[notice.pk]) not in page


def test_another_librarys_notices_are_not_there(province: Library, notice: Notice) -> None:
    elsewhere = Library.objects.create(code="X", name="X", kind="ward", path="/99/")
    user = UserFactory(username="far", library=elsewhere)
    far = client_of(grant(user, elsewhere, *NoticesPermission))

    assert far.get(reverse("notices:notice", args=[notice.pk])).status_code == 404
    for name in ("retry", "cancel"):
        assert far.post(reverse(f"notices:{name}", args=[notice.pk])).status_code == 404


def test_a_code_is_shown_to_nobody(administrator_client: Client, lan: Patron) -> None:
    (told,) = announce(
        NoticeKind.LOGIN_CODE,
        to=lan,
        library=lan.library,
        values={"code": "482913", "minutes": 10},
        source="login:1",
    )

    assert "482913" not in text(administrator_client, reverse("notices:notice", args=[told.pk]))


def test_a_notice_is_cancelled_and_sent_again(administrator_client: Client, notice: Notice) -> None:
    administrator_client.post(reverse("notices:cancel", args=[notice.pk]))
    notice.refresh_from_db()
    assert notice.state == "cancelled"

    administrator_client.post(reverse("notices:retry", args=[notice.pk]))
    notice.refresh_from_db()
    assert notice.state == "pending"


def letter(lan: Patron, number: int = 1) -> None:
    announce_many(
        [
            Announcement(
                kind=NoticeKind.OVERDUE_LAST,
                to=lan,
                library=lan.library,
                values={"title": f"Sách {number}", "due": date(2026, 10, 1), "days": 25},
                source=f"loan:{number}",
                fallback=Channel.LETTER,
            )
        ]
    )


def test_a_readers_letters_make_one_sheet_and_are_marked(
    administrator_client: Client, lan: Patron
) -> None:
    letter(lan, 1)
    letter(lan, 2)
    keys = ",".join(map(str, Notice.objects.order_by("id").values_list("pk", flat=True)))

    waiting = text(administrator_client, reverse("notices:letters"))
    sheet = text(administrator_client, f"{reverse('notices:sheets')}?size=a5&letter={keys}")
    administrator_client.post(reverse("notices:printed"), {"letter": keys})

    assert f'value="{keys}"' in waiting
    assert sheet.count("<article") == 1
    assert "letter-a5" in sheet
    assert "12 Lê Duẩn" in sheet
    assert "Sách 2" in sheet
    assert set(Notice.objects.values_list("state", "receipt")) == {("sent", "Nguyễn Thị Thủ Thư")}
    assert "<article" not in text(
        administrator_client, f"{reverse('notices:sheets')}?size=a5&letter={keys}"
    )


TEXT = reverse("notices:text", args=["hold_ready", "email", "vi"])


def test_a_text_is_written_previewed_and_taken_back(
    administrator_client: Client, province: Library, notice: Notice
) -> None:
    address = f"{TEXT}?library={province.pk}"
    written = {"subject": "Sách về rồi", "body": "Mời {name} đến nhận {title}", "version": "0"}

    shown = administrator_client.post(f"{TEXT}preview?library={province.pk}", written)
    saved = administrator_client.post(address, written)

    assert "Mời Nguyễn Thị Lan đến nhận Truyện Kiều" in shown.content.decode()
    assert "<html" not in shown.content.decode()
    assert saved.status_code == 302
    row = Template.objects.get()
    assert (row.library_id, row.subject, row.version) == (province.pk, "Sách về rồi", 1)
    assert "đến nhận Dế mèn" in text(
        administrator_client, reverse("notices:notice", args=[notice.pk])
    )

    administrator_client.post(f"{TEXT}remove?library={province.pk}")
    assert Template.objects.count() == 0


def test_a_broken_text_is_refused_with_its_place(
    administrator_client: Client, province: Library
) -> None:
    answer = administrator_client.post(
        f"{TEXT}?library={province.pk}",
        {"subject": "Sách", "body": "Mời {name}\nđến {nhan}", "version": "0"},
    )

    assert answer.status_code == 422
    assert "{nhan}" in answer.content.decode()
    assert Template.objects.count() == 0


def test_of_two_who_write_at_once_the_second_is_told(
    administrator_client: Client, province: Library
) -> None:
    written = {"subject": "Sách", "body": "Mời {name}", "version": "0"}
    administrator_client.post(f"{TEXT}?library={province.pk}", written)

    second = administrator_client.post(
        f"{TEXT}?library={province.pk}", {**written, "body": "Khác {name}"}
    )

    assert second.status_code == 422
    assert Template.objects.get().body == "Mời {name}"


def test_zalo_needs_the_number_of_a_template(
    administrator_client: Client, province: Library
) -> None:
    address = reverse("notices:text", args=["hold_ready", "zalo", "vi"])

    answer = administrator_client.post(
        f"{address}?library={province.pk}", {"subject": "", "body": "{title}", "version": "0"}
    )

    assert answer.status_code == 422


@pytest.mark.parametrize(
    "path",
    ["texts/nothing/email/vi/", "texts/hold_ready/pigeon/vi/", "texts/hold_ready/email/fr/"],
)
def test_texts_that_are_none_are_not_found(administrator_client: Client, path: str) -> None:
    assert administrator_client.get(f"/desk/notices/{path}").status_code == 404


def test_nobody_writes_texts_for_another_library(province: Library, commune: Library) -> None:
    user = UserFactory(username="writer", library=commune)
    writer = client_of(grant(user, commune, NoticesPermission.EDIT_TEMPLATES))

    answer = writer.post(
        f"{TEXT}?library={province.pk}", {"subject": "S", "body": "{name}", "version": "0"}
    )

    assert answer.status_code == 404
    assert Template.objects.count() == 0


def test_a_test_goes_into_the_outbox(administrator_client: Client, province: Library) -> None:
    administrator_client.post(f"{TEXT}test?library={province.pk}", {"address": "thuthu@example.vn"})
    administrator_client.post(
        reverse("notices:test_channel", args=["sms"]), {"address": "0905 123 456"}
    )

    sent = list(Notice.objects.order_by("id").values_list("channel", "to_address", "kind"))
    assert sent == [
        ("email", "thuthu@example.vn", "test"),
        ("sms", "+84905123456", "test"),
    ]


@pytest.mark.parametrize("address", ["", "nobody", "113"])
def test_a_test_needs_an_address(administrator_client: Client, address: str) -> None:
    administrator_client.post(reverse("notices:test_channel", args=["email"]), {"address": address})

    assert Notice.objects.count() == 0


def test_channels_are_shown_without_their_secrets(
    administrator_client: Client, settings: Settings
) -> None:
    settings.SMS_KEY, settings.EMAIL_HOST_PASSWORD = "sms-key-1", "mail-secret-1"

    page = text(administrator_client, reverse("notices:channels"))

    assert "sms-key-1" not in page
    assert "mail-secret-1" not in page

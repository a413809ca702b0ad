from datetime import date

import pytest
from django.urls import reverse

from tangthu.core.models import AuditEntry
from tangthu.patrons.actions import replace_card, restrict, set_citizen_number
from tangthu.patrons.models import CardStatus, Patron, Restriction
from tangthu.patrons.permissions import PatronsPermission
from tangthu.patrons.policy import search_words
from tests.conftest import client_of
from tests.factories import PatronFactory, UserFactory, grant

LIST = "/desk/patrons/"
NEW = "/desk/patrons/new"


def page_of(name, patron, *more):
    return reverse(f"patrons:{name}", args=[patron.pk, *more])


def told(adult, province, **values):
    return {"name": "Nguyễn Văn An", "category": adult.pk, "library": province.pk, **values}


def names(response):
    return [patron.name for patron in response.context["page"].object_list]


@pytest.fixture
def readers(province, commune, adult, child):
    def make(name, **values):
        values.setdefault("library", province)
        values.setdefault("category", adult)
        return PatronFactory(name=name, folded_name=search_words(name), **values)

    return [
        make("Nguyễn Văn An", card="TV1", phone="+84905123456"),
        make("Trần Thị Bình", card="TV2", expires_on=date(2020, 1, 1)),
        make("Lê Chi", card="TV3", category=child),
        make("Y Ƀlŭl Niê", card="TV4", library=commune),
    ]


def test_the_register_shows_the_readers_of_ones_libraries_by_name(desk_client, readers):
    assert names(desk_client.get(LIST)) == ["Nguyễn Văn An", "Trần Thị Bình", "Lê Chi"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"q": "an nguyen"}, ["Nguyễn Văn An"]),
        ({"q": "0905123456"}, ["Nguyễn Văn An"]),
        ({"q": "blul"}, []),
        ({"category": "child"}, ["Lê Chi"]),
        ({"state": "expired"}, ["Trần Thị Bình"]),
        ({"state": "restricted"}, []),
        ({"sort": "-card"}, ["Lê Chi", "Trần Thị Bình", "Nguyễn Văn An"]),
        ({"sort": "expires"}, ["Trần Thị Bình", "Nguyễn Văn An", "Lê Chi"]),
        ({"sort": "'; --", "page": "999999999"}, ["Nguyễn Văn An", "Trần Thị Bình", "Lê Chi"]),
        ({"q": "\x00"}, ["Nguyễn Văn An", "Trần Thị Bình", "Lê Chi"]),
    ],
)
def test_the_register_is_narrowed_and_sorted_by_its_address(desk_client, readers, wanted, found):
    assert names(desk_client.get(LIST, wanted)) == found


def test_a_scanned_card_opens_the_file(desk_client, readers):
    assert desk_client.get(LIST, {"q": "tv 1"})["Location"] == page_of("detail", readers[0])


def test_a_card_that_was_replaced_leads_to_its_reader(desk_client, desk, readers):
    replace_card(readers[0], by=desk)

    page = desk_client.get(LIST, {"q": "TV1"})

    assert page.context["former"].patron == readers[0]
    assert "đã được thay" in page.content.decode()


def test_the_register_costs_the_same_queries_for_many(
    desk_client, province, adult, django_assert_max_num_queries
):
    PatronFactory.create_batch(60, library=province, category=adult)
    desk_client.get(LIST)

    with django_assert_max_num_queries(12):
        desk_client.get(LIST)


@pytest.mark.parametrize(
    "name", ["detail", "edit", "renew", "lost", "withdraw", "restore", "replace", "restrict"]
)
def test_the_file_of_a_reader_of_another_library_is_not_there(neighbour_client, readers, name):
    call = neighbour_client.get if name in {"detail", "edit"} else neighbour_client.post

    assert call(page_of(name, readers[0])).status_code == 404
    readers[0].refresh_from_db()
    assert readers[0].version == 1


def test_who_may_only_look_cannot_change(province, readers):
    looker = client_of(
        grant(UserFactory(library=province), province, PatronsPermission.SEE_PATRONS)
    )

    assert looker.get(page_of("detail", readers[0])).status_code == 200
    assert looker.get(page_of("edit", readers[0])).status_code == 403
    assert looker.post(page_of("renew", readers[0])).status_code == 403
    assert looker.get(NEW).status_code == 403


def test_looking_at_a_file_is_written_down_once(desk_client, readers):
    for _ in range(2):
        desk_client.get(page_of("detail", readers[0]))

    assert AuditEntry.objects.filter(action="patron.seen").count() == 1


def test_a_name_and_a_category_make_a_reader(desk_client, adult, province):
    response = desk_client.post(NEW, told(adult, province, birth_on="03/04/1985"))

    patron = Patron.objects.get()
    assert response["Location"] == page_of("detail", patron)
    assert (patron.card, patron.birth_on) == ("DLKT000001", date(1985, 4, 3))


def test_the_desk_goes_on_with_the_new_reader(desk_client, adult, province):
    response = desk_client.post(NEW, told(adult, province, then="desk"))

    assert response["Location"] == "/desk/?patron=DLKT000001"


def test_what_is_wrong_stands_under_its_field(desk_client, child, province):
    response = desk_client.post(
        NEW, told(child, province, name="An 2", phone="12", citizen_number="12", birth_on="x")
    )

    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"birth_on"}
    response = desk_client.post(
        NEW, told(child, province, name="An 2", phone="12", citizen_number="12")
    )
    assert set(response.context["form"].errors) == {
        "name",
        "phone",
        "citizen_number",
        "guardian_name",
    }
    assert response.context["guardian_open"]
    assert not Patron.objects.exists()


def test_the_guardian_is_found_by_card(desk_client, readers, child, province):
    desk_client.post(
        NEW, told(child, province, name="Nguyễn Bảo", guardian_card="tv1", birth_on="1/2/2018")
    )
    unknown = desk_client.post(NEW, told(child, province, guardian_card="TV4"))

    assert Patron.objects.get(name="Nguyễn Bảo").guardian == readers[0]
    assert unknown.context["form"].errors["guardian_card"]


def test_somebody_who_resembles_a_reader_is_asked_about_first(
    desk_client, readers, adult, province
):
    again = told(adult, province, phone="0905123456")

    asked = desk_client.post(NEW, again)

    assert asked.status_code == 409
    assert asked.context["resembling"] == [readers[0]]
    assert Patron.objects.count() == 4
    assert desk_client.post(NEW, {**again, "sure": "1"}).status_code == 302
    assert Patron.objects.count() == 5


def corrected(desk_client, patron, **values):
    page = desk_client.get(page_of("edit", patron))
    form = page.context["form"]
    shown = {name: form[name].value() for name in form.fields}
    filled = {name: value for name, value in shown.items() if value not in (None, "", False)}
    return desk_client.post(
        page_of("edit", patron), {**filled, "expires_on": "31/12/2099", **values}
    )


def test_a_correction_is_saved(desk_client, readers):
    response = corrected(desk_client, readers[0], address="Buôn Hồ")

    assert response.status_code == 302
    readers[0].refresh_from_db()
    assert (readers[0].address, readers[0].phone) == ("Buôn Hồ", "+84905123456")


def test_a_correction_of_an_old_version_is_refused(desk_client, readers):
    corrected(desk_client, readers[0], address="Buôn Hồ")

    response = corrected(desk_client, readers[0], address="Ea Kar", version="1")

    assert response.status_code == 422
    readers[0].refresh_from_db()
    assert readers[0].address == "Buôn Hồ"


def test_the_citizen_number_is_shown_to_few_and_never_in_the_form(
    desk_client, administrator_client, readers, desk
):
    set_citizen_number(readers[0], "066085001234", by=desk)
    show = page_of("citizen_number", readers[0])

    assert desk_client.post(show).status_code == 403
    assert "066 085 001 234" in administrator_client.post(show).content.decode()
    for name in ("detail", "edit"):
        page = administrator_client.get(page_of(name, readers[0])).content.decode()
        assert "066085001234" not in page
        assert "066 085 001 234" not in page


def test_a_number_is_replaced_or_removed_in_the_form(desk_client, readers):
    corrected(desk_client, readers[0], citizen_number="066085001234")
    readers[0].refresh_from_db()
    assert readers[0].has_citizen_number

    corrected(desk_client, readers[0], forget_citizen_number="on")

    readers[0].refresh_from_db()
    assert not readers[0].has_citizen_number


def test_a_card_is_lost_replaced_and_renewed_by_buttons(desk_client, readers):
    desk_client.post(page_of("lost", readers[0]), {"version": "1"})
    readers[0].refresh_from_db()
    assert readers[0].card_status == CardStatus.LOST

    taken = desk_client.post(page_of("replace", readers[0]), {"card": "TV2"})
    assert taken.status_code == 409
    desk_client.post(page_of("replace", readers[0]), {"card": ""})
    readers[0].refresh_from_db()
    assert readers[0].card == "DLKT000001"

    stale = desk_client.post(page_of("renew", readers[0]), {"version": "1"})
    assert stale.status_code == 409


@pytest.mark.parametrize("version", ["9" * 5000, "²", "-1", "99"])
def test_a_button_of_a_page_that_never_was_changes_nothing(desk_client, patron, version):
    answer = desk_client.post(reverse("patrons:renew", args=[patron.pk]), {"version": version})

    assert answer.status_code == 409
    assert Patron.objects.get(pk=patron.pk).expires_on == patron.expires_on


def test_a_restriction_is_set_and_lifted(desk_client, readers):
    desk_client.post(
        page_of("restrict", readers[0]), {"kind": "conduct", "note": "Cắt trang", "until": ""}
    )
    restriction = Restriction.objects.get()
    assert "Cắt trang" in desk_client.get(page_of("detail", readers[0])).content.decode()

    desk_client.post(page_of("lift", readers[0], restriction.pk))

    restriction.refresh_from_db()
    assert restriction.lifted_at is not None


def test_a_restriction_of_another_reader_is_not_lifted_here(desk_client, readers, desk):
    restriction = restrict(readers[1], "manual", by=desk)

    response = desk_client.post(page_of("lift", readers[0], restriction.pk))

    assert response.status_code == 404


def test_categories_are_kept_by_those_who_may(administrator_client, desk_client, adult):
    told = {"name": "Người cao tuổi", "code": "senior", "minimum_age": 60, "card_months": 24}

    assert desk_client.get(reverse("patrons:categories")).status_code == 403
    made = administrator_client.post(reverse("patrons:new_category"), told)
    again = administrator_client.post(reverse("patrons:new_category"), told)
    wrong = administrator_client.post(
        reverse("patrons:category", args=[adult.pk]),
        {**told, "code": "adult", "maximum_age": 50},
    )

    assert (made.status_code, again.status_code, wrong.status_code) == (302, 422, 422)

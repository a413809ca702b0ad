"""Two who compose one exhibition: nothing that either of them typed is lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from tangthu.access.models import User
from tangthu.community.actions.exhibitions import (
    PUT_BACK_WITHIN,
    BlockData,
    ExhibitionData,
    add_block,
    change_block,
    change_exhibition,
    make_exhibition,
    put_block_back,
    remove_block,
)
from tangthu.community.errors import BlockTakenOut
from tangthu.community.models import Block, Exhibition
from tangthu.community.policy.blocks import BlockKind
from tangthu.core.actor import Actor
from tangthu.core.errors import NotPermitted, StaleVersion
from tangthu.libraries.models import Library
from tests.conftest import client_of
from tests.support.threads import at_once

pytestmark = pytest.mark.django_db
TRANSACTIONS = pytest.mark.django_db(transaction=True)
ANNOUNCED = {"title": "Cồng chiêng", "slug": "cong-chieng", "lead": "Âm vang đại ngàn"}


@pytest.fixture
def story(province: Library, teller: Actor) -> Exhibition:
    return make_exhibition(ExhibitionData(**ANNOUNCED), library=province, by=teller)


@pytest.fixture
def words(story: Exhibition, teller: Actor) -> Block:
    return add_block(story, BlockKind.TEXT, BlockData(heading="Mở đầu", text="cũ"), by=teller)


@pytest.fixture
def staff(teller_user: User) -> Client:
    return client_of(teller_user)


def typed(block: Block, text: str, *, revision: int) -> dict[str, str]:
    prefix = f"b{block.pk}"
    return {
        f"{prefix}-heading": "Mở đầu",
        f"{prefix}-text": text,
        f"{prefix}-revision": str(revision),
    }


def names(outcomes: object) -> list[str]:
    return sorted(type(each).__name__ for each in outcomes)  # type: ignore[attr-defined]


@TRANSACTIONS
def test_of_two_who_save_a_piece_in_the_same_instant_one_is_told(
    words: Block, teller: Actor
) -> None:
    outcomes = at_once(
        lambda: change_block(words, BlockData(text="một"), revision=1, by=teller),
        lambda: change_block(words, BlockData(text="hai"), revision=1, by=teller),
    )

    assert names(outcomes) == ["Block", "StaleVersion"]
    (saved,) = (each for each in outcomes if isinstance(each, Block))
    words.refresh_from_db()
    assert (words.text, words.revision) == (saved.text, 2)


@TRANSACTIONS
def test_of_two_who_announce_it_in_the_same_instant_one_is_told(
    story: Exhibition, teller: Actor
) -> None:
    one, two = (ExhibitionData(slug="cong-chieng", title=title) for title in ("Một", "Hai"))

    outcomes = at_once(
        lambda: change_exhibition(story, one, revision=1, by=teller),
        lambda: change_exhibition(story, two, revision=1, by=teller),
    )

    assert names(outcomes) == ["Exhibition", "StaleVersion"]
    (saved,) = (each for each in outcomes if isinstance(each, Exhibition))
    story.refresh_from_db()
    assert (story.title, story.revision) == (saved.title, 2)


@TRANSACTIONS
def test_what_is_typed_while_another_takes_the_piece_out_is_saved_or_told(
    words: Block, teller: Actor
) -> None:
    outcomes = at_once(
        lambda: change_block(words, BlockData(text="mới"), revision=1, by=teller),
        lambda: remove_block(words, by=teller),
    )

    kept = Block.with_removed.get(pk=words.pk)
    was_saved = isinstance(outcomes[0], Block)
    assert was_saved or isinstance(outcomes[0], BlockTakenOut)
    assert (kept.text, kept.removed_at is None) == ("mới" if was_saved else "cũ", False)


def test_whoever_saves_second_sees_both_and_may_still_save(
    staff: Client, story: Exhibition, words: Block, teller: Actor
) -> None:
    change_block(words, BlockData(heading="Mở đầu", text="của Hà"), revision=1, by=teller)
    address = reverse("community:change_block", args=[story.pk, words.pk])

    told = staff.post(address, typed(words, "của tôi", revision=1))
    again = staff.post(address, told.context["blocks"][0][1].data)

    assert told.status_code == 422
    assert "Người khác vừa sửa phần này" in told.text
    assert "<p>của Hà</p>" in told.text
    assert "của tôi</textarea>" in told.text
    assert again.status_code == 302
    words.refresh_from_db()
    assert (words.text, words.revision) == ("của tôi", 3)


def test_whoever_announces_it_second_reads_what_stands_there(
    staff: Client, story: Exhibition, teller: Actor
) -> None:
    change_exhibition(story, ExhibitionData(slug="chieng", title="Chiêng"), revision=1, by=teller)
    address = reverse("community:compose", args=[story.pk])

    told = staff.post(address, ANNOUNCED | {"title": "Cồng", "revision": "1"})
    again = staff.post(address, told.context["form"].data)

    assert told.status_code == 422
    assert "Người khác vừa lưu: “Chiêng”" in told.text
    assert 'value="Cồng"' in told.text
    assert again.status_code == 302
    story.refresh_from_db()
    assert (story.title, story.slug, story.revision) == ("Cồng", "cong-chieng", 3)


def test_what_was_typed_into_a_piece_that_is_gone_can_be_added(
    staff: Client, story: Exhibition, words: Block, teller: Actor
) -> None:
    remove_block(words, by=teller)

    told = staff.post(
        reverse("community:change_block", args=[story.pk, words.pk]),
        typed(words, "tôi gõ lâu lắm", revision=1),
    )
    kept = next(form for kind, _label, form in told.context["kinds"] if kind == "text").data
    staff.post(reverse("community:add_block", args=[story.pk, "text"]), kept)

    assert told.status_code == 422
    assert "Người khác vừa bỏ phần này" in told.text
    assert list(story.blocks.values_list("heading", "text")) == [("Mở đầu", "tôi gõ lâu lắm")]


def test_a_piece_that_was_taken_out_goes_back_to_its_place(
    staff: Client, story: Exhibition, words: Block, teller: Actor
) -> None:
    add_block(story, BlockKind.TEXT, BlockData(text="sau"), by=teller)
    move = reverse("community:move_block", args=[story.pk, words.pk])

    gone = staff.post(move, {"step": "out"}, follow=True)
    left = list(story.blocks.values_list("text", flat=True))
    back = reverse("community:put_back", args=[story.pk, words.pk])
    undone = staff.post(back)

    assert "Đã bỏ: Mở đầu" in gone.text
    assert f'action="{back}"' in gone.text
    assert left == ["sau"]
    assert undone["Location"] == f"/desk/exhibitions/{story.pk}/#block-{words.pk}"
    assert list(story.blocks.values_list("text", flat=True)) == ["cũ", "sau"]


def test_nobody_else_puts_a_piece_back(
    story: Exhibition, words: Block, teller: Actor, neighbour: Actor
) -> None:
    remove_block(words, by=teller)

    with pytest.raises(NotPermitted):
        put_block_back(words, by=neighbour)

    assert not story.blocks.exists()


def test_a_piece_that_was_taken_out_long_ago_is_gone(
    story: Exhibition, words: Block, teller: Actor
) -> None:
    other = add_block(story, BlockKind.TEXT, BlockData(text="khác"), by=teller)
    with time_machine.travel(datetime(2026, 3, 2, 3, tzinfo=UTC), tick=False) as clock:
        remove_block(words, by=teller)
        clock.shift(PUT_BACK_WITHIN + timedelta(seconds=1))
        remove_block(other, by=teller)

    assert list(Block.with_removed.values_list("text", flat=True)) == ["khác"]


def test_an_old_version_is_refused_whoever_asks(story: Exhibition, teller: Actor) -> None:
    with pytest.raises(StaleVersion):
        change_exhibition(story, ExhibitionData(slug="khac", title="Khác"), revision=7, by=teller)

    story.refresh_from_db()
    assert (story.slug, story.revision) == ("cong-chieng", 1)

"""An exhibition and a podcast of the demo network, told with its invented documents."""

from __future__ import annotations

from collections.abc import Mapping

from tangthu.community.actions.exhibitions import (
    BlockData,
    ExhibitionData,
    add_block,
    make_exhibition,
    show_exhibition,
)
from tangthu.community.actions.podcasts import PodcastData, make_podcast
from tangthu.community.models import Exhibition, Podcast
from tangthu.community.policy.blocks import BlockKind
from tangthu.core.actor import Actor
from tangthu.libraries.models import Library
from tangthu.repository.models import Collection, DigitalObject

PODCAST = PodcastData(
    title="Tiếng nói Tây Nguyên [DEMO]",
    summary="Lời kể và phim do chương trình trình diễn tạo ra.",
    author="Thư viện tỉnh Đắk Lắk (trình diễn)",
    is_published=True,
)
EXHIBITION = ExhibitionData(
    slug="dat-do",
    title="Đất đỏ và tiếng chiêng [DEMO]",
    lead="Một câu chuyện tưởng tượng, kể bằng trang sách, lời kể và những con số của thư viện.",
)


def load(tree: Mapping[str, Library], *, by: Actor) -> None:
    """Make what is not there yet."""
    shelf = Collection.objects.filter(code="tieng-noi").first()
    if shelf is not None and not Podcast.objects.exists():
        make_podcast(shelf, PODCAST, library=tree["DLK"], by=by)
    if not Exhibition.objects.exists():
        _exhibit(tree["DLK"], by=by)


def _exhibit(library: Library, *, by: Actor) -> None:
    book = DigitalObject.objects.get(title="Sổ tay địa chí Đắk Lắk [DEMO]")
    story = DigitalObject.objects.get(title="Kể khan bên bếp lửa [DEMO]")
    page = book.pages.ready().order_by("position")[2]
    chart = DigitalObject.objects.get(title="Bản đồ buôn làng ven sông [DEMO]")
    of_page, of_story = f"/read/{book.identifier}/{page.identifier}/", f"/read/{story.identifier}/"
    of_map = f"/read/{chart.identifier}/{chart.pages.ready().get().identifier}/"
    exhibition = make_exhibition(EXHIBITION, library=library, by=by)
    for kind, data in (
        (
            BlockKind.TEXT,
            BlockData(
                heading="Vùng đất",
                text="Đất đỏ ba-dan phủ phần lớn cao nguyên, hợp với cà phê, hồ tiêu, cao su.",
            ),
        ),
        (
            BlockKind.IMAGE,
            BlockData(heading="Mặt trời trên đồi", address=f"{of_page}#xywh=110,1110,1020,480"),
        ),
        (
            BlockKind.MAP,
            BlockData(
                heading="Những nơi được kể",
                address=of_map,
                lines="54 69 Hồ Lắk | Nơi câu chuyện bắt đầu\n"
                "22 22 Buôn Đôn | Đàn voi qua sông lúc sáng sớm",
            ),
        ),
        (
            BlockKind.TIMELINE,
            BlockData(
                heading="Dòng thời gian",
                lines="1904 | Lập tỉnh Đắk Lắk\n"
                "2005 | Không gian văn hoá cồng chiêng được ghi danh\n"
                "2025 | Tỉnh Đắk Lắk mới",
            ),
        ),
        (BlockKind.SOUND, BlockData(heading="Nghe", address=f"{of_story}?part=1&t=4")),
        (BlockKind.QUOTE, BlockData(text="Tiếng chiêng gọi gió, gọi mưa, gọi bạn từ buôn xa.")),
        (
            BlockKind.GALLERY,
            BlockData(heading="Đọc tiếp", lines=f"/read/{book.identifier}/\n{of_story}"),
        ),
        (BlockKind.FIGURES, BlockData(heading="Thư viện qua con số")),
    ):
        add_block(exhibition, kind, data, by=by)
    show_exhibition(exhibition, shown=True, by=by)

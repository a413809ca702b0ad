from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tangthu.core.errors import NotPermitted
from tangthu.patrons.actions.photos import remove_photo, set_photo
from tangthu.patrons.errors import PhotoRefused, PhotoTooLarge, PhotoTooSmall, PhotoUnreadable
from tangthu.patrons.models import Photo
from tangthu.patrons.photos import LARGEST_FILE, portrait
from tests.patrons.afar import picture


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("size", [(600, 800), (1200, 800), (300, 1500)])
def test_a_portrait_is_a_jpeg_of_three_by_four(kind, size):
    with Image.open(BytesIO(portrait(picture(*size, kind)))) as drawn:
        assert drawn.format == "JPEG"
        assert drawn.size == (360, 480)


def test_nothing_that_the_camera_wrote_is_left():
    exif = Image.Exif()
    exif[0x010E] = "nha-rieng-12.6789,108.0450"
    exif[0x8825] = {1: "N", 2: (12.0, 40.0, 44.0)}
    sent = picture(exif=exif, comment=b"bi mat")
    assert b"nha-rieng" in sent

    drawn = portrait(sent)

    assert b"nha-rieng" not in drawn
    assert b"bi mat" not in drawn
    with Image.open(BytesIO(drawn)) as image:
        assert not image.getexif()
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_a_picture_taken_on_its_side_is_put_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    lying = picture(800, 600, exif=exif)

    with Image.open(BytesIO(portrait(lying))) as image:
        top, bottom = image.getpixel((180, 40)), image.getpixel((180, 440))

    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert top[0] < bottom[0]


def test_what_hides_behind_the_picture_is_not_kept():
    drawn = portrait(picture() + b"<?php system($_GET['x']); ?>" * 20)

    assert b"php" not in drawn


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"", PhotoUnreadable),
        (b"GIF89a" + b"\0" * 100, PhotoUnreadable),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", PhotoUnreadable),
        (picture()[:900], PhotoUnreadable),
        (picture(kind="TIFF"), PhotoUnreadable),
        (picture(kind="GIF"), PhotoUnreadable),
        (picture(200, 800), PhotoTooSmall),
        (b"\xff\xd8" + b"\0" * LARGEST_FILE, PhotoTooLarge),
        (picture(9000, 7000, "PNG"), PhotoTooLarge),
    ],
)
def test_what_is_no_fit_picture_is_refused(data, refusal):
    with pytest.raises(refusal):
        portrait(data)


WHOLE = picture(260, 340)


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@given(st.integers(0, len(WHOLE) - 1), st.binary(min_size=1, max_size=40))
def test_a_damaged_file_is_drawn_or_refused_and_never_breaks(place, noise):
    damaged = WHOLE[:place] + noise + WHOLE[place + len(noise) :]

    try:
        drawn = portrait(damaged)
    except PhotoRefused:
        return
    assert drawn.startswith(b"\xff\xd8")


@pytest.mark.django_db
def test_staff_set_and_remove_a_photo(patron, desk, neighbour):
    with pytest.raises(NotPermitted):
        set_photo(patron, picture(), by=neighbour)
    assert not Photo.objects.exists()

    set_photo(patron, picture(), by=desk)
    set_photo(patron, picture(900, 900), by=desk)
    assert Photo.objects.count() == 1
    patron = remove_photo(patron, by=desk)

    assert patron.photo is None
    assert not Photo.objects.exists()

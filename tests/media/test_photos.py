"""What is made of a photo: upright, small enough, in sRGB, and with nothing but pixels."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from api.media.decoder import Decoder, DecoderKilled, Made
from api.media.records import MediaKind
from tests.media import picture_files as pictures
from tests.media.picture_files import MARK, gradient, saved, turned

RED, BLUE, WHITE = (255, 0, 0), (0, 0, 255), (255, 255, 255)


async def made_of(data: bytes, folder: Path) -> dict[str, bytes]:
    """Return the files that are made of a photo, by name."""
    (folder / "sent").write_bytes(data)
    made = await Decoder().decode(MediaKind.PHOTO, folder / "sent", folder)
    assert isinstance(made, Made), made
    return {file.name: place.read_bytes() for file, place in made.files}


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


def is_near(seen: Any, colour: tuple[int, int, int], most: int = 12) -> bool:  # noqa: ANN401
    return all(abs(one - other) <= most for one, other in zip(seen, colour, strict=True))


# Where the red quarter, which was in the upper left corner, and the blue one are seen.
CORNERS = {
    1: ("upper left", "lower right"),
    2: ("upper right", "lower left"),
    3: ("lower right", "upper left"),
    4: ("lower left", "upper right"),
    5: ("upper left", "lower right"),
    6: ("upper right", "lower left"),
    7: ("lower right", "upper left"),
    8: ("lower left", "upper right"),
}


@pytest.mark.parametrize("orientation", CORNERS)
async def test_a_photo_is_turned_upright(orientation: int, tmp_path: Path) -> None:
    photo = opened((await made_of(turned(orientation), tmp_path))["large.jpeg"])

    width, height = photo.size
    corners = {
        f"{vertical} {horizontal}": photo.getpixel((x, y))
        for vertical, y in (("upper", height // 4), ("lower", height * 3 // 4))
        for horizontal, x in (("left", width // 4), ("right", width * 3 // 4))
    }
    red, blue = CORNERS[orientation]
    assert photo.size == ((64, 48) if orientation < 5 else (48, 64))
    assert is_near(corners[red], RED)
    assert is_near(corners[blue], BLUE)


async def test_nothing_but_pixels_is_left(tmp_path: Path) -> None:
    sent = saved(
        gradient(),
        "JPEG",
        exif=pictures.exif(),
        xmp=MARK,
        comment=MARK,
        icc_profile=pictures.wide_colours(),
    )

    files = await made_of(sent, tmp_path)

    assert sent.count(MARK) >= 5
    for name, data in files.items():
        photo = opened(data)
        assert MARK not in data, name
        assert dict(photo.getexif()) == {}, name
        assert set(photo.info) <= {
            "jfif",
            "jfif_version",
            "jfif_unit",
            "jfif_density",
            "progressive",
            "progression",
            "loop",
            "background",
            "timestamp",
            "duration",
        }, name


async def test_a_large_photo_is_made_small_and_keeps_its_shape(tmp_path: Path) -> None:
    files = await made_of(pictures.jpeg(4_000, 3_000), tmp_path)

    sizes = {name: opened(data).size for name, data in files.items()}
    assert sizes == {
        f"{size}.{made_as}": pixels
        for size, pixels in (("large", (2_048, 1_536)), ("thumbnail", (480, 360)))
        for made_as in ("avif", "webp", "jpeg")
    }


async def test_a_long_and_narrow_photo_keeps_a_pixel(tmp_path: Path) -> None:
    files = await made_of(saved(Image.new("RGB", (16_000, 2)), "PNG"), tmp_path)

    assert opened(files["large.jpeg"]).size == (2_048, 1)
    assert opened(files["thumbnail.avif"]).size == (480, 1)


async def test_a_small_photo_is_not_made_larger(tmp_path: Path) -> None:
    files = await made_of(saved(Image.new("RGB", (3, 2)), "PNG"), tmp_path)

    assert {opened(data).size for data in files.values()} == {(3, 2)}


@pytest.mark.parametrize(
    ("sent", "colour"),
    [
        (saved(Image.new("RGBA", (8, 8), (255, 0, 0, 0)), "PNG"), WHITE),
        (saved(Image.new("LA", (8, 8), (0, 0)), "PNG"), WHITE),
        (saved(Image.new("L", (8, 8), 100), "JPEG"), (100, 100, 100)),
        (saved(Image.new("1", (8, 8), 1), "PNG"), WHITE),
        (saved(Image.new("I;16", (8, 8), 25_700), "PNG"), (100, 100, 100)),
        (saved(Image.new("P", (8, 8), 0), "PNG", transparency=0), WHITE),
        (saved(Image.new("CMYK", (8, 8), (0, 255, 255, 0)), "JPEG"), RED),
        (saved(Image.new("RGBA", (8, 8), (0, 0, 255, 255)), "WEBP"), BLUE),
        (saved(Image.new("RGB", (8, 8), BLUE), "AVIF"), BLUE),
    ],
    ids=[
        "clear",
        "clear grey",
        "grey",
        "black and white",
        "16 bits",
        "palette",
        "cmyk",
        "webp",
        "avif",
    ],
)
async def test_colours_are_seen_as_they_were_meant(
    sent: bytes, colour: tuple[int, int, int], tmp_path: Path
) -> None:
    photo = opened((await made_of(sent, tmp_path))["large.jpeg"])

    assert photo.mode == "RGB"
    assert is_near(photo.getpixel((4, 4)), colour)


async def test_a_profile_is_applied_before_it_is_dropped(tmp_path: Path) -> None:
    """Under a profile whose red and blue are exchanged, what is written as blue is seen as red."""
    sent = saved(Image.new("RGB", (8, 8), BLUE), "PNG", icc_profile=pictures.exchanged_colours())

    photo = opened((await made_of(sent, tmp_path))["large.jpeg"])

    assert "icc_profile" not in photo.info
    assert is_near(photo.getpixel((4, 4)), RED)


async def test_a_child_that_hangs_is_ended_by_the_clock(tmp_path: Path) -> None:
    (tmp_path / "sent").write_bytes(pictures.jpeg())

    with pytest.raises(DecoderKilled):
        await Decoder(clock_seconds=0.001).decode(MediaKind.PHOTO, tmp_path / "sent", tmp_path)

"""A photo made anew: decoded to pixels, turned upright, brought to sRGB, and encoded at our sizes.

Only pixels pass. What else the file carried (EXIF with its position, XMP, comments, colour profiles,
other pictures, whatever stood behind the end) has no way into what is made.
"""

import warnings
from collections.abc import Sequence
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageCms, ImageFile

from api.media.decoding.camera_note import CameraNote
from api.media.decoding.content import Content
from api.media.decoding.photo_capture import capture_of_photo
from api.media.decoding.pixel_bounds import (
    JPEG_PIXELS_AT_MOST,
    OTHER_PIXELS_AT_MOST,
    check_pixels,
    check_size,
)
from api.media.decoding.refused import Damaged, Refused
from api.media.decoding.unreadable import UNREADABLE
from api.media.records import MediaFile, MediaFormat, MediaSize
from api.media.refusals import Refusal

LONG_SIDES = {MediaSize.LARGE: 2_048, MediaSize.THUMBNAIL: 480}
_OPTIONS: dict[MediaFormat, dict[str, int | bool]] = {
    MediaFormat.AVIF: {"quality": 60, "speed": 8, "max_threads": 1},
    MediaFormat.WEBP: {"quality": 80, "method": 4},
    MediaFormat.JPEG: {"quality": 82, "optimize": True, "progressive": True},
}
_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_colours: Any = ImageCms  # its types are partly unknown
_PROFILE_BYTES_AT_MOST = 1_000_000
_SIXTEEN_BITS = ("I;16", "I;16B", "I;16L", "I;16N")


def photos_of(
    content: Content, data: bytes, folder: Path
) -> tuple[Sequence[MediaFile], CameraNote]:
    """Write the sizes and formats into `folder`; return them and what the camera noted. Raises Refused."""
    check_pixels(content, data)
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        opened = _opened(content, data)
        upright, note = _upright(opened), capture_of_photo(opened)
    except MemoryError as error:
        raise Refused(Refusal.TOO_COSTLY) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused(Refusal.TOO_MANY_PIXELS) from error
    except UNREADABLE as error:
        raise Damaged from error
    return sizes_written(upright, folder), note


def sizes_written(upright: Image.Image, folder: Path) -> Sequence[MediaFile]:
    """Write each size in each format into `folder`."""
    return [file for size in LONG_SIDES for file in _written(upright, size, folder)]


def _opened(content: Content, data: bytes) -> Image.Image:
    most = JPEG_PIXELS_AT_MOST if content is Content.JPEG else OTHER_PIXELS_AT_MOST
    Image.MAX_IMAGE_PIXELS = most
    image = Image.open(BytesIO(data), formats=[content.name])
    check_size(image.size, most)
    if image.format != "MPO" and getattr(image, "n_frames", 1) > 1:
        raise Refused(Refusal.ANIMATED)
    longest = LONG_SIDES[MediaSize.LARGE]
    image.draft(None, (longest, longest))
    return image


def _upright(image: Image.Image) -> Image.Image:
    """Return the pixels, no larger than our largest size, in sRGB and as they are to be seen."""
    turn = _TURNS.get(_orientation(image))
    profile = image.info.get("icc_profile")
    image.load()
    longest = LONG_SIDES[MediaSize.LARGE]
    opaque = _without_transparency(_eight_bits(image))
    opaque.thumbnail((longest, longest), Image.Resampling.LANCZOS, reducing_gap=2.0)
    coloured = _in_srgb(opaque, profile)
    turned = coloured if turn is None else coloured.transpose(turn)
    bare = Image.new("RGB", turned.size)
    bare.paste(turned)
    return bare


def _orientation(image: Image.Image) -> int:
    """Read the one number of EXIF that is of use; whatever is wrong with the rest is thrown away with it."""
    with suppress(*UNREADABLE):
        value = image.getexif().get(_ORIENTATION, 1)
        return value if isinstance(value, int) else 1
    return 1


def _eight_bits(image: Image.Image) -> Image.Image:
    if image.mode in _SIXTEEN_BITS:
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    return image


def _without_transparency(image: Image.Image) -> Image.Image:
    """Lay what can be seen through on white; CMYK, grey and RGB stay what they are."""
    if image.mode in ("RGB", "L", "CMYK") and "transparency" not in image.info:
        return image
    if image.mode not in ("RGBA", "LA", "PA", "P", "RGB", "L", "La", "RGBa"):
        return image.convert("RGB")
    seen = image.convert("RGBA")
    white = Image.new("RGBA", seen.size, "white")
    white.alpha_composite(seen)
    return white.convert("RGB")


def _in_srgb(image: Image.Image, profile: object) -> Image.Image:
    """Convert by the file's own profile where it has a sound one, else as the mode says."""
    if isinstance(profile, bytes) and 0 < len(profile) <= _PROFILE_BYTES_AT_MOST:
        with suppress(ImageCms.PyCMSError, *UNREADABLE):
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            srgb = ImageCms.ImageCmsProfile(_colours.createProfile("sRGB"))
            converted = ImageCms.profileToProfile(image, source, srgb, outputMode="RGB")
            if converted is not None:
                return converted
    return image if image.mode == "RGB" else image.convert("RGB")


def _written(upright: Image.Image, size: MediaSize, folder: Path) -> Sequence[MediaFile]:
    shown = upright.copy()
    shown.thumbnail((LONG_SIDES[size], LONG_SIDES[size]), Image.Resampling.LANCZOS)
    files: list[MediaFile] = []
    for made_as, options in _OPTIONS.items():
        file = MediaFile(size, made_as, 0, shown.width, shown.height)
        shown.save(folder / file.name, made_as.name, **options)
        files.append(file)
    return files

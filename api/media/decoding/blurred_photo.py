"""A photo of ours with faces and number plates hidden, so that nothing brings them back.

A box becomes at most 16 spots of 3 bits a colour, drawn smoothly: 144 bits are left of a face, not enough
to tell it from another, and of what a plate says nothing at all.
"""

from collections.abc import Sequence
from io import BytesIO
from math import ceil, floor
from pathlib import Path

from PIL import Image

from api.media.decoding.photos import sizes_written
from api.media.records import BlurBox, MediaFile

_SPOTS = 4
_COARSE, _MIDDLE = 0xE0, 0x10
_MARGIN = 0.08
"""Of the longer side of a box: edges bleed by compression, and clerks draw tightly."""


def hidden(original: bytes, boxes: Sequence[BlurBox], folder: Path) -> Sequence[MediaFile]:
    """Write each size in each format into `folder`, with the boxes hidden."""
    photo = Image.open(BytesIO(original), formats=["JPEG"]).convert("RGB")
    for box in boxes:
        _hide(photo, box)
    return sizes_written(photo, folder)


def _hide(photo: Image.Image, box: BlurBox) -> None:
    left, top = box.left * photo.width, box.top * photo.height
    right, bottom = left + box.width * photo.width, top + box.height * photo.height
    margin = max(2.0, _MARGIN * max(right - left, bottom - top))
    place = (
        max(floor(left - margin), 0),
        max(floor(top - margin), 0),
        min(ceil(right + margin), photo.width),
        min(ceil(bottom + margin), photo.height),
    )
    region = photo.crop(place)
    longer = max(region.size)
    spots = (ceil(_SPOTS * region.width / longer), ceil(_SPOTS * region.height / longer))
    coarse = region.resize(spots, Image.Resampling.BOX)
    coarse = coarse.point([value & _COARSE | _MIDDLE for value in range(256)] * 3)
    photo.paste(coarse.resize(region.size, Image.Resampling.BICUBIC), place[:2])

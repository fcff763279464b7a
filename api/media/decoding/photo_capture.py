"""When and where a photo was taken, of EXIF (CIPA DC-008); whatever cannot be read is nothing."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from math import isfinite
from typing import Any

from PIL import Image

from api.media.decoding.camera_note import CameraNote, note
from api.media.decoding.unreadable import UNREADABLE

_CAMERA, _GPS = 0x8769, 0x8825
_TAKEN_AT, _ZONE = 0x9003, 0x9011
_LATITUDE, _LONGITUDE, _TIME, _DAY = (1, 2), (3, 4), 7, 29
_VIETNAM = timezone(timedelta(hours=7))
"""Of a camera that tells neither its zone nor the time of its satellites."""


def capture_of_photo(image: Image.Image) -> CameraNote:
    """Return what the photo's EXIF says."""
    with suppress(*UNREADABLE):
        exif: Any = image.getexif()  # its values may be of any type
        camera, gps = exif.get_ifd(_CAMERA), exif.get_ifd(_GPS)
        return note(_moment(camera) or _satellites(gps), _place(gps))
    return CameraNote()


def _moment(camera: dict[int, Any]) -> datetime | None:
    """Return the camera's own time: in the zone that it names, else in Vietnam's."""
    with suppress(*UNREADABLE):
        local = datetime.strptime(str(camera[_TAKEN_AT]), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007
        return local.replace(tzinfo=_zone(str(camera.get(_ZONE, ""))) or _VIETNAM)
    return None


def _zone(text: str) -> timezone | None:
    with suppress(ValueError):
        offset = datetime.strptime(text, "%z").utcoffset()
        return timezone(offset) if offset is not None else None
    return None


def _satellites(gps: dict[int, Any]) -> datetime | None:
    with suppress(*UNREADABLE):
        day = datetime.strptime(str(gps[_DAY]), "%Y:%m:%d").replace(tzinfo=UTC)
        hours, minutes, seconds = map(float, gps[_TIME])
        return day + timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return None


def _place(gps: dict[int, Any]) -> tuple[float, float] | None:
    with suppress(*UNREADABLE):
        return _degrees(gps, _LATITUDE, "NS"), _degrees(gps, _LONGITUDE, "EW")
    return None


def _degrees(gps: dict[int, Any], tags: tuple[int, int], sides: str) -> float:
    side, (whole, minutes, seconds) = str(gps[tags[0]])[:1], map(float, gps[tags[1]])
    value = whole + minutes / 60 + seconds / 3600
    if side not in sides or not side or not isfinite(value):
        raise ValueError("no degrees")
    return -value if side == sides[1] else value

"""What a file is, by its first bytes and nothing else."""

from enum import Enum, auto


class Content(Enum):
    JPEG = auto()
    PNG = auto()
    WEBP = auto()
    AVIF = auto()
    HEIC = auto()
    M4A = auto()
    FILM = auto()
    """Only as a film; what begins as M4A may be one too."""
    MP3 = auto()
    OGG = auto()
    WAV = auto()


FILMS = frozenset({Content.M4A, Content.FILM})
PHOTOS = frozenset({Content.JPEG, Content.PNG, Content.WEBP, Content.AVIF, Content.HEIC})

_HEIC_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"})
_AVIF_BRANDS = frozenset({b"avif", b"avis"})
_SOUND_BRANDS = frozenset({b"M4A ", b"M4B ", b"mp41", b"mp42", b"isom", b"iso2", b"3gp4", b"3gp5"})
_FILM_BRANDS = frozenset({b"qt  ", b"avc1", b"iso4", b"iso5", b"iso6", b"3gp6", b"3gp7", b"3g2a"})
_BRANDS_AT_MOST = 64


def content_of(data: bytes) -> Content | None:
    """Return what the bytes begin as, None for anything that we do not take."""
    if data.startswith(b"\xff\xd8\xff"):
        return Content.JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return Content.PNG
    if data.startswith(b"RIFF"):
        return {b"WEBP": Content.WEBP, b"WAVE": Content.WAV}.get(data[8:12])
    if data.startswith(b"OggS"):
        return Content.OGG
    if data[4:8] == b"ftyp":
        return _by_brands(data)
    is_mp3 = data.startswith(b"ID3") or (data[:1] == b"\xff" and _is_layer_three(data[1:2]))
    return Content.MP3 if is_mp3 else None


def _is_layer_three(second: bytes) -> bool:
    return bool(second) and second[0] & 0xE6 == 0xE2


def _by_brands(data: bytes) -> Content | None:
    """Read the brands of an ISO base media file (ISO/IEC 14496-12): the major one, then the others."""
    length = min(int.from_bytes(data[:4], "big"), len(data), 16 + 4 * _BRANDS_AT_MOST)
    brands = [data[8:12], *(data[at : at + 4] for at in range(16, length - 3, 4))]
    if any(brand in _AVIF_BRANDS for brand in brands):
        return Content.AVIF
    if any(brand in _HEIC_BRANDS for brand in brands):
        return Content.HEIC
    if any(brand in _SOUND_BRANDS for brand in brands):
        return Content.M4A
    return Content.FILM if any(brand in _FILM_BRANDS for brand in brands) else None

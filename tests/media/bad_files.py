"""What attackers and broken phones send, each with what becomes of it: a refusal, or a clean result."""

import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

from PIL import Image

from api.media.decoding.boxes import box
from api.media.records import MediaKind
from api.media.refusals import Refusal
from tests.media import picture_files as pictures
from tests.media import sound_files as sounds
from tests.media.bad_films import FILMS
from tests.media.film_files import film
from tests.media.picture_files import MARK, SCRIPT, gradient, jpeg, png, png_chunk, png_of, saved

CLEAN = None
"""It is taken, and nothing of it is left but pixels, or sound."""


@dataclass(frozen=True, slots=True)
class BadFile:
    """`refusal`: why it is not taken, CLEAN where it is made anew."""

    make: Callable[[], bytes]
    refusal: Refusal | None
    kind: MediaKind = MediaKind.PHOTO


def _photo(make: Callable[[], bytes], refusal: Refusal | None) -> BadFile:
    return BadFile(make, refusal)


def _sound(make: Callable[[], bytes], refusal: Refusal | None) -> BadFile:
    return BadFile(make, refusal, MediaKind.AUDIO)


def _archive() -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("Evil.class", SCRIPT)
    return file.getvalue()


def _with_broken_crc() -> bytes:
    good = png()
    return good[:29] + bytes(4) + good[33:]


def _huge_exif() -> bytes:
    segment = b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\xff\xff" + MARK * 2_500
    app = b"\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment
    return jpeg()[:2] + app * 20 + jpeg()[2:]


def _looping_exif() -> bytes:
    """EXIF whose directories point at themselves."""
    tiff = b"MM\x00*\x00\x00\x00\x08\x00\x01" + struct.pack(">HHII", 0x8769, 4, 1, 8)
    segment = b"Exif\x00\x00" + tiff + struct.pack(">I", 8)
    return jpeg()[:2] + b"\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment + jpeg()[2:]


def _second_picture() -> bytes:
    """A photo with another one behind it, as telephones keep depth, and attackers anything."""
    frames = [gradient(), Image.new("RGB", (64, 48), "black")]
    return saved(frames[0], "MPO", save_all=True, append_images=frames[1:])


def _sixteen_bits() -> bytes:
    picture = Image.new("I;16", (64, 48), 40_000)
    return saved(picture, "PNG")


def _palette() -> bytes:
    picture = gradient().convert("P")
    return saved(picture, "PNG", transparency=0)


def _short_palette() -> bytes:
    head = struct.pack(">IIBBBBB", 4, 4, 8, 3, 0, 0, 0)
    data = zlib.compress((b"\x00" + b"\xff" * 4) * 4)
    parts = ((b"IHDR", head), (b"PLTE", b"\xff\x00\x00"), (b"IDAT", data), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(png_chunk(*part) for part in parts)


def _progressive_scans() -> bytes:
    """A JPEG of many scans: each makes a decoder go over the whole picture again."""
    good = saved(gradient(8_000, 6_000), "JPEG", progressive=True, quality=10)
    scan = good[good.rindex(b"\xff\xda") : -2]
    return good[:-2] + scan * 3_000 + b"\xff\xd9"


PHOTOS = {
    "empty": _photo(lambda: b"", Refusal.UNKNOWN_TYPE),
    "one byte": _photo(lambda: b"\xff", Refusal.UNKNOWN_TYPE),
    "zeros": _photo(lambda: bytes(100_000), Refusal.UNKNOWN_TYPE),
    "svg": _photo(
        lambda: b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', Refusal.UNKNOWN_TYPE
    ),
    "svg with entities": _photo(
        lambda: (
            b'<?xml version="1.0"?><!DOCTYPE s [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
            b"<svg>&a;</svg>"
        ),
        Refusal.UNKNOWN_TYPE,
    ),
    "html": _photo(lambda: b"<!doctype html>" + SCRIPT, Refusal.UNKNOWN_TYPE),
    "xml": _photo(lambda: b"<?xml version='1.0'?><a/>", Refusal.UNKNOWN_TYPE),
    "pdf": _photo(lambda: b"%PDF-1.7\n1 0 obj<</JS(app.alert(1))>>", Refusal.UNKNOWN_TYPE),
    "postscript": _photo(lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n(x) run", Refusal.UNKNOWN_TYPE),
    "zip": _photo(_archive, Refusal.UNKNOWN_TYPE),
    "program": _photo(lambda: b"\x7fELF" + bytes(200), Refusal.UNKNOWN_TYPE),
    "gif": _photo(lambda: pictures.gif_of(2), Refusal.UNKNOWN_TYPE),
    "gif of many frames": _photo(lambda: pictures.gif_of(500), Refusal.UNKNOWN_TYPE),
    "tiff": _photo(lambda: saved(gradient(), "TIFF"), Refusal.UNKNOWN_TYPE),
    "bmp": _photo(lambda: saved(gradient(), "BMP"), Refusal.UNKNOWN_TYPE),
    "icon": _photo(lambda: saved(gradient(), "ICO"), Refusal.UNKNOWN_TYPE),
    "jpeg 2000": _photo(lambda: saved(gradient(), "JPEG2000"), Refusal.UNKNOWN_TYPE),
    "heic": _photo(pictures.heic, Refusal.HEIC),
    "recording as a photo": _photo(sounds.wav, Refusal.OTHER_KIND),
    "png bomb": _photo(
        lambda: png_of(50_000, 50_000, pixels=zlib.compress(bytes(50_000_000), 9)),
        Refusal.TOO_MANY_PIXELS,
    ),
    "png long and narrow": _photo(
        lambda: png_of(1, 2_000_000, pixels=b""), Refusal.TOO_MANY_PIXELS
    ),
    "png of no width": _photo(lambda: png_of(0, 10, pixels=b""), Refusal.DAMAGED),
    "png of more pixels than it says": _photo(
        lambda: png_of(16, 16, pixels=zlib.compress(bytes(200_000_000), 9)), CLEAN
    ),
    "png of fewer pixels than it says": _photo(
        lambda: png_of(5_000, 5_000, pixels=zlib.compress(bytes(1_000), 9)), Refusal.DAMAGED
    ),
    "png with a text bomb": _photo(
        lambda: png_of(16, 16, pictures.text_bomb(200)), Refusal.DAMAGED
    ),
    "png with many text bombs": _photo(
        lambda: png_of(16, 16, *[pictures.text_bomb(1)] * 100), Refusal.DAMAGED
    ),
    "png with a profile bomb": _photo(
        lambda: png_of(
            16, 16, png_chunk(b"iCCP", b"x\x00\x00" + zlib.compress(bytes(300_000_000), 9))
        ),
        Refusal.DAMAGED,
    ),
    "png with a broken checksum": _photo(_with_broken_crc, Refusal.DAMAGED),
    "png truncated": _photo(lambda: png()[: len(png()) // 2], Refusal.DAMAGED),
    "png of a head": _photo(lambda: png()[:20], Refusal.DAMAGED),
    "png in motion": _photo(lambda: pictures.animated("PNG"), Refusal.ANIMATED),
    "png of 16 bits": _photo(_sixteen_bits, CLEAN),
    "png of a palette with holes": _photo(_palette, CLEAN),
    "png of a palette too short": _photo(_short_palette, CLEAN),
    "png with texts": _photo(
        lambda: saved(gradient(), "PNG", pnginfo=pictures.with_texts(), exif=pictures.exif()), CLEAN
    ),
    "png with php behind": _photo(lambda: png() + b"<?php " + MARK, CLEAN),
    "png with javascript behind": _photo(lambda: png() + SCRIPT, CLEAN),
    "png with zip behind": _photo(lambda: png() + _archive(), CLEAN),
    "jpeg bomb": _photo(
        lambda: pictures.with_dimensions(jpeg(), 65_535, 65_535), Refusal.TOO_MANY_PIXELS
    ),
    "jpeg larger than it is": _photo(lambda: pictures.with_dimensions(jpeg(), 7_000, 7_000), CLEAN),
    "jpeg of no height": _photo(lambda: pictures.with_dimensions(jpeg(), 64, 0), Refusal.DAMAGED),
    "jpeg of many scans": _photo(_progressive_scans, Refusal.TOO_COSTLY),
    "jpeg truncated": _photo(lambda: jpeg(600, 400)[:3_000], Refusal.DAMAGED),
    "jpeg of a head": _photo(lambda: jpeg()[:4], Refusal.DAMAGED),
    "jpeg that is html": _photo(
        lambda: b"\xff\xd8\xff" + b"<!doctype html>" + SCRIPT, Refusal.DAMAGED
    ),
    "jpeg with html inside": _photo(lambda: pictures.with_comment(jpeg(), SCRIPT), CLEAN),
    "jpeg with html behind": _photo(lambda: jpeg() + b"<html>" + SCRIPT, CLEAN),
    "jpeg with a java archive behind": _photo(lambda: jpeg() + _archive(), CLEAN),
    "jpeg with a position": _photo(lambda: saved(gradient(), "JPEG", exif=pictures.exif()), CLEAN),
    "jpeg with a huge exif": _photo(_huge_exif, CLEAN),
    "jpeg with exif in a circle": _photo(_looping_exif, CLEAN),
    "jpeg with xmp": _photo(lambda: saved(gradient(), "JPEG", xmp=b"<x>" + MARK + b"</x>"), CLEAN),
    "jpeg with a broken profile": _photo(
        lambda: saved(gradient(), "JPEG", icc_profile=MARK * 100), CLEAN
    ),
    "jpeg with a cut profile": _photo(
        lambda: saved(gradient(), "JPEG", icc_profile=pictures.wide_colours()[:200]), CLEAN
    ),
    "jpeg in cmyk": _photo(lambda: saved(gradient().convert("CMYK"), "JPEG"), CLEAN),
    "jpeg in grey with a profile of colours": _photo(
        lambda: saved(gradient().convert("L"), "JPEG", icc_profile=pictures.wide_colours()), CLEAN
    ),
    "jpeg with a second picture": _photo(_second_picture, CLEAN),
    "webp bomb": _photo(lambda: pictures.webp_of(16_384, 16_384), Refusal.TOO_MANY_PIXELS),
    "webp larger than it is": _photo(lambda: pictures.webp_of(4_000, 4_000), Refusal.DAMAGED),
    "webp in motion": _photo(lambda: pictures.animated("WEBP"), Refusal.ANIMATED),
    "webp truncated": _photo(lambda: saved(gradient(), "WEBP")[:60], Refusal.DAMAGED),
    "webp with a position": _photo(
        lambda: saved(gradient(), "WEBP", exif=pictures.exif(), xmp=MARK), CLEAN
    ),
    "avif bomb": _photo(lambda: pictures.avif_of(60_000, 60_000), Refusal.TOO_MANY_PIXELS),
    "avif larger than it is": _photo(lambda: pictures.avif_of(4_000, 4_000), CLEAN),
    "avif in motion": _photo(lambda: pictures.animated("AVIF"), Refusal.ANIMATED),
    "avif truncated": _photo(lambda: saved(gradient(), "AVIF")[:-20], Refusal.DAMAGED),
    "avif with a position": _photo(
        lambda: saved(gradient(), "AVIF", exif=pictures.exif(), xmp=MARK), CLEAN
    ),
}

SOUNDS = {
    "photo as a recording": _sound(jpeg, Refusal.OTHER_KIND),
    "midi": _sound(lambda: b"MThd" + bytes(100), Refusal.UNKNOWN_TYPE),
    "flac": _sound(lambda: b"fLaC" + bytes(100), Refusal.UNKNOWN_TYPE),
    "playlist": _sound(lambda: b"#EXTM3U\nfile:///etc/passwd", Refusal.UNKNOWN_TYPE),
    "wav whose data lies": _sound(lambda: sounds.wav(data_says=2**32 - 1), Refusal.DAMAGED),
    "wav whose head lies": _sound(lambda: sounds.wav(riff_says=2**32 - 1), Refusal.DAMAGED),
    "wav truncated": _sound(lambda: sounds.wav()[:1_000], Refusal.DAMAGED),
    "wav of no samples": _sound(lambda: sounds.wav(0), Refusal.DAMAGED),
    "wav of ten channels": _sound(lambda: sounds.wav(channels=10), Refusal.DAMAGED),
    "wav of an hour": _sound(lambda: sounds.wav(3_600, bits=8), Refusal.TOO_LONG),
    "wav with texts": _sound(
        lambda: sounds.wav(extra=sounds.chunk(b"LIST", b"INFOICMT" + sounds.MARK)), CLEAN
    ),
    "wav with html behind": _sound(lambda: sounds.wav() + sounds.MARK + SCRIPT, CLEAN),
    "mp3 with a cover": _sound(
        lambda: sounds.mp3(before=sounds.id3(sounds.id3_frame(b"APIC", sounds.COVER))), CLEAN
    ),
    "mp3 with tags behind": _sound(
        lambda: sounds.mp3(behind=b"TAG" + sounds.MARK.ljust(125, b"\x00")), CLEAN
    ),
    "mp3 with the encoder's notes": _sound(lambda: sounds.mp3(before=sounds.xing()), CLEAN),
    "mp3 of a tag without end": _sound(
        lambda: b"ID3\x03\x00\x00\x7f\x7f\x7f\x7f" + sounds.mp3(), Refusal.DAMAGED
    ),
    "mp3 of a tag only": _sound(
        lambda: sounds.id3(sounds.id3_frame(b"TXXX", SCRIPT)), Refusal.DAMAGED
    ),
    "mp3 with html inside": _sound(lambda: sounds.mp3(4) + SCRIPT + sounds.mp3(4), Refusal.DAMAGED),
    "mp3 of changing rates": _sound(
        lambda: sounds.mp3(4) + bytes((0xFF, 0xFB, 0x94, 0xC0)).ljust(384, b"\x00") * 4,
        Refusal.DAMAGED,
    ),
    "mp3 truncated": _sound(lambda: sounds.mp3()[:-100], CLEAN),
    "ogg with a cover": _sound(lambda: sounds.ogg(comment=sounds.COVER * 2_000), CLEAN),
    "ogg of vorbis with a cover": _sound(lambda: sounds.vorbis(sounds.COVER * 2_000), CLEAN),
    "ogg truncated": _sound(lambda: sounds.ogg()[:-10], Refusal.DAMAGED),
    "ogg without an end": _sound(lambda: sounds.ogg(is_ended=False), Refusal.DAMAGED),
    "ogg with a broken checksum": _sound(lambda: sounds.ogg()[:-1] + b"\x00", Refusal.DAMAGED),
    "ogg with another stream behind": _sound(lambda: sounds.ogg() + sounds.ogg(), Refusal.DAMAGED),
    "ogg of a page only": _sound(lambda: sounds.ogg()[:47], Refusal.DAMAGED),
    "ogg of an hour": _sound(lambda: sounds.ogg(granule_step=48_000 * 72), Refusal.TOO_LONG),
    "ogg of many channels": _sound(lambda: sounds.ogg(channels=9), Refusal.DAMAGED),
    "m4a with a place and a cover": _sound(lambda: sounds.m4a(more=sounds.user_data()), CLEAN),
    "m4a with its index first": _sound(lambda: sounds.m4a(is_index_first=True), CLEAN),
    "m4a that is a film": _sound(lambda: sounds.m4a(handler=b"vide"), Refusal.OTHER_KIND),
    "m4a that reads its own head": _sound(lambda: sounds.m4a(chunk_offset=0), Refusal.DAMAGED),
    "m4a that reads behind its end": _sound(
        lambda: sounds.m4a(chunk_offset=2**31), Refusal.DAMAGED
    ),
    "m4a of frames larger than it": _sound(lambda: sounds.m4a(sample_size=2**24), Refusal.DAMAGED),
    "m4a that is locked": _sound(lambda: sounds.m4a(entry=b"enca"), Refusal.DAMAGED),
    "m4a truncated": _sound(lambda: sounds.m4a()[:-30], Refusal.DAMAGED),
    "m4a of a head": _sound(lambda: sounds.m4a()[:24], Refusal.DAMAGED),
    "m4a in itself": _sound(lambda: sounds.m4a() + box(b"moof", box(b"traf")), Refusal.DAMAGED),
}
LARGEST = {
    "jpeg of 52 megapixels": _photo(
        lambda: saved(gradient(8_320, 6_240), "JPEG", progressive=True), CLEAN
    ),
    "png of 26 megapixels": _photo(
        lambda: saved(gradient(6_240, 4_160).convert("RGBA"), "PNG", compress_level=1), CLEAN
    ),
    "webp of 26 megapixels": _photo(
        lambda: saved(gradient(6_240, 4_160).convert("RGBA"), "WEBP", method=0), CLEAN
    ),
    "avif of 26 megapixels": _photo(
        lambda: saved(gradient(6_240, 4_160), "AVIF", speed=10, subsampling="4:4:4"), CLEAN
    ),
}
"""What is just taken, to see how much memory that is."""
VIDEOS = {
    **{name: BadFile(make, refusal, MediaKind.VIDEO) for name, (make, refusal) in FILMS.items()},
    "film as a photo": _photo(film, Refusal.OTHER_KIND),
    "film of quicktime as a recording": _sound(lambda: film(brand=b"qt  "), Refusal.OTHER_KIND),
}
BAD_FILES = {**PHOTOS, **SOUNDS, **VIDEOS, **LARGEST}
MARKS = (MARK, sounds.MARK, b"<script", b"<?php", b"Evil.class", b"Exif", b"http", b"+22.3364")

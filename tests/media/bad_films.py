"""The films of the battery."""

import struct
from collections.abc import Callable
from dataclasses import replace

from api.media.decoding.boxes import box
from api.media.refusals import Refusal
from tests.media import film_files as films
from tests.media import sound_files as sounds
from tests.media.film_files import (
    AVC_WHOLE,
    SCALE,
    avc,
    avc_entry,
    avc_sequence,
    edits,
    film,
    sound,
    unit,
)
from tests.media.picture_files import SCRIPT, jpeg

CLEAN = None
MARK = films.MARK
_MANY = 2**32 - 1


def _table(*numbers: int) -> bytes:
    return struct.pack(f">{len(numbers) + 1}I", 0, *numbers)


def _in_each_other() -> bytes:
    """Boxes in boxes, 20,000 deep."""
    lengths = range(20_000 * 8, 0, -8)
    return film()[:20] + b"".join(struct.pack(">I4s", length, b"moov") for length in lengths)


def _used_twice() -> bytes:
    """Pictures whose bytes are sound once more: so a little could become much."""
    start = len(box(b"ftyp", b"mp42", bytes(4), b"mp42")) + 8
    heard = replace(sound(offset=start), sizes=_table(4_000, 44))
    return film(avc(frames=[unit(AVC_WHOLE + bytes(6_000))] * 30), heard)


def _rated(rate: int) -> bytes:
    return film(avc(edits=edits((600, 0, rate))))


FILMS: dict[str, tuple[Callable[[], bytes], Refusal | None]] = {
    "film of nothing": (lambda: b"", Refusal.UNKNOWN_TYPE),
    "film of zeros": (lambda: bytes(100_000), Refusal.UNKNOWN_TYPE),
    "film that is html": (lambda: b"<!doctype html>" + SCRIPT, Refusal.UNKNOWN_TYPE),
    "film in avi": (lambda: b"RIFF" + bytes(4) + b"AVI LIST" + bytes(99), Refusal.UNKNOWN_TYPE),
    "film in webm": (lambda: b"\x1a\x45\xdf\xa3" + b"\x42\x82\x84webm" * 9, Refusal.VIDEO_FORM),
    "film that is a photo": (jpeg, Refusal.OTHER_KIND),
    "film that is a wav": (sounds.wav, Refusal.OTHER_KIND),
    "film that is only heard": (lambda: film(sound()), Refusal.OTHER_KIND),
    "film": (film, CLEAN),
    "film with its index first": (lambda: film(is_index_first=True), CLEAN),
    "film without sound": (lambda: film(avc()), CLEAN),
    "film of h.265": (lambda: film(films.hevc(), sound()), CLEAN),
    "film of quicktime": (
        lambda: film(
            avc(),
            sound(is_quicktime=True),
            brand=b"qt  ",
            between=box(b"wide"),
            more=films.keyed() + box(b"udta", box(b"\xa9swr", MARK), bytes(4)),
        ),
        CLEAN,
    ),
    "film with 64-bit lengths": (
        lambda: film(avc(is_wide=True), sound(), media_head="wide"),
        CLEAN,
    ),
    "film of media without end": (
        lambda: film(is_index_first=True, media_head="to the end"),
        CLEAN,
    ),
    "film of media longer than the file": (lambda: film(media_head="lying"), Refusal.DAMAGED),
    "film whose media swallows its index": (lambda: film(media_head="to the end"), Refusal.DAMAGED),
    "film with a place and a cover": (lambda: film(more=sounds.user_data()), CLEAN),
    "film with a place of 3gpp": (lambda: film(brand=b"3gp6", more=films.located()), CLEAN),
    "film with a track of places": (lambda: film(avc(), sound(), films.positions()), CLEAN),
    "film with xmp": (lambda: film(behind=box(b"uuid", bytes(16), MARK + SCRIPT)), CLEAN),
    "film with html in a free box": (lambda: film(between=box(b"free", SCRIPT)), CLEAN),
    "film with html behind": (lambda: film(behind=b"<html>" + SCRIPT), Refusal.DAMAGED),
    "film with an archive behind": (lambda: film(behind=b"PK\x03\x04" + MARK), Refusal.DAMAGED),
    "film with messages in its frames": (lambda: film(avc(3)), CLEAN),
    "film in fragments": (
        lambda: film(behind=box(b"moof", box(b"mfhd", bytes(8)), box(b"traf"))),
        Refusal.VIDEO_FORM,
    ),
    "film of two indexes": (lambda: film() + box(b"moov"), Refusal.DAMAGED),
    "film of boxes in boxes": (_in_each_other, Refusal.DAMAGED),
    "film of a hundred thousand boxes": (
        lambda: film(behind=box(b"free") * 100_000),
        Refusal.DAMAGED,
    ),
    "film of a box shorter than its head": (
        lambda: film(behind=struct.pack(">I4s", 4, b"free")),
        Refusal.DAMAGED,
    ),
    "film truncated": (lambda: film()[:-40], Refusal.DAMAGED),
    "film truncated with its index first": (
        lambda: film(is_index_first=True)[:-40],
        Refusal.DAMAGED,
    ),
    "film of a head": (lambda: film()[:20], Refusal.DAMAGED),
    "film of an index only": (lambda: film()[:24] + film()[-900:], Refusal.DAMAGED),
    "film that reads its own head": (lambda: film(avc(offset=0)), Refusal.DAMAGED),
    "film that reads behind its end": (lambda: film(avc(offset=2**31)), Refusal.DAMAGED),
    "film that uses its media again": (_used_twice, Refusal.DAMAGED),
    "film of frames larger than it": (
        lambda: film(avc(sizes=_table(2**30, 30))),
        Refusal.DAMAGED,
    ),
    "film of too many frames": (lambda: film(avc(sizes=_table(1, _MANY))), Refusal.DAMAGED),
    "film of more times than frames": (
        lambda: film(avc(times=_table(1, _MANY, 1))),
        Refusal.DAMAGED,
    ),
    "film of more shifts than frames": (
        lambda: film(avc(shifts=box(b"ctts", _table(1, _MANY, 1)))),
        Refusal.DAMAGED,
    ),
    "film of empty frames": (lambda: film(avc(frames=[b""] * 30)), Refusal.DAMAGED),
    "film of no frames": (lambda: film(avc(0)), Refusal.DAMAGED),
    "film whose first whole frame is none": (lambda: film(avc(whole=(0,))), Refusal.DAMAGED),
    "film of units longer than their frame": (
        lambda: film(avc(frames=[unit(AVC_WHOLE, 2**31)] * 30)),
        Refusal.DAMAGED,
    ),
    "film of units of nothing": (lambda: film(avc(frames=[unit(b"") * 3] * 30)), Refusal.DAMAGED),
    "film of messages only": (
        lambda: film(avc(frames=[unit(films.AVC_MESSAGE)] * 30)),
        Refusal.DAMAGED,
    ),
    "film of 90 seconds": (lambda: film(avc(90, ticks=SCALE)), Refusal.TOO_LONG),
    "film of a frame of an hour": (
        lambda: film(avc(2, ticks=3_600 * SCALE)),
        Refusal.TOO_LONG,
    ),
    "film that begins in an hour": (
        lambda: film(avc(edits=edits((3_600 * SCALE, -1, 0x10000), (600, 0, 0x10000)))),
        Refusal.TOO_LONG,
    ),
    "film of 90 seconds cut to ten": (
        lambda: film(avc(90, ticks=SCALE, edits=edits((10 * SCALE, 20 * SCALE, 0x10000)))),
        CLEAN,
    ),
    "film put together": (
        lambda: film(avc(edits=edits((100, 0, 0x10000), (100, 300, 0x10000)))),
        Refusal.VIDEO_FORM,
    ),
    "film slowed down": (lambda: _rated(0x8000), Refusal.VIDEO_FORM),
    "film cut behind its end": (
        lambda: film(avc(edits=edits((100, 10**6, 0x10000)))),
        Refusal.DAMAGED,
    ),
    "film of 8k": (lambda: film(avc(entry=avc_entry(7_680, 4_320))), Refusal.TOO_MANY_PIXELS),
    "film of 8k that says that it is small": (
        lambda: film(avc(entry=avc_entry(sequence=avc_sequence(16_384, 16_384)))),
        Refusal.TOO_MANY_PIXELS,
    ),
    "film that grows to 8k": (
        lambda: film(avc(frames=[unit(avc_sequence(8_192, 8_192)) + unit(AVC_WHOLE)] * 30)),
        Refusal.TOO_MANY_PIXELS,
    ),
    "film of h.265 of 8k": (
        lambda: film(films.FilmTrack(films.hevc().frames, films.hevc_entry(8_192, 4_320))),
        Refusal.TOO_MANY_PIXELS,
    ),
    "film of cut parameters": (
        lambda: film(avc(entry=avc_entry(sequence=avc_sequence()[:5]))),
        Refusal.DAMAGED,
    ),
    "film of other coding": (lambda: film(avc(entry=avc_entry(name=b"mp4v"))), Refusal.VIDEO_FORM),
    "film that is locked": (lambda: film(avc(entry=avc_entry(name=b"encv"))), Refusal.VIDEO_FORM),
    "film with sound of other coding": (lambda: film(avc(), sound(name=b"samr")), CLEAN),
}

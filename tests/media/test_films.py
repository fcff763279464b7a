"""What a film becomes: the same pictures and sound under an index of ours."""

import struct
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from api.media.decoding.boxes import Box, box, boxes
from api.media.decoding.camera_note import CameraNote
from api.media.decoding.film import Film, write_anew
from api.media.decoding.refused import Refused
from tests.media import film_files as films
from tests.media import sound_files as sounds
from tests.media.film_files import (
    AVC_FOLLOWING,
    AVC_WHOLE,
    MARK,
    PLACE,
    SCALE,
    avc,
    edits,
    film,
    sound,
    unit,
)
from tests.media.test_sounds import changed

TAKEN = datetime(2026, 5, 1, 3, 4, 5, tzinfo=UTC)


def made_of(data: bytes, folder: Path) -> tuple[Film, bytes]:
    place = folder / "made.mp4"
    told = write_anew(data, place)
    return told, place.read_bytes()


def top(data: bytes) -> dict[bytes, Box]:
    return {one.name: one for one in boxes(data, 0, len(data))}


def tables_of(data: bytes, track: int = 0) -> Box:
    return top(data)[b"moov"].all(b"trak")[track].one(b"mdia", b"minf", b"stbl")


def test_pictures_and_sound_stay_and_messages_go(tmp_path: Path) -> None:
    told, made = made_of(film(), tmp_path)

    wanted = [unit(AVC_FOLLOWING if number % 10 else AVC_WHOLE) for number in range(30)]
    media = top(made)[b"mdat"].content
    assert media == b"".join(wanted) + b"".join(sound().frames)
    assert (told.width, told.height, told.milliseconds) == (64, 48, 1_000)


def test_nothing_of_the_index_stays(tmp_path: Path) -> None:
    sent = film(avc(), sound(), films.positions(), more=sounds.user_data())

    _, made = made_of(sent, tmp_path)

    assert [*top(made)] == [b"ftyp", b"moov", b"mdat"]
    assert MARK in sent
    assert PLACE in sent
    assert MARK not in made
    assert PLACE not in made
    assert b"\xde\xad\xbe\xef" not in made
    assert len(top(made)[b"moov"].all(b"trak")) == 2


def test_every_second_of_pictures_lies_before_its_sound(tmp_path: Path) -> None:
    _, made = made_of(film(avc(90), sound(132)), tmp_path)

    seen, heard = [
        [int.from_bytes(table.one(b"stco").content[at : at + 4], "big") for at in (8, 12, 16)]
        for table in (tables_of(made), tables_of(made, 1))
    ]
    assert seen[0] < heard[0] < seen[1] < heard[1] < seen[2] < heard[2]


@pytest.mark.parametrize(
    ("turn", "size"),
    [
        ((1, 0, 0, 1), (64, 48)),
        ((0, 1, -1, 0), (48, 64)),
        ((-1, 0, 0, -1), (64, 48)),
        ((0, -1, 1, 0), (48, 64)),
        ((3, 1, 0, 1), (64, 48)),
    ],
)
def test_a_film_stays_turned_by_quarters(
    tmp_path: Path, turn: tuple[int, int, int, int], size: tuple[int, int]
) -> None:
    a, b, c, d = (one * 0x10000 for one in turn)
    matrix = struct.pack(">5i", a, b, 0, c, d)

    told, made = made_of(film(avc(turn=matrix)), tmp_path)

    kept = matrix if turn[0] != 3 else struct.pack(">5i", 0x10000, 0, 0, 0, 0x10000)
    assert (told.width, told.height) == size
    assert top(made)[b"moov"].all(b"trak")[0].one(b"tkhd").content[40:60] == kept


def test_what_was_cut_away_is_not_in_it(tmp_path: Path) -> None:
    """From frame 22 to 24: they need the whole frame 20."""
    cut = edits((60, 22 * films.TICKS, 0x10000))

    told, made = made_of(film(avc(edits=cut)), tmp_path)

    assert top(made)[b"mdat"].content == unit(AVC_WHOLE) + unit(AVC_FOLLOWING) * 4
    assert told.milliseconds == 100
    (track,) = top(made)[b"moov"].all(b"trak")
    assert track.one(b"edts", b"elst").content == edits((100, 2 * films.TICKS, 0x10000))


def test_sound_keeps_what_its_decoder_needs_before(tmp_path: Path) -> None:
    later = replace(sound(), edits=edits((300, 10 * 1_024, 0x10000)))

    _, made = made_of(film(avc(), later), tmp_path)

    track = top(made)[b"moov"].all(b"trak")[1]
    assert track.one(b"edts", b"elst").content == edits((500, 3 * 1_024, 0x10000))


def test_frames_that_are_shown_in_another_order_stay_so(tmp_path: Path) -> None:
    rows = (struct.pack(">2I", 1, 40) + struct.pack(">2I", 1, 0)) * 15
    shifts = box(b"ctts", bytes(4), struct.pack(">I", 30), rows)

    _, made = made_of(film(avc(shifts=shifts)), tmp_path)

    assert tables_of(made).one(b"ctts").content[4:] == struct.pack(">I", 30) + rows


@pytest.mark.parametrize(
    ("more", "note"),
    [
        (b"", CameraNote(TAKEN)),
        (films.keyed(), CameraNote(TAKEN, 22.3364, 103.8438)),
        (
            films.keyed(moment=b"2026-04-30T23:00:00-0500"),
            CameraNote(datetime(2026, 5, 1, 4, tzinfo=UTC), 22.3364, 103.8438),
        ),
        (films.keyed(place=b"+95.0+103.8/"), CameraNote(TAKEN)),
        (films.keyed(place=b"<script>"), CameraNote(TAKEN)),
        (sounds.user_data(), CameraNote(TAKEN, 22.3364, 103.8438)),
        (box(b"udta", b"broken"), CameraNote(TAKEN)),
    ],
)
def test_when_and_where_it_was_taken_are_told_apart(
    tmp_path: Path, more: bytes, note: CameraNote
) -> None:
    told, _ = made_of(film(more=more), tmp_path)

    assert told.note == note


def test_a_place_of_3gpp_is_told_to_some_metres(tmp_path: Path) -> None:
    told, _ = made_of(film(more=films.located()), tmp_path)

    assert told.note.latitude == pytest.approx(22.3364, abs=1e-4)
    assert told.note.longitude == pytest.approx(103.8438, abs=1e-4)


@pytest.mark.parametrize("taken_at", [0, 1])
def test_a_clock_that_was_never_set_tells_nothing(tmp_path: Path, taken_at: int) -> None:
    told, _ = made_of(film(taken_at=taken_at), tmp_path)

    assert told.note == CameraNote()


@pytest.mark.parametrize(
    "sent", [film(), film(films.hevc(), sound()), film(avc(edits=edits((333, 77, 0x10000))))]
)
def test_what_was_made_is_a_film_itself(tmp_path: Path, sent: bytes) -> None:
    _, once = made_of(sent, tmp_path)

    assert made_of(once, tmp_path)[1] == once


@pytest.mark.parametrize(
    "sent", [film(more=films.keyed()), film(films.hevc(), sound(), is_index_first=True)]
)
def test_whatever_is_changed_it_is_refused_or_a_film(tmp_path: Path, sent: bytes) -> None:
    random = Random(417)  # noqa: S311 - the same changes in every run
    outcomes: Counter[bool] = Counter()

    for _ in range(1_500):
        try:
            _, once = made_of(changed(sent, random), tmp_path)
        except Refused:
            outcomes[False] += 1
        else:
            outcomes[True] += 1
            assert made_of(once, tmp_path)[1] == once

    assert outcomes[False] > 100
    assert outcomes[True] + outcomes[False] == 1_500


def test_a_minute_is_taken_and_more_is_not(tmp_path: Path) -> None:
    told, _ = made_of(film(avc(60, ticks=SCALE)), tmp_path)

    with pytest.raises(Refused) as refused:
        made_of(film(avc(62, ticks=SCALE)), tmp_path)

    assert told.milliseconds == 60_000
    assert refused.value.refusal.name == "TOO_LONG"

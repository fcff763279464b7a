"""What is made of a recording: the same audio, and nothing else that it carried."""

from collections import Counter
from collections.abc import Callable
from random import Random

import pytest

from api.media.decoding import m4a, mp3, ogg, wav
from api.media.decoding.refused import Refused
from api.media.decoding.sound import Sound
from tests.media import sound_files as sounds
from tests.media.sound_files import MARK, OPUS_SILENCE

Rewrite = Callable[[bytes], Sound]
CARRYING = {
    "wav": (wav.rewritten, sounds.wav(extra=sounds.chunk(b"bext", MARK)), 1_000),
    "mp3": (
        mp3.rewritten,
        sounds.mp3(before=sounds.id3(sounds.id3_frame(b"APIC", MARK)), behind=b"TAG" + MARK),
        1_044,
    ),
    "ogg": (ogg.rewritten, sounds.ogg(), 993),
    "vorbis": (ogg.rewritten, sounds.vorbis(), 2_000),
    "m4a": (m4a.rewritten, sounds.m4a(more=sounds.user_data()), 1_160),
}


@pytest.mark.parametrize("name", CARRYING)
def test_what_a_recording_carries_besides_is_dropped(name: str) -> None:
    rewritten, sent, milliseconds = CARRYING[name]

    sound = rewritten(sent)

    assert MARK in sent
    assert MARK not in sound.data
    assert sound.milliseconds == milliseconds


@pytest.mark.parametrize("name", CARRYING)
def test_what_was_made_is_sound_itself(name: str) -> None:
    rewritten, sent, _ = CARRYING[name]
    once = rewritten(sent)

    assert rewritten(once.data) == once


def test_the_samples_of_a_wav_stay() -> None:
    sent = sounds.wav()[:-4] + b"\x01\x02\x03\x04"

    sound = wav.rewritten(sent)

    assert sound.data == sent


def test_the_frames_of_an_mp3_stay_behind_a_head_of_ours() -> None:
    sent = sounds.mp3(3, before=sounds.xing())

    sound = mp3.rewritten(sent)

    head, frames = sound.data[:417], sound.data[417:]
    assert frames == sounds.mp3(3)
    assert head[21:33] == b"Xing\x00\x00\x00\x03\x00\x00\x00\x03"
    assert head[33:37] == (4 * 417).to_bytes(4, "big")
    assert not head[37:].strip(b"\x00")


def test_the_packets_of_an_ogg_stay() -> None:
    sound = ogg.rewritten(sounds.ogg(3))

    assert sound.data.count(OPUS_SILENCE) == 3
    assert b"OpusTags" + bytes(8) in sound.data


def test_the_frames_of_an_m4a_stay() -> None:
    sent = sounds.m4a(9, is_index_first=True)

    sound = m4a.rewritten(sent)

    assert sound.data.endswith(sent[-9 * 6 :])
    assert b"\xde\xad\xbe\xef" not in sound.data  # when it was recorded


def test_pictures_of_megabytes_in_comments_are_read_over() -> None:
    sound = ogg.rewritten(sounds.ogg(comment=MARK * 100_000))

    assert len(sound.data) < 2_000


@pytest.mark.parametrize("name", CARRYING)
def test_whatever_is_changed_it_is_refused_or_sound(name: str) -> None:
    rewritten, sent, _ = CARRYING[name]
    random = Random(417)  # noqa: S311 - the same changes in every run
    outcomes: Counter[bool] = Counter()

    for _ in range(1_500):
        try:
            once = rewritten(changed(sent, random))
        except Refused:
            outcomes[False] += 1
        else:
            outcomes[True] += 1
            assert rewritten(once.data) == once

    assert outcomes[False] > 100
    assert outcomes[True] + outcomes[False] == 1_500


def changed(data: bytes, random: Random) -> bytes:
    """Return the bytes with one to five changes of what counts, mostly in their head."""
    changes = bytearray(data)
    for _ in range(random.randint(1, 5)):
        at = random.randrange(min(len(changes), random.choice((64, 600, len(changes)))))
        match random.randrange(4):
            case 0:
                changes[at] = random.randrange(256)
            case 1:
                changes[at : at + 4] = random.choice((b"\xff" * 4, bytes(4), b"\x00\x00\x00\x01"))
            case 2:
                del changes[at : at + random.randint(1, 20)]
            case _:
                changes[at:at] = random.randbytes(random.randint(1, 9))
    return bytes(changes)

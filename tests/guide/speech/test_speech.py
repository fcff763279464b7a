"""Stories to listen to: what espeak-ng is asked, what is kept of it, and how phones get it."""

import hashlib
import io
import shutil
import wave
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.context import Services
from api.guide.speech import voices
from api.guide.speech.errors import SpeakerFailed, SpeakerNotInstalled
from api.guide.speech.recordings import Recordings
from api.guide.speech.speaking import SpokenTexts, speak_all
from api.guide.speech.voices import PROGRAM, Speaker, Spoken
from api.guide.tours.library import shipped_tours
from tests.conftest import send
from tests.guide.packs.phone import ask, fetch, read
from tests.guide.speech.programs import STREAMED, a_program, a_quick_speaker

SA_PA = shipped_tours().tours["sa-pa-town"]
Program = Callable[[str], Path]


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """Make a program that stands in for espeak-ng."""

    return lambda source: a_program(tmp_path, source)


@pytest.fixture
def speaker(tmp_path: Path) -> Speaker:
    return Speaker(str(a_quick_speaker(tmp_path)))


@pytest.fixture
def recordings(services: Services) -> Recordings:
    return services.guide.speech


def silent(done: int, total: int) -> None:
    assert 0 < done <= total


def files(recordings: Recordings) -> set[str]:
    return {it.name for it in recordings.folder.iterdir()} - {"speaking.lock"}


def test_a_text_becomes_a_whole_wav(program: Program) -> None:
    spoken = Speaker(str(program(STREAMED))).speak("Sa Pa", "vi")

    with wave.open(io.BytesIO(spoken.content)) as read_back:
        assert read_back.getframerate() == 22_050
        assert read_back.getnframes() == 500
    assert spoken.seconds == 500 / 22_050
    assert int.from_bytes(spoken.content[4:8], "little") == len(spoken.content) - 8


def test_a_text_is_never_an_option(program: Program) -> None:
    told = Speaker(str(program("import sys\nsys.stdin.read()\nsys.exit(repr(sys.argv[1:]))")))

    with pytest.raises(SpeakerFailed) as refused:
        told.speak("--path=/etc -w /tmp/x", "zh-Hans")

    assert refused.value.params == {
        "language": "zh-Hans",
        "reason": "['-v', 'cmn-latn-pinyin', '-s', '150', '--stdin', '--stdout']",
    }


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("", "no WAV"),
        ("print('RIFF')", "no WAV"),
        ("import sys; sys.exit(3)", "status 3"),
        (STREAMED.replace("* 100", "* 0"), "silence"),
        ("import time; time.sleep(60)", "TimeoutExpired"),
    ],
)
def test_a_speaker_that_fails_is_refused(
    program: Program, monkeypatch: pytest.MonkeyPatch, source: str, reason: str
) -> None:
    monkeypatch.setattr(voices, "_SECONDS_AT_MOST", 0.5 if "sleep" in source else 60.0)

    with pytest.raises(SpeakerFailed) as refused:
        Speaker(str(program(source))).speak("Sa Pa", "vi")

    assert refused.value.params["reason"] == reason


def test_a_host_without_the_program_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")

    with pytest.raises(SpeakerNotInstalled):
        Speaker.installed()


@pytest.mark.skipif(shutil.which(PROGRAM) is None, reason="espeak-ng is not installed")
@pytest.mark.parametrize("language", list(voices.VOICES))
def test_espeak_ng_has_the_voices(language: str) -> None:
    texts = SA_PA.stops[0].short

    assert Speaker.installed().speak(texts[language], language).seconds > 2


def test_every_text_is_spoken_once(speaker: Speaker, recordings: Recordings) -> None:
    tours = list(shipped_tours().tours.values())

    first = speak_all(tours, recordings, speaker, silent)
    second = speak_all(tours, recordings, speaker, silent)

    assert first == SpokenTexts(made=175, there=0, silent=25)
    assert second == SpokenTexts(made=0, there=175, silent=25)
    assert len(files(recordings)) == 2 * 175


def test_what_is_of_no_text_any_more_goes(speaker: Speaker, recordings: Recordings) -> None:
    first, second, *_ = SA_PA.stops
    speak_all([replace(SA_PA, stops=(first, second))], recordings, speaker, silent)
    (recordings.folder / "of-a-dead-process.wav.1.draft").write_bytes(b"half")

    speak_all([replace(SA_PA, stops=(second,))], recordings, speaker, silent)

    assert len(files(recordings)) == 2 * 7
    assert recordings.of(first.short["vi"], "vi") is None
    assert recordings.of(second.short["vi"], "vi") is not None


def test_a_process_that_dies_while_it_keeps_leaves_no_recording(
    recordings: Recordings, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoken = Spoken(b"sound", 1.0)
    real = Path.replace

    def dies_at_the_facts(self: Path, target: Path) -> Path:
        if target.suffix == ".json":
            raise KeyboardInterrupt
        return real(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", dies_at_the_facts)
        with pytest.raises(KeyboardInterrupt):
            recordings.keep("Sa Pa", "vi", spoken)
    left = recordings.of("Sa Pa", "vi")
    kept = recordings.keep("Sa Pa", "vi", spoken)

    assert left is None
    assert recordings.of("Sa Pa", "vi") == kept


def test_there_is_no_japanese_voice(recordings: Recordings) -> None:
    assert recordings.of("サパ", "ja") is None
    with pytest.raises(ValueError, match="ja"):
        recordings.keep("サパ", "ja", Spoken(b"sound", 1.0))


async def test_a_stop_tells_what_can_be_listened_to(
    client: httpx.AsyncClient, speaker: Speaker, recordings: Recordings
) -> None:
    before = await stop(client, "fr")
    speak_all([SA_PA], recordings, speaker, silent)

    short, long = (await stop(client, "fr"))["recordings"]
    (only_long,) = (await stop(client, "ja"))["recordings"]

    assert before["recordings"] == []
    assert (short["text"], short["language"], short["synthetic"]) == ("SHORT", "fr", True)
    assert (long["text"], long["language"]) == ("LONG", "en")
    assert only_long == long
    sound = await client.get(short["url"])
    assert sound.headers["content-type"] == "audio/wav"
    assert hashlib.sha256(sound.content).hexdigest() == short["sha256"]
    assert len(sound.content) == short["byteCount"]
    part = await client.get(short["url"], headers={"range": "bytes=0-3"})
    assert (part.status_code, part.content) == (206, b"RIFF")


@pytest.mark.parametrize(
    "name",
    ["0" * 64, "..%2f..%2fkeys", "speaking", "A" * 64, "0" * 64 + ".json", "%00", "x" * 5_000],
)
async def test_nothing_else_in_the_folder_is_served(
    client: httpx.AsyncClient, recordings: Recordings, name: str
) -> None:
    recordings.keep("Sa Pa", "vi", Spoken(b"sound", 1.0))

    reply = await client.get(f"/v1/speech/{name}.wav")

    assert reply.status_code == 404


@pytest.mark.usefixtures("province")
async def test_a_pack_names_the_recordings_and_changes_when_there_are_some(
    client: httpx.AsyncClient, speaker: Speaker, recordings: Recordings
) -> None:
    before = await ask(client, tour="sa-pa-town", language="vi")
    speak_all([SA_PA], recordings, speaker, silent)

    after = await ask(client, tour="sa-pa-town", language="vi", since=before["version"])
    change = read(await fetch(client, after))

    stops = SA_PA.stops
    assert set(change.lines) == {f"stop/sa-pa-town/{it.id}" for it in stops}
    told = change.items[f"stop/sa-pa-town/{stops[0].id}"]["recordings"]
    assert told == (await stop(client, "vi"))["recordings"]


async def stop(client: httpx.AsyncClient, language: str) -> dict[str, Any]:
    """Return the first stop of the tour through Sa Pa."""
    answer = await send(client, "guide/Tour", {"id": "sa-pa-town"}, language=language)
    first: dict[str, Any] = answer["tour"]["stops"][0]
    return first

"""Recordings of people: attached by editors, told before the machine's, and gone with the text they tell."""

from dataclasses import replace

import httpx
import pytest

from api.context import Services
from api.guide.narrations.repository import NARRATIONS
from api.guide.speech.stop_recordings import Voices
from api.guide.speech.voices import Spoken
from api.guide.tours.library import shipped_tours
from api.media.records import PROVINCE_OWNER, MediaState
from api.media.repository import MEDIA
from tests.accounts.families import person_id_of
from tests.accounts.people import SignedInPerson
from tests.accounts.staff import noted
from tests.conftest import MovableClock
from tests.guide.narrations.narrating import (
    SHA256,
    a_narration,
    a_sound,
    attach,
    detach,
    heard,
)
from tests.guide.packs.phone import ask, fetch, read
from tests.media.sound_files import wav
from tests.media.uploading import finished, local
from tests.tourism.editing.editors import an_editor
from tests.tourism.reviews.reviewers import a_photo, holders

HOLDER = "narration:sa-pa-town/sun-plaza/short/vi"
SUN_PLAZA = shipped_tours().tours["sa-pa-town"].stops[0]


@pytest.fixture
async def editor(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    return await an_editor(client, services, "mai.editor@example.com")


async def test_a_person_s_voice_is_told_and_said_to_be_one(
    client: httpx.AsyncClient, services: Services, editor: SignedInPerson
) -> None:
    sound = await a_sound(services, editor)

    attached = await attach(client, editor, sound)

    told = {
        "text": "SHORT",
        "language": "vi",
        "url": f"http://127.0.0.1:8000/v1/narrations/{sound}",
        "contentType": "audio/mpeg",
        "byteCount": 90_000,
        "sha256": SHA256,
        "seconds": 12.3,
        "synthetic": False,
    }
    assert attached["recording"] == told
    assert await heard(client) == [told]
    assert await heard(client, "en") == []


async def test_it_comes_before_the_machine_s(
    client: httpx.AsyncClient, services: Services, editor: SignedInPerson
) -> None:
    for text in (SUN_PLAZA.short["vi"], SUN_PLAZA.long["vi"]):
        services.guide.speech.keep(text, "vi", Spoken(b"sound", 1.0))

    await a_narration(client, services, editor)

    assert [(it["text"], it["synthetic"]) for it in await heard(client)] == [
        ("SHORT", False),
        ("LONG", True),
    ]


async def test_its_address_leads_to_the_sound_that_was_hashed(
    client: httpx.AsyncClient, services: Services, clock: MovableClock, editor: SignedInPerson
) -> None:
    import hashlib

    media = await finished(
        client, services, clock, editor, wav(), kind="AUDIO", contentType="audio/wav"
    )
    recording = (await attach(client, editor, media["id"]))["recording"]

    led_on = await client.get(f"/v1/narrations/{media['id']}")
    sound = await client.get(local(led_on.headers["location"]))

    assert led_on.status_code == 307
    assert sound.headers["content-type"] == recording["contentType"] == "audio/wav"
    assert len(sound.content) == recording["byteCount"]
    assert hashlib.sha256(sound.content).hexdigest() == recording["sha256"]


@pytest.mark.parametrize("address", ["no-id", "a" * 26, "%2e%2e%2fkeys"])
async def test_nothing_else_is_led_to(client: httpx.AsyncClient, address: str) -> None:
    assert (await client.get(f"/v1/narrations/{address}")).status_code == 404


async def test_a_recording_that_tells_nothing_is_not_led_to(
    client: httpx.AsyncClient, services: Services, editor: SignedInPerson
) -> None:
    sound = await a_sound(services, editor)

    refused = await client.get(f"/v1/narrations/{sound}")

    assert (refused.status_code, refused.json()["code"]) == (404, "RECORDING_NOT_FOUND")


@pytest.mark.usefixtures("province")
async def test_a_pack_names_it_and_changes_with_it(
    client: httpx.AsyncClient, services: Services, clock: MovableClock, editor: SignedInPerson
) -> None:
    before = await ask(client, tour="sa-pa-town", language="vi")
    await a_narration(client, services, editor)
    clock.advance(seconds=3)

    after = await ask(client, tour="sa-pa-town", language="vi", since=before["version"])

    change = read(await fetch(client, after))
    assert set(change.lines) == {"stop/sa-pa-town/sun-plaza"}
    assert change.items["stop/sa-pa-town/sun-plaza"]["recordings"] == await heard(client)


async def test_a_text_that_changed_is_not_told_by_the_old_recording(
    client: httpx.AsyncClient, services: Services, editor: SignedInPerson
) -> None:
    await a_narration(client, services, editor)
    changed = replace(SUN_PLAZA, short={**SUN_PLAZA.short, "vi": "Một câu khác."})
    voices = await Voices.now(services.guide.speech, services.guide.narrations)

    assert [it.text for it in voices.of(SUN_PLAZA, "vi")] == ["short"]
    assert list(voices.of(changed, "vi")) == []


async def test_it_stays_when_the_account_of_its_editor_goes(
    client: httpx.AsyncClient, services: Services, editor: SignedInPerson
) -> None:
    sound = await a_narration(client, services, editor)

    await services.media.data.erase(await person_id_of(services, editor))

    assert [it["synthetic"] for it in await heard(client)] == [False]
    document = await services.store[MEDIA].get(sound)
    assert document is not None
    assert (document["person_id"], document["state"]) == (PROVINCE_OWNER, MediaState.READY)


async def test_another_recording_takes_its_place_and_the_first_is_let_go(
    client: httpx.AsyncClient, services: Services, editor: SignedInPerson
) -> None:
    first = await a_narration(client, services, editor)

    second = await a_narration(client, services, editor)

    assert [it["url"].rpartition("/")[2] for it in await heard(client)] == [second]
    assert [await holders(services, it) for it in (first, second)] == [[], [HOLDER]]


async def test_a_repeated_request_is_answered_alike_and_noted_once(
    client: httpx.AsyncClient, services: Services, editor: SignedInPerson
) -> None:
    sound = await a_sound(services, editor)
    key = "attaching-a-voice-1"

    answers = [await attach(client, editor, sound, key=key) for _ in range(2)]

    assert answers[0] == answers[1]
    (entry,) = await noted(services, "narration.attached")
    assert (entry.subject, entry.details) == (
        "sa-pa-town/sun-plaza/short/vi",
        {"media": sound},
    )


async def test_what_is_removed_is_told_no_more_and_let_go(
    client: httpx.AsyncClient, services: Services, clock: MovableClock, editor: SignedInPerson
) -> None:
    sound = await a_narration(client, services, editor)
    assert len(await heard(client)) == 1

    removed = await detach(client, editor)

    clock.advance(seconds=3)
    assert removed["__typename"] == "RemoveNarrationSuccess"
    assert await heard(client) == []
    assert await holders(services, sound) == []
    assert (await client.get(f"/v1/narrations/{sound}")).status_code == 404


async def test_where_nothing_is_attached_nothing_is_removed(
    client: httpx.AsyncClient, services: Services, editor: SignedInPerson
) -> None:
    refused = await detach(client, editor)

    assert refused["code"] == "NOT_FOUND"
    assert await noted(services, "narration.removed") == []


@pytest.mark.parametrize(
    ("spoken", "code", "field"),
    [
        ({"tourId": "no-tour"}, "NOT_FOUND", None),
        ({"stopId": "no-stop"}, "NOT_FOUND", None),
        ({"language": "de"}, "UNKNOWN_LANGUAGE", "language"),
        ({"text": "LONG", "language": "ko"}, "UNKNOWN_LANGUAGE", "language"),
    ],
)
async def test_what_is_not_written_cannot_be_told(
    client: httpx.AsyncClient,
    services: Services,
    editor: SignedInPerson,
    spoken: dict[str, str],
    code: str,
    field: str | None,
) -> None:
    sound = await a_sound(services, editor)

    refused = await attach(client, editor, sound, **spoken)

    assert (refused["code"], refused["field"]) == (code, field)
    assert await services.store[NARRATIONS].count({}) == 0
    assert await holders(services, sound) == []


async def test_what_is_no_recording_of_the_editor_is_refused(
    client: httpx.AsyncClient, services: Services, editor: SignedInPerson
) -> None:
    other = await an_editor(client, services, "sung.editor@example.com")
    unusable = [
        await a_photo(services, editor),
        await a_sound(services, other),
        await a_sound(services, editor, state=MediaState.PROCESSING),
        await a_sound(services, editor, sha256=""),
        "no-id",
    ]

    refusals = [await attach(client, editor, media_id) for media_id in unusable]

    assert {(it["code"], it["field"]) for it in refusals} == {("INVALID_NARRATION", "mediaId")}
    assert await services.store[NARRATIONS].count({}) == 0

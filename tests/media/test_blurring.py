"""Hiding faces and plates: for good, in every file, at once, and with the original under seal."""

import asyncio
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from PIL import Image, ImageChops, ImageDraw

from api.context import Services
from api.kit.store import Store
from api.media.blurring.errors import BlurChanged, HiddenByOthers, InvalidBoxes
from api.media.blurring.service import BLUR_PHOTO, BOXES_AT_MOST
from api.media.decoder import Decoder, DecoderKilled
from api.media.errors import LinkRefused, MediaNotFound, OtherKind
from api.media.records import AS_IT_CAME, BlurBox, MediaState
from api.media.repository import MEDIA, MediaRepository
from tests.accounts.exporting import run_jobs
from tests.accounts.people import Answer, SignedInPerson, signed_in
from tests.conftest import MovableClock
from tests.media import sound_files as sounds
from tests.media.picture_files import saved
from tests.media.uploading import files_in, finished, local, look

PLATE = BlurBox(0.25, 0.25, 0.5, 0.5)
SIZE = (640, 480)


def street(text: str) -> bytes:
    """Return a photo with a plate of black stripes, which tell the text, in its middle."""
    picture = Image.new("RGB", SIZE, "white")
    draw = ImageDraw.Draw(picture)
    bits = [int(bit) for letter in text.encode() for bit in f"{letter:08b}"]
    width = 300 / (2 * len(bits))
    for number, bit in enumerate(bits):
        at = 170 + (2 * number + bit) * width
        draw.rectangle((at, 180, at + width, 300), fill="black")
    draw.rectangle((0, 0, 60, 60), fill="red")
    return saved(picture, "JPEG", quality=95)


@pytest.fixture
async def mai(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    return await signed_in(client, services)


@pytest.fixture
async def photo(
    client: httpx.AsyncClient, services: Services, clock: MovableClock, mai: SignedInPerson
) -> Answer:
    return await finished(client, services, clock, mai, street("24A-417"))


async def pictures_of(client: httpx.AsyncClient, media: Answer) -> dict[str, Image.Image]:
    pictures: dict[str, Image.Image] = {}
    for file in media["shown"]["files"]:
        reply = await client.get(local(file["url"]))
        assert reply.status_code == 200
        name = f"{file['size']} {file['contentType']}"
        pictures[name] = Image.open(BytesIO(reply.content)).convert("RGB")
    return pictures


async def blurred(
    client: httpx.AsyncClient,
    services: Services,
    clock: MovableClock,
    person: SignedInPerson,
    photo: Answer,
    *boxes: BlurBox,
    seen: int = 0,
) -> Answer:
    await services.media.blurring.blur(photo["id"], seen, boxes)
    await run_jobs(services, clock)
    found = await look(client, person, photo["id"])
    assert found is not None
    assert found["state"] == "READY"
    return found


def contrast(picture: Image.Image, box: BlurBox) -> int:
    """Return the largest step in brightness between neighbours, of 255, in the middle of a box."""
    width, height = picture.size
    region = picture.convert("L").crop(
        (
            box.left * width,
            box.top * height,
            (box.left + box.width) * width,
            (box.top + box.height) * height,
        )
    )
    steps = ImageChops.difference(region, ImageChops.offset(region, 1, 0))
    inner = steps.crop((2, 0, region.width - 2, region.height))
    return max(value for value, many in enumerate(inner.histogram()) if many)


async def test_every_file_is_blurred_and_the_rest_stays(
    client: httpx.AsyncClient,
    services: Services,
    clock: MovableClock,
    mai: SignedInPerson,
    photo: Answer,
) -> None:
    before = await pictures_of(client, photo)

    after = await pictures_of(client, await blurred(client, services, clock, mai, photo, PLATE))

    assert len(after) == len(before) == 6
    for name, picture in after.items():
        assert picture.size == before[name].size
        assert contrast(before[name], PLATE) > 100, name
        assert contrast(picture, PLATE) < 40, name
        red = picture.getpixel((10, 10))
        assert isinstance(red, tuple)
        assert red[0] > 200, name
        assert red[1] < 60, name


async def test_what_was_hidden_cannot_be_told(
    client: httpx.AsyncClient, services: Services, clock: MovableClock, mai: SignedInPerson
) -> None:
    """Two plates become the same spots, to the last pixel."""
    one, other = [
        await blurred(
            client,
            services,
            clock,
            mai,
            await finished(client, services, clock, mai, street(text)),
            PLATE,
        )
        for text in ("24A-417", "24B-558")
    ]

    first, second = [await pictures_of(client, found) for found in (one, other)]
    assert {name: picture.tobytes() for name, picture in first.items()} == {
        name: picture.tobytes() for name, picture in second.items()
    }


async def test_nobody_is_shown_it_from_the_answer_on(
    client: httpx.AsyncClient,
    services: Services,
    clock: MovableClock,
    mai: SignedInPerson,
    photo: Answer,
) -> None:
    await services.media.blurring.blur(photo["id"], 0, [PLATE])

    found = await look(client, mai, photo["id"])
    replies = [await client.get(local(file["url"])) for file in photo["shown"]["files"]]
    assert found is not None
    assert (found["state"], found["shown"]) == ("BLURRING", None)
    assert {reply.status_code for reply in replies} == {403}
    assert await services.media.library.links([photo["id"]]) == {}


async def test_old_addresses_stay_closed_and_old_files_are_gone(
    client: httpx.AsyncClient,
    services: Services,
    clock: MovableClock,
    mai: SignedInPerson,
    photo: Answer,
    tmp_path: Path,
) -> None:
    old = {name for name in files_in(tmp_path) if name.startswith("published/")}

    await blurred(client, services, clock, mai, photo, PLATE)

    replies = [await client.get(local(file["url"])) for file in photo["shown"]["files"]]
    left = files_in(tmp_path)
    assert {reply.status_code for reply in replies} == {403}
    assert not old & left
    assert sorted(name.split("/")[0] for name in left) == ["published"] * 6 + ["sealed"]


async def test_the_original_is_encrypted_and_opens_for_whoever_has_a_link(
    client: httpx.AsyncClient,
    services: Services,
    clock: MovableClock,
    mai: SignedInPerson,
    photo: Answer,
    tmp_path: Path,
) -> None:
    (shown,) = [
        file["url"]
        for file in photo["shown"]["files"]
        if (file["size"], file["contentType"]) == ("LARGE", "image/jpeg")
    ]
    public = (await client.get(local(shown))).content
    await blurred(client, services, clock, mai, photo, PLATE)

    link = await services.media.blurring.original_link(photo["id"])
    reply = await client.get(local(link.url))
    (sealed,) = (tmp_path / "media" / "sealed").iterdir()
    clock.advance(minutes=5)
    late = await client.get(local(link.url))

    assert (reply.status_code, reply.content) == (200, public)
    assert reply.headers["cache-control"] == "no-store"
    assert reply.headers["content-type"] == "image/jpeg"
    assert b"JFIF" not in sealed.read_bytes()
    assert public[200:260] not in sealed.read_bytes()
    assert late.status_code == 403


@pytest.mark.parametrize("ticket", ["", "1.2", "9999999999." + "0" * 64])
async def test_no_other_ticket_opens_an_original(
    client: httpx.AsyncClient,
    services: Services,
    clock: MovableClock,
    mai: SignedInPerson,
    photo: Answer,
    ticket: str,
) -> None:
    found = await blurred(client, services, clock, mai, photo, PLATE)
    shown = str(found["shown"]["files"][0]["url"]).rpartition("ticket=")[2]

    replies = [
        await client.get(f"/v1/media/originals/{photo['id']}?ticket={one}")
        for one in (ticket, shown)
    ]

    assert {reply.status_code for reply in replies} == {403}


async def test_another_blur_begins_with_the_original(
    client: httpx.AsyncClient,
    services: Services,
    clock: MovableClock,
    mai: SignedInPerson,
    photo: Answer,
) -> None:
    red = BlurBox(0, 0, 0.1, 0.1)
    await blurred(client, services, clock, mai, photo, PLATE)

    found = await blurred(client, services, clock, mai, photo, red, seen=1)
    pictures = await pictures_of(client, found)
    found = await blurred(client, services, clock, mai, photo, seen=2)
    clear = await pictures_of(client, found)

    (blur,) = await services.media.blurring.blurs([photo["id"]])
    assert contrast(pictures["LARGE image/webp"], PLATE) > 100
    assert contrast(clear["LARGE image/webp"], PLATE) > 100
    assert (blur.blur.version, blur.blur.boxes, blur.is_under_way) == (3, (), False)


async def test_of_two_clerks_at_once_one_is_told_to_look_again(
    services: Services, store: Store, photo: Answer
) -> None:
    face = BlurBox(0.1, 0.1, 0.1, 0.1)

    results = await asyncio.gather(
        *(services.media.blurring.blur(photo["id"], 0, [box]) for box in (PLATE, face)),
        return_exceptions=True,
    )

    kept = await MediaRepository(store).get(photo["id"])
    lost = [result for result in results if isinstance(result, BlurChanged)]
    assert len(lost) == 1
    assert kept is not None
    assert kept.blur.version == 1
    assert kept.blur.boxes == ((PLATE,) if results[0] is None else (face,))


async def test_a_clerk_who_saw_an_older_blur_changes_nothing(
    client: httpx.AsyncClient,
    services: Services,
    store: Store,
    clock: MovableClock,
    mai: SignedInPerson,
    photo: Answer,
) -> None:
    await blurred(client, services, clock, mai, photo, PLATE)

    with pytest.raises(BlurChanged):
        await services.media.blurring.blur(photo["id"], 0, [])

    kept = await MediaRepository(store).get(photo["id"])
    assert kept is not None
    assert (kept.state, kept.blur.boxes) == (MediaState.READY, (PLATE,))


async def boxes_of(store: Store, photo: Answer) -> tuple[BlurBox, ...]:
    kept = await MediaRepository(store).get(photo["id"])
    assert kept is not None
    return kept.blur.boxes


async def test_what_others_hid_stays_hidden(
    services: Services, store: Store, photo: Answer
) -> None:
    face, blur = BlurBox(0.1, 0.1, 0.1, 0.1), services.media.blurring.blur
    await blur(photo["id"], 0, [PLATE], by="agency:a")

    for boxes in ([], [face]):
        with pytest.raises(HiddenByOthers):
            await blur(photo["id"], 1, boxes, by="agency:b")
    unchanged = await boxes_of(store, photo)
    await blur(photo["id"], 1, [face, PLATE], by="agency:b")

    of_a, of_b = replace(PLATE, by="agency:a"), replace(face, by="agency:b")
    assert unchanged == (of_a,)
    assert await boxes_of(store, photo) == (of_b, of_a)


async def test_whoever_hid_it_and_who_may_all_show_it_again(
    services: Services, store: Store, photo: Answer
) -> None:
    face, blur = BlurBox(0.1, 0.1, 0.1, 0.1), services.media.blurring.blur
    await blur(photo["id"], 0, [PLATE], by="agency:a")
    await blur(photo["id"], 1, [PLATE, face], by="agency:b")

    await blur(photo["id"], 2, [face], by="agency:a")
    of_b = await boxes_of(store, photo)
    await blur(photo["id"], 3, [], by="agency:c", may_show_all=True)

    assert of_b == (replace(face, by="agency:b"),)
    assert await boxes_of(store, photo) == ()


async def test_what_was_asked_last_is_shown_when_jobs_end_in_any_order(
    client: httpx.AsyncClient,
    services: Services,
    clock: MovableClock,
    mai: SignedInPerson,
    photo: Answer,
    tmp_path: Path,
) -> None:
    face = BlurBox(0.0, 0.0, 0.1, 0.1)
    await services.media.blurring.blur(photo["id"], 0, [face])
    await services.media.blurring.blur(photo["id"], 1, [PLATE])
    work = services.media.handlers()[BLUR_PHOTO]

    await work({"media": photo["id"], "version": 2})
    await work({"media": photo["id"], "version": 1})

    found = await look(client, mai, photo["id"])
    assert found is not None
    assert contrast((await pictures_of(client, found))["LARGE image/webp"], PLATE) < 40
    assert len(files_in(tmp_path)) == 7


async def test_two_workers_at_one_blur_leave_one_set_of_files(
    client: httpx.AsyncClient,
    services: Services,
    mai: SignedInPerson,
    photo: Answer,
    tmp_path: Path,
) -> None:
    await services.media.blurring.blur(photo["id"], 0, [PLATE])
    work = services.media.handlers()[BLUR_PHOTO]

    await asyncio.gather(*(work({"media": photo["id"], "version": 1}) for _ in range(2)))

    found = await look(client, mai, photo["id"])
    assert found is not None
    assert contrast((await pictures_of(client, found))["LARGE image/webp"], PLATE) < 40
    assert len(files_in(tmp_path)) == 7


async def test_while_no_copy_can_be_made_nobody_is_shown_it(
    client: httpx.AsyncClient,
    services: Services,
    clock: MovableClock,
    mai: SignedInPerson,
    photo: Answer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def kills(*_: object) -> None:
        raise DecoderKilled("-9")

    await services.media.blurring.blur(photo["id"], 0, [PLATE])
    with monkeypatch.context() as patch:
        patch.setattr(Decoder, "blur", kills)
        await run_jobs(services, clock)
    meanwhile = await look(client, mai, photo["id"])
    clock.advance(minutes=5)
    await run_jobs(services, clock)

    found = await look(client, mai, photo["id"])
    assert meanwhile is not None
    assert found is not None
    assert (meanwhile["state"], meanwhile["shown"], found["state"]) == ("BLURRING", None, "READY")


@pytest.mark.parametrize(
    "boxes",
    [
        [],
        [BlurBox(0, 0, 0, 0.1)],
        [BlurBox(-0.1, 0, 0.2, 0.1)],
        [BlurBox(0.9, 0, 0.2, 0.1)],
        [BlurBox(0, 0, float("nan"), 0.1)],
        [PLATE] * (BOXES_AT_MOST + 1),
    ],
)
async def test_boxes_outside_of_the_photo_are_refused(
    services: Services, store: Store, photo: Answer, boxes: list[BlurBox]
) -> None:
    with pytest.raises(InvalidBoxes):
        await services.media.blurring.blur(photo["id"], 0, boxes)

    kept = await MediaRepository(store).get(photo["id"])
    assert kept is not None
    assert (kept.state, kept.blur) == (MediaState.READY, AS_IT_CAME)


async def test_what_is_no_photo_is_refused(
    client: httpx.AsyncClient,
    services: Services,
    clock: MovableClock,
    mai: SignedInPerson,
    photo: Answer,
) -> None:
    sound = await finished(
        client, services, clock, mai, sounds.wav(), kind="AUDIO", contentType="audio/wav"
    )

    with pytest.raises(OtherKind):
        await services.media.blurring.blur(sound["id"], 0, [PLATE])
    with pytest.raises(MediaNotFound):
        await services.media.blurring.blur("a" * 26, 0, [PLATE])
    with pytest.raises(MediaNotFound):
        await services.media.blurring.original_link(photo["id"])


async def test_with_the_photo_its_original_goes(
    client: httpx.AsyncClient,
    services: Services,
    store: Store,
    clock: MovableClock,
    mai: SignedInPerson,
    photo: Answer,
    tmp_path: Path,
) -> None:
    await blurred(client, services, clock, mai, photo, PLATE)
    link = await services.media.blurring.original_link(photo["id"])

    await services.media.removal.remove_now(photo["id"])

    assert files_in(tmp_path) == set()
    assert await store[MEDIA].count({}) == 0
    with pytest.raises(LinkRefused):
        await services.media.blurring.opened(photo["id"], link.url.rpartition("ticket=")[2])


async def test_what_is_held_can_be_let_go_while_it_is_blurred(
    services: Services, store: Store, photo: Answer
) -> None:
    await services.media.library.hold(photo["id"], "report:1")
    await services.media.blurring.blur(photo["id"], 0, [PLATE])

    await services.media.library.hold(photo["id"], "report:2")
    await services.media.library.release(photo["id"], "report:1")

    kept = await MediaRepository(store).get(photo["id"])
    assert kept is not None
    assert kept.holders == {"report:2"}

"""When and where something was taken: kept if that was asked for, sealed, and in nothing that is shown."""

from datetime import UTC, datetime
from io import BytesIO

import httpx
import pytest
from PIL import Image

from api.context import Services
from api.kit.geo import Position
from api.kit.store import Store
from api.kit.transactions import transact
from api.media.capture import Capture
from api.media.decoding.boxes import box
from api.media.decoding.camera_note import CameraNote
from api.media.decoding.photo_capture import capture_of_photo
from api.media.records import MediaKind
from api.media.repository import MEDIA
from tests.accounts.exporting import run_jobs
from tests.accounts.families import person_id_of
from tests.accounts.people import SignedInPerson, signed_in
from tests.conftest import MovableClock
from tests.media import film_files as films
from tests.media.film_files import film
from tests.media.picture_files import GPS, exif, gradient, saved
from tests.media.uploading import finished, local, look, sent_in, url_of

CAMERA = 0x8769
PLACE = Position(22.3364, 103.8438)
AT = datetime(2026, 5, 1, 3, 4, 5, tzinfo=UTC)
VIDEO = {"kind": "VIDEO", "contentType": "video/quicktime"}


@pytest.fixture
async def mai(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    return await signed_in(client, services)


def taken(at: str = "2026:05:01 10:04:05", zone: str = "+07:00") -> Image.Exif:
    tags = exif()
    tags[CAMERA] = {0x9003: at, 0x9011: zone} if zone else {0x9003: at}
    return tags


def noted(tags: Image.Exif) -> CameraNote:
    return capture_of_photo(Image.open(BytesIO(saved(gradient(), "JPEG", exif=tags))))


async def test_a_film_is_shown_in_parts_and_its_place_is_kept_apart(
    client: httpx.AsyncClient, services: Services, clock: MovableClock, mai: SignedInPerson
) -> None:
    sent = film(more=films.keyed())

    found = await finished(client, services, clock, mai, sent, keepsCapture=True, **VIDEO)

    (file,) = found["shown"]["files"]
    url = local(url_of(found, "VIDEO", "video/mp4"))
    whole = await client.get(url)
    part = await client.get(url, headers={"range": "bytes=4-11"})
    assert (found["shown"]["kind"], found["shown"]["duration"]) == ("VIDEO", 1_000)
    assert (file["width"], file["height"]) == (64, 48)
    assert (part.status_code, part.content) == (206, whole.content[4:12])
    assert part.headers["content-range"] == f"bytes 4-11/{len(whole.content)}"
    assert whole.headers["content-type"] == "video/mp4"
    assert films.PLACE in sent
    assert films.PLACE not in whole.content
    assert await services.media.library.capture_of(found["id"]) == Capture(AT, PLACE)


@pytest.mark.parametrize("content_type", ["image/avif", "image/webp", "image/jpeg"])
async def test_a_photo_s_public_copy_has_none_of_it(
    client: httpx.AsyncClient,
    services: Services,
    clock: MovableClock,
    mai: SignedInPerson,
    content_type: str,
) -> None:
    sent = saved(gradient(), "JPEG", exif=taken())

    found = await finished(client, services, clock, mai, sent, keepsCapture=True)

    reply = await client.get(local(url_of(found, content_type=content_type)))
    kept = await services.media.library.capture_of(found["id"])
    assert kept is not None
    assert kept.captured_at == AT
    assert dict(Image.open(BytesIO(reply.content)).getexif()) == {}


async def test_nothing_is_kept_unless_it_was_asked_for(
    client: httpx.AsyncClient, services: Services, clock: MovableClock, mai: SignedInPerson
) -> None:
    found = await finished(client, services, clock, mai, saved(gradient(), "JPEG", exif=taken()))

    assert await services.media.library.capture_of(found["id"]) is None


async def test_it_lies_sealed_and_is_told_to_the_person(
    client: httpx.AsyncClient,
    services: Services,
    store: Store,
    clock: MovableClock,
    mai: SignedInPerson,
) -> None:
    sent = film(more=films.keyed())
    found = await finished(client, services, clock, mai, sent, keepsCapture=True, **VIDEO)

    document = await store[MEDIA].get(found["id"])
    held = await services.media.data.held_of(await person_id_of(services, mai))
    assert document is not None
    assert "103.8438" not in str(document)
    assert held["media"][0]["taken"] == {
        "at": "2026-05-01T03:04:05+00:00",
        "latitude": 22.3364,
        "longitude": 103.8438,
    }


async def test_it_goes_with_the_media_and_when_the_province_takes_that(
    client: httpx.AsyncClient,
    services: Services,
    store: Store,
    clock: MovableClock,
    mai: SignedInPerson,
) -> None:
    sent = saved(gradient(), "JPEG", exif=taken())
    removed, given = [
        (await finished(client, services, clock, mai, sent, keepsCapture=True))["id"]
        for _ in range(2)
    ]
    library, owner_id = services.media.library, await person_id_of(services, mai)

    await library.remove(removed)
    await transact(
        store, lambda: library.give_to_province(owner_id, [given], MediaKind.PHOTO, "place:1")
    )

    assert await library.capture_of(removed) is None
    assert await library.capture_of(given) is None
    assert await library.capture_of("no id") is None


async def test_a_film_that_is_refused_says_why(
    client: httpx.AsyncClient, services: Services, clock: MovableClock, mai: SignedInPerson
) -> None:
    sent = film(behind=box(b"moof"))
    media_id = await sent_in(client, mai, sent, **VIDEO)
    await run_jobs(services, clock)

    found = await look(client, mai, media_id)

    assert found is not None
    assert (found["state"], found["refusal"]["code"]) == ("REFUSED", "VIDEO_FORM")


@pytest.mark.parametrize(
    ("tags", "at"),
    [
        (taken(), AT),
        (taken(zone=""), AT),
        (taken(zone="-05:00"), datetime(2026, 5, 1, 15, 4, 5, tzinfo=UTC)),
        (taken(zone="nonsense"), AT),
        (taken("0000:00:00 00:00:00"), None),
        (taken("1980:01:01 00:00:00"), None),
        (taken("<script>"), None),
    ],
)
def test_the_camera_s_clock_is_read_by_its_zone(tags: Image.Exif, at: datetime | None) -> None:
    note = noted(tags)

    assert note.at == at
    assert note.latitude == pytest.approx(22.33639, abs=1e-5)
    assert note.longitude == pytest.approx(103.84389, abs=1e-5)


def test_the_time_of_satellites_does_where_the_camera_tells_none() -> None:
    tags = Image.Exif()
    position = tags.get_ifd(GPS)
    position[7], position[29] = (3.0, 4.0, 5.0), "2026:05:01"

    assert noted(tags) == CameraNote(AT)


@pytest.mark.parametrize(
    "place",
    [
        {1: "N", 2: (91.0, 0.0, 0.0), 3: "E", 4: (103.0, 0.0, 0.0)},
        {1: "X", 2: (22.0, 0.0, 0.0), 3: "E", 4: (103.0, 0.0, 0.0)},
        {1: "N", 2: (22.0, 0.0), 3: "E", 4: (103.0, 0.0, 0.0)},
        {1: "N", 2: (0.0, 0.0, 0.0), 3: "E", 4: (0.0, 0.0, 0.0)},
        {1: "N"},
    ],
)
def test_a_place_that_is_none_is_not_told(place: dict[int, object]) -> None:
    tags = Image.Exif()
    tags.get_ifd(GPS).update(place)

    assert noted(tags) == CameraNote()

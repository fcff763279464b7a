"""Offline packs through the contract: what is in them, how they are fetched, what changed since."""

import hashlib
from typing import Any

import httpx
import jwt
import pytest

from api.context import Services
from api.guide.packs.repository import PACK_FILES, PACK_PARTS, PACK_VERSIONS, VERSIONS_AT_MOST
from api.kit.store import Store
from api.tourism.records import PlaceCategory, Weekday
from api.tourism.trails.polyline import encoded
from api.tourism.trails.repository import TrailRepository
from api.tourism.trails.seeding import seed_trails
from tests.conftest import MovableClock, send, send_raw
from tests.guide.packs.phone import Held, ask, fetch, lay_over, read, signed
from tests.tourism.content import SA_PA, a_commune, a_market, a_place, hold, north

SA_PA_WARD, BAC_HA = "03006", "02839"
CHURCH = a_place(
    "P1",
    names={"vi": "Nhà thờ đá Sa Pa", "en": "Sa Pa Stone Church"},
    category=PlaceCategory.CHURCH,
    commune_code=SA_PA_WARD,
    descriptions={"vi": "Một nhà thờ."},
    opening_hours="Mo-Su 06:00-20:00",
)
FAR = a_place("P2", commune_code=BAC_HA, position=north(40_000))
HOSPITAL = a_place(
    "H1", category=PlaceCategory.HOSPITAL, commune_code=BAC_HA, position=north(60_000)
)
MARKET = a_market("M1", FAR, Weekday.SUNDAY)
COMMUNES = [a_commune(SA_PA_WARD), a_commune(BAC_HA), a_commune("02647")]


@pytest.fixture
async def held_content(store: Store) -> None:
    await hold(store, [CHURCH, FAR, HOSPITAL], [MARKET], COMMUNES)


async def got(client: httpx.AsyncClient, *, language: str = "en", **asked: str | None) -> Held:
    return read(await fetch(client, await ask(client, language=language, **asked)))


def keys(held: Held, *kinds: str) -> list[str]:
    return [key for key in held.lines if key.split("/")[0] in kinds]


async def counts(store: Store) -> tuple[int, ...]:
    return tuple([await store[it].count({}) for it in (PACK_VERSIONS, PACK_FILES, PACK_PARTS)])


@pytest.mark.usefixtures("held_content")
async def test_a_pack_of_the_province_holds_everything(
    client: httpx.AsyncClient, services: Services
) -> None:
    held = await got(client)

    assert keys(held, "place", "market", "commune") == [
        "commune/02647",
        "commune/02839",
        "commune/03006",
        "market/M1",
        "place/H1",
        "place/P1",
        "place/P2",
    ]
    assert keys(held, "tour") == [f"tour/{it}" for it in services.guide.packs.library.tours]
    assert keys(held, "emergency") == [f"emergency/{it}" for it in (111, 112, 113, 114, 115)]
    assert held.items["holiday/2026-09-02"]["name"] == {"text": "National Day", "language": "en"}
    assert held.head == {
        "format": 1,
        "area": {"kind": "PROVINCE", "id": ""},
        "language": "en",
        "version": held.version(),
        "since": None,
        "removed": [],
        "itemCount": len(held.lines),
    }


@pytest.mark.usefixtures("held_content")
async def test_a_place_is_told_in_the_language_of_the_pack_or_says_in_which(
    client: httpx.AsyncClient,
) -> None:
    held = await got(client, language="fr")

    assert held.items["place/P1"] == {
        "key": "place/P1",
        "name": {"text": "Sa Pa Stone Church", "language": "en"},
        "description": {"text": "Một nhà thờ.", "language": "vi"},
        "category": "CHURCH",
        "categoryName": "Église",
        "position": {"latitude": SA_PA.latitude, "longitude": SA_PA.longitude},
        "positionAccuracy": 300.0,
        "communeCode": SA_PA_WARD,
        "openingHours": "Mo-Su 06:00-20:00",
        "confidence": "HIGH",
    }


@pytest.mark.parametrize(
    ("asked", "spoken"), [("zh-CN", "zh-Hans"), ("VI", "vi"), ("fr-CA", "fr"), (None, "ko")]
)
async def test_a_pack_may_be_of_another_language_than_the_reader_s(
    client: httpx.AsyncClient, asked: str | None, spoken: str
) -> None:
    answer = await send(client, "guide/OfflinePack", {"language": asked}, language="ko")

    assert answer["offlinePack"]["language"] == spoken


@pytest.mark.usefixtures("held_content")
async def test_a_pack_of_a_commune_holds_what_lies_in_it_and_every_hospital(
    client: httpx.AsyncClient,
) -> None:
    held = await got(client, commune=SA_PA_WARD)

    assert keys(held, "place", "market") == ["place/H1", "place/P1"]
    assert f"commune/{SA_PA_WARD}" in held.lines
    assert "emergency/115" in held.lines


@pytest.mark.usefixtures("held_content")
async def test_a_pack_of_a_tour_holds_all_a_phone_guides_by(
    client: httpx.AsyncClient, services: Services
) -> None:
    tour = services.guide.packs.library.tours["sa-pa-town"]

    held = await got(client, tour="sa-pa-town", language="vi")

    assert keys(held, "tour") == ["tour/sa-pa-town"]
    assert held.items["tour/sa-pa-town"]["stops"] == [stop.id for stop in tour.stops]
    first = held.items[f"stop/sa-pa-town/{tour.stops[0].id}"]
    assert first["longText"] == {"text": tour.stops[0].long["vi"], "language": "vi"}
    assert first["zones"]
    assert keys(held, "place") == ["place/H1", "place/P1"], "what lies 40 km off is left out"


@pytest.mark.usefixtures("province")
async def test_a_pack_holds_the_trails_that_touch_its_area(
    client: httpx.AsyncClient, store: Store
) -> None:
    before = await ask(client)
    await seed_trails(store)
    trails = {it.id: it for it in await TrailRepository(store).all()}

    change = read(await fetch(client, await ask(client, since=before["version"])))
    tour = await got(client, tour="muong-hoa-valley", language="fr")

    assert list(change.lines) == sorted(f"trail/{it}" for it in trails)
    beside = keys(tour, "trail")
    assert 0 < len(beside) < len(trails)
    told, trail = tour.items[beside[0]], trails[beside[0].removeprefix("trail/")]
    assert told["line"] == encoded(trail.course.outline)
    assert told["lineKind"] == trail.course.kind.name
    assert "{" not in told["lineRemark"]


@pytest.mark.usefixtures("held_content")
async def test_the_same_content_is_the_same_pack_on_another_day(
    client: httpx.AsyncClient, store: Store, clock: MovableClock
) -> None:
    before = await ask(client)
    first = await fetch(client, before)

    clock.advance(days=3)
    await hold(store, [HOSPITAL, FAR, CHURCH], [MARKET], COMMUNES)
    after = await ask(client)

    assert after["version"] == before["version"]
    assert after["download"]["sha256"] == before["download"]["sha256"]
    assert await fetch(client, after) == first


@pytest.mark.usefixtures("held_content")
async def test_whoever_has_it_already_fetches_nothing(client: httpx.AsyncClient) -> None:
    pack = await ask(client)

    again = await ask(client, since=pack["version"])

    assert again == {**pack, "download": None}


@pytest.mark.usefixtures("held_content")
async def test_a_change_holds_only_what_changed_and_names_what_left(
    client: httpx.AsyncClient, store: Store
) -> None:
    old = await got(client)
    closed = a_place("P1", names=CHURCH.names, commune_code=SA_PA_WARD, phone="+842143871000")
    new = a_place("P3", commune_code=SA_PA_WARD)
    await hold(store, [closed, HOSPITAL, new], [], COMMUNES)

    pack = await ask(client, since=old.version())
    change = read(await fetch(client, pack))

    assert list(change.lines) == ["place/P1", "place/P3"]
    assert change.head["removed"] == ["market/M1", "place/P2"]
    assert pack["download"]["since"] == old.version()
    after, whole = lay_over(old, change), await got(client)
    assert after.version() == pack["version"]
    assert dict(after.lines) == dict(whole.lines)
    assert (await signed(client, pack["download"]["signature"]))["since"] == old.version()


@pytest.mark.parametrize("since", ["0" * 64, "", "no version", "é" * 5_000])
@pytest.mark.usefixtures("held_content")
async def test_from_a_version_that_is_not_known_the_whole_is_fetched(
    client: httpx.AsyncClient, store: Store, since: str
) -> None:
    whole = await ask(client)
    kept = await counts(store)

    pack = await ask(client, since=since)

    assert pack["download"]["since"] is None
    assert pack["download"]["sha256"] == whole["download"]["sha256"]
    assert await counts(store) == kept


@pytest.mark.usefixtures("held_content")
async def test_a_version_of_another_area_is_not_known(client: httpx.AsyncClient) -> None:
    commune = await ask(client, commune=SA_PA_WARD)

    pack = await ask(client, since=commune["version"])

    assert pack["download"]["since"] is None


async def test_old_versions_are_forgotten_and_what_they_need_is_whole(
    client: httpx.AsyncClient, store: Store, clock: MovableClock
) -> None:
    versions: list[str] = []
    for number in range(VERSIONS_AT_MOST + 2):
        await hold(store, [a_place(f"P{number}")])
        versions.append((await ask(client, commune=SA_PA_WARD, since="x"))["version"])
        await hold(store, [a_place(f"P{number}", commune_code=SA_PA_WARD)])
        versions.append((await ask(client, commune=SA_PA_WARD))["version"])
        clock.advance(minutes=1)

    oldest = await ask(client, commune=SA_PA_WARD, since=versions[1])
    recent = await ask(client, commune=SA_PA_WARD, since=versions[-3])

    assert await store[PACK_VERSIONS].count({}) == VERSIONS_AT_MOST
    assert (oldest["download"]["since"], recent["download"]["since"]) == (None, versions[-3])


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"tour": "no-such-tour"}, "PACK_AREA_NOT_FOUND"),
        ({"commune": "99999"}, "PACK_AREA_NOT_FOUND"),
        ({"commune": ""}, "PACK_AREA_NOT_FOUND"),
        ({"tour": "sa-pa-town", "commune": SA_PA_WARD}, "MORE_THAN_ONE_AREA"),
        ({"language": "de"}, "LANGUAGE_NOT_SPOKEN"),
        ({"language": ""}, "LANGUAGE_NOT_SPOKEN"),
        ({"language": "x" * 10_000}, "LANGUAGE_NOT_SPOKEN"),
    ],
)
async def test_what_there_is_no_pack_of_is_refused(
    client: httpx.AsyncClient, store: Store, asked: dict[str, Any], code: str
) -> None:
    answer = await send_raw(client, "guide/OfflinePack", asked)

    assert answer.json()["errors"][0]["extensions"]["code"] == code
    assert await counts(store) == (0, 0, 0)


async def test_a_signature_passes_for_no_other_pack(client: httpx.AsyncClient) -> None:
    signature = (await ask(client, commune=SA_PA_WARD))["download"]["signature"]
    head, claims, proof = signature.split(".")
    elsewhere = (await ask(client, commune=BAC_HA))["download"]["signature"].split(".")[1]

    assert (await signed(client, signature))["sub"] == f"commune-{SA_PA_WARD}"
    for forged in (f"{head}.{elsewhere}.{proof}", f"{head}.{claims}.{proof[:-4]}AAAA"):
        with pytest.raises(jwt.InvalidSignatureError):
            await signed(client, forged)


async def test_a_pack_that_was_signed_before_a_rotation_is_still_good(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    before = (await ask(client))["download"]["signature"]
    await services.guide.packs.signatures.keys.rotate()
    clock.advance(days=89)

    after = (await ask(client))["download"]["signature"]

    kids = {jwt.get_unverified_header(it)["kid"] for it in (before, after)}
    assert len(kids) == 2
    assert (await signed(client, before))["sub"] == (await signed(client, after))["sub"]


async def test_a_download_goes_on_where_it_broke(client: httpx.AsyncClient) -> None:
    url, sha256 = (await ask(client))["download"]["url"], (await ask(client))["download"]["sha256"]
    head = await client.get(url, headers={"range": "bytes=0-99"})

    rest = await client.get(url, headers={"range": "bytes=100-", "if-range": head.headers["etag"]})

    assert (head.status_code, rest.status_code) == (206, 206)
    assert hashlib.sha256(head.content + rest.content).hexdigest() == sha256
    size = len(head.content + rest.content)
    assert rest.headers["content-range"] == f"bytes 100-{size - 1}/{size}"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"range": "bytes=99999999-"}, 416),
        ({"range": "bytes=-0"}, 416),
        ({"range": "bytes=0-1,5-6"}, 200),
        ({"range": "nonsense"}, 200),
        ({"range": "bytes=5-2"}, 200),
        ({"range": "bytes=0-9", "if-range": '"another"'}, 200),
        ({"range": "bytes=-10"}, 206),
        ({"range": "bytes=0-" + "9" * 15}, 200),
    ],
)
async def test_ranges(client: httpx.AsyncClient, headers: dict[str, str], status: int) -> None:
    download = (await ask(client))["download"]

    reply = await client.get(download["url"], headers=headers)

    assert reply.status_code == status
    if status == 200:
        assert len(reply.content) == download["byteCount"]


async def test_who_has_the_bytes_is_told_so(client: httpx.AsyncClient) -> None:
    download = (await ask(client))["download"]

    reply = await client.get(download["url"], headers={"if-none-match": f'"{download["sha256"]}"'})
    looked = await client.head(download["url"])

    assert (reply.status_code, reply.content) == (304, b"")
    assert (looked.status_code, looked.headers["content-length"], looked.content) == (
        200,
        str(download["byteCount"]),
        b"",
    )


async def test_a_link_ends_and_opens_nothing_else(
    client: httpx.AsyncClient, clock: MovableClock
) -> None:
    url = (await ask(client))["download"]["url"]
    other = (await ask(client, commune=SA_PA_WARD))["download"]["url"]
    ticket = url.split("ticket=")[1]
    tried = [
        other.split("ticket=")[0] + f"ticket={ticket}",
        url.split("?")[0],
        url.replace("ticket=", "ticket=9"),
        url[:-1] + ("0" if url[-1] != "0" else "1"),
        "/v1/packs/nonsense?ticket=" + ticket,
        "/v1/packs/nonsense?ticket=" + "9" * 12 + "." + "a" * 64,
    ]
    replies = [await client.get(it) for it in tried]
    clock.advance(minutes=60)

    replies.append(await client.get(url))

    assert {reply.status_code for reply in replies} == {403}
    assert {reply.json()["code"] for reply in replies} == {"PACK_LINK_ENDED"}


async def test_the_link_lasts_as_long_as_what_it_leads_to(
    client: httpx.AsyncClient, clock: MovableClock
) -> None:
    await ask(client)
    clock.advance(hours=47, minutes=30)

    url = (await ask(client))["download"]["url"]
    clock.advance(minutes=59)

    assert (await client.get(url)).status_code == 200

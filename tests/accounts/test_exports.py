"""exportMyData: one copy a day of everything, sealed at rest, fetched by its owner only."""

import asyncio
import json
import random
from typing import Any

import httpx
import pytest

from api.accounts.privacy import archive
from api.accounts.privacy.export_repository import (
    DATA_EXPORTS,
    EXPORT_PARTS,
    DataExport,
    ExportRepository,
)
from api.accounts.privacy.exports import EXPORT
from api.context import Services
from api.kit.ids import new_id
from api.kit.jobs import JOBS
from api.kit.store import Store
from tests.accounts.exporting import (
    a_ready_export,
    ask,
    exported,
    fetch,
    files_in,
    look,
    run_jobs,
)
from tests.accounts.families import refusal
from tests.accounts.people import MAI, MINJUN, Answer, SignedInPerson, signed_in
from tests.accounts.test_consents import give
from tests.conftest import MovableClock, send


class Ballast:
    """A holder of something long that does not compress."""

    name = "ballast"
    explanation = "Something long."

    def __init__(self, letters: int) -> None:
        chance = random.Random(7)  # noqa: S311 - ballast
        self.text = "".join(chance.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=letters))

    async def held_of(self, person_id: str) -> Any:  # noqa: ANN401
        return self.text

    async def erase(self, person_id: str) -> None:
        """Nothing is kept."""


@pytest.fixture
async def person(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    return await signed_in(client, services, MAI, app="Mai's phone")


async def exports_of(client: httpx.AsyncClient, person: SignedInPerson) -> list[Answer]:
    data = await send(client, "accounts/MyDataExports", headers=person.headers)
    found: list[Answer] = data["me"]["dataExports"]
    return found


async def test_a_copy_is_prepared_then_ready(
    client: httpx.AsyncClient, services: Services, clock: MovableClock, person: SignedInPerson
) -> None:
    asked = await ask(client, person)
    clock.advance(seconds=3)
    await run_jobs(services, clock)

    ready = await look(client, person, asked["export"]["id"])

    assert asked["export"] == {
        "id": asked["export"]["id"],
        "state": "PREPARING",
        "requestedAt": "2026-05-01T09:30:00+00:00",
        "readyAt": None,
        "expiresAt": "2026-05-03T09:30:00+00:00",
        "size": None,
        "downloadUrl": None,
    }
    assert ready is not None
    assert ready["state"] == "READY"
    assert ready["readyAt"] == "2026-05-01T09:30:03+00:00"
    assert ready["downloadUrl"].startswith(
        f"http://127.0.0.1:8000/v1/exports/{ready['id']}?ticket="
    )


async def test_the_copy_is_a_zip_of_json_with_an_explanation(
    client: httpx.AsyncClient, services: Services, clock: MovableClock, person: SignedInPerson
) -> None:
    await give(client, person)
    export = await a_ready_export(client, services, person, clock, language="vi")

    reply = await fetch(client, export["downloadUrl"])

    files = files_in(reply.content)
    readme = files.pop("README.txt")
    holders = services.accounts.privacy.holders
    assert reply.status_code == 200
    assert len(reply.content) == export["size"]
    assert reply.headers["content-type"] == "application/zip"
    assert reply.headers["content-disposition"] == 'attachment; filename="lao-cai-2026-05-01.zip"'
    assert reply.headers["cache-control"] == "no-store"
    assert set(files) == {f"{holder.name}.json" for holder in holders}
    assert readme.startswith("Bản sao dữ liệu của bạn\r\n")
    assert "Các ứng dụng mà bạn đang hoặc đã đăng nhập." in readme
    assert all(name in readme for name in files)
    assert json.loads(files["addresses.json"])[0]["value"] == MAI
    assert json.loads(files["sessions.json"])[0]["app"] == "Mai's phone"
    assert "Mai's phone" in files["sessions.json"]
    assert json.loads(files["consents.json"])[0]["title"] == "Photos you send"


async def test_what_is_told_of_one_is_of_nobody_else(
    client: httpx.AsyncClient, services: Services, clock: MovableClock, person: SignedInPerson
) -> None:
    minjun = await signed_in(client, services, MINJUN, app="Minjun's phone")

    told = json.dumps(await exported(client, services, person, clock))

    assert "Mai's phone" in told
    assert "Minjun" not in told
    assert MINJUN not in told
    assert minjun.address == MINJUN


async def test_nothing_of_it_lies_in_the_store_in_clear(
    client: httpx.AsyncClient,
    services: Services,
    store: Store,
    clock: MovableClock,
    person: SignedInPerson,
) -> None:
    await a_ready_export(client, services, person, clock)

    parts = await store[EXPORT_PARTS].find({})

    assert len(parts) == 1
    assert set(parts[0]) == {"_id", "export_id", "run", "sealed", "kept_until"}
    assert services.sealer.is_current(parts[0]["sealed"])


async def test_asked_again_within_a_day_it_is_the_same(
    client: httpx.AsyncClient,
    services: Services,
    store: Store,
    clock: MovableClock,
    person: SignedInPerson,
) -> None:
    first, at_once = await asyncio.gather(ask(client, person), ask(client, person))
    await run_jobs(services, clock)
    clock.advance(minutes=9)

    later = await ask(client, person)

    assert first["export"]["id"] == at_once["export"]["id"] == later["export"]["id"]
    assert later["export"]["state"] == "READY"
    assert await store[DATA_EXPORTS].count({}) == 1
    assert await store[JOBS].count({"kind": EXPORT}) == 1


async def test_after_a_day_it_is_a_new_one(
    client: httpx.AsyncClient, services: Services, clock: MovableClock, person: SignedInPerson
) -> None:
    first = await ask(client, person)
    clock.advance(hours=24)
    person = await signed_in(client, services)

    second = await ask(client, person)

    assert first["export"]["id"] != second["export"]["id"]
    assert [export["id"] for export in await exports_of(client, person)] == [
        second["export"]["id"],
        first["export"]["id"],
    ]


async def test_it_ends_after_two_days(
    client: httpx.AsyncClient, services: Services, clock: MovableClock, person: SignedInPerson
) -> None:
    export = await a_ready_export(client, services, person, clock)
    clock.advance(hours=47, minutes=50)
    person = await signed_in(client, services)
    last = await look(client, person, export["id"])
    assert last is not None

    clock.advance(minutes=10)

    (ended,) = await exports_of(client, await signed_in(client, services))
    late = await fetch(client, last["downloadUrl"])
    assert last["state"] == "READY"
    assert (ended["state"], ended["downloadUrl"]) == ("ENDED", None)
    assert (late.status_code, late.json()["code"]) == (410, "EXPORT_ENDED")


async def test_another_person_s_copy_is_not_there(
    client: httpx.AsyncClient, services: Services, clock: MovableClock, person: SignedInPerson
) -> None:
    export = await a_ready_export(client, services, person, clock)
    minjun = await signed_in(client, services, MINJUN)

    others = await look(client, minjun, export["id"])
    nobodys = await look(client, None, export["id"])
    unknown = await look(client, person, new_id())

    assert (others, nobodys, unknown) == (None, None, None)
    assert refusal(await ask(client, None)) == "NOT_SIGNED_IN"


async def test_a_link_holds_fifteen_minutes_and_for_one_copy(
    client: httpx.AsyncClient, services: Services, clock: MovableClock, person: SignedInPerson
) -> None:
    minjun = await signed_in(client, services, MINJUN)
    own = (await a_ready_export(client, services, person, clock))["downloadUrl"]
    other = (await a_ready_export(client, services, minjun, clock))["downloadUrl"]
    ticket = own.partition("ticket=")[2]
    seconds, _, proof = ticket.partition(".")
    wrong = [
        other.replace(other.partition("ticket=")[2], ticket),
        own.replace(ticket, ""),
        own.partition("?")[0],
        own.replace(seconds, str(int(seconds) + 1)),
        own.replace(proof, proof[::-1]),
        own.replace(ticket, f"{ticket}%0A"),
        own.replace("/exports/", "/exports/x"),
    ]

    refused = [await fetch(client, url) for url in wrong]
    clock.advance(minutes=14, seconds=59)
    in_time = await fetch(client, own)
    clock.advance(seconds=1)
    too_late = await fetch(client, own, language="ja")

    assert [reply.status_code for reply in refused] == [403] * len(wrong)
    assert {reply.json()["code"] for reply in refused} == {"EXPORT_LINK_ENDED"}
    assert in_time.status_code == 200
    assert too_late.status_code == 403
    assert too_late.headers["content-type"] == "application/problem+json"
    assert too_late.json()["detail"].startswith("このリンクはもう使えません。")


async def test_a_copy_that_is_not_ready_cannot_be_fetched(
    client: httpx.AsyncClient, services: Services, store: Store, person: SignedInPerson
) -> None:
    await ask(client, person)
    (document,) = await store[DATA_EXPORTS].find({})
    export = await ExportRepository(store, services.sealer).get(document["_id"])
    assert export is not None

    reply = await fetch(client, services.accounts.exports.link(export))

    assert (reply.status_code, reply.json()["code"]) == (409, "EXPORT_NOT_READY")


async def test_a_large_copy_is_kept_in_parts_of_less_than_a_megabyte(
    client: httpx.AsyncClient,
    services: Services,
    store: Store,
    clock: MovableClock,
    person: SignedInPerson,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ballast = Ballast(2_500_000)
    monkeypatch.setattr(services.accounts.exports, "_holders", (ballast,))

    export = await a_ready_export(client, services, person, clock)

    reply = await fetch(client, export["downloadUrl"])
    parts = await store[EXPORT_PARTS].find({})
    assert len(parts) == -(-export["size"] // archive.PIECE_BYTES) > 3
    assert all(len(part["sealed"]) < 1_000_000 for part in parts)
    assert json.loads(files_in(reply.content)["ballast.json"]) == ballast.text


async def test_a_run_that_died_leaves_nothing_behind(
    client: httpx.AsyncClient,
    services: Services,
    store: Store,
    clock: MovableClock,
    person: SignedInPerson,
) -> None:
    await ask(client, person)
    repository = ExportRepository(store, services.sealer)
    (document,) = await store[DATA_EXPORTS].find({})
    export = await repository.get(document["_id"])
    assert export is not None
    await repository.add_part(export, "a-run-that-died", 0, b"half of it")

    await run_jobs(services, clock)

    ready = await look(client, person, export.id)
    assert ready is not None
    assert ready["state"] == "READY"
    assert "a-run-that-died" not in {part["run"] for part in await store[EXPORT_PARTS].find({})}
    assert files_in((await fetch(client, ready["downloadUrl"])).content)


async def test_of_two_runs_at_once_one_is_kept_whole(
    client: httpx.AsyncClient,
    services: Services,
    store: Store,
    clock: MovableClock,
    person: SignedInPerson,
) -> None:
    export_id = (await ask(client, person))["export"]["id"]
    make = services.accounts.exports.handlers()[EXPORT]

    await asyncio.gather(*(make({"export": export_id}) for _ in range(3)))

    ready = await look(client, person, export_id)
    assert ready is not None
    assert len({part["run"] for part in await store[EXPORT_PARTS].find({})}) == 1
    assert files_in((await fetch(client, ready["downloadUrl"])).content)


async def test_a_copy_that_was_erased_meanwhile_is_not_written(
    client: httpx.AsyncClient,
    services: Services,
    store: Store,
    clock: MovableClock,
    person: SignedInPerson,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await ask(client, person)
    finish = ExportRepository.finish

    async def erase_before(repository: ExportRepository, finished: DataExport) -> None:
        await repository.remove_all(finished.person_id)
        await finish(repository, finished)

    monkeypatch.setattr(ExportRepository, "finish", erase_before)
    await run_jobs(services, clock)

    assert await store[DATA_EXPORTS].count({}) == 0
    assert await store[EXPORT_PARTS].count({}) == 0

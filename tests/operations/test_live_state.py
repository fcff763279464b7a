"""The live state, as administrators ask for it: what waits, what was reached, what is silent."""

from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from api.accounts.caller import PROVINCE, Grant, Role
from api.context import Services
from api.kit.store import Store
from api.worker import runners_of
from notifications.senders import Answer, Verdict
from notifications.worker import OutboxWorker
from tests.accounts.people import SignedInPerson, grant, signed_in
from tests.alerts.test_sample import SAMPLE
from tests.conftest import MovableClock, document, send
from tests.notifications.factories import a_device, put
from tests.notifications.senders import ScriptedSender

WAITING_TEXT = 1
"""The code with which the administrator signed in: nothing sends it here."""


@pytest.fixture
async def administrator(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    person = await signed_in(client, services)
    await grant(services, person, Grant(Role.ADMINISTRATOR, PROVINCE))
    return person


async def state(client: httpx.AsyncClient, person: SignedInPerson) -> Mapping[str, Any]:
    data = await send(client, "operations/Operations", headers=person.headers)
    found: Mapping[str, Any] = data["operations"]
    return found


async def lane(client: httpx.AsyncClient, person: SignedInPerson, name: str) -> tuple[int, int]:
    (found,) = (one for one in (await state(client, person))["lanes"] if one["name"] == name)
    return found["depth"], found["oldestSeconds"]


async def warn(services: Services, clock: MovableClock) -> None:
    await services.alerts.import_document(SAMPLE.read_bytes(), "sample")
    await runners_of(services, clock)[0].run_due()


async def test_a_warning_is_seen_from_the_outbox_to_the_phone(
    client: httpx.AsyncClient,
    services: Services,
    store: Store,
    clock: MovableClock,
    administrator: SignedInPerson,
) -> None:
    devices = [a_device(homes=["03006"]) for _ in range(3)]
    await put(store, *devices)
    sender = ScriptedSender(lambda _: Answer(Verdict.TRY_LATER))
    await warn(services, clock)

    await OutboxWorker(store, clock, sender).run_due()
    clock.advance(seconds=90)
    (waiting,) = (await state(client, administrator))["alerts"]
    queued = await lane(client, administrator, "EXTREME")
    sender.script = lambda _: Answer(Verdict.ACCEPTED)
    await OutboxWorker(store, clock, sender).run_due()
    notice_id = sender.sent[-1].notice.id
    await services.notifications.note_opened(notice_id, devices[0].id)
    after = await state(client, administrator)

    assert (waiting["devices"], waiting["queued"], waiting["accepted"]) == (3, 3, 0)
    assert queued == (1, 90)
    assert await lane(client, administrator, "EXTREME") == (0, 0)
    assert after["activeAlerts"] == 1
    (reached,) = after["alerts"]
    assert reached == {
        "id": reached["id"],
        "devices": 3,
        "queued": 0,
        "accepted": 3,
        "refused": 0,
        "retired": 0,
        "expired": 0,
        "opened": 1,
        "safe": 0,
        "needHelp": 0,
    }


async def test_what_is_opened_later_is_seen_though_the_rest_is_remembered(
    client: httpx.AsyncClient,
    services: Services,
    store: Store,
    clock: MovableClock,
    administrator: SignedInPerson,
) -> None:
    device = a_device(homes=["03006"])
    await put(store, device)
    await warn(services, clock)
    sender = ScriptedSender()
    await OutboxWorker(store, clock, sender).run_due()
    (before,) = (await state(client, administrator))["alerts"]

    await services.notifications.note_opened(sender.sent[0].notice.id, device.id)

    (after,) = (await state(client, administrator))["alerts"]
    assert (before["accepted"], before["opened"]) == (1, 0)
    assert (after["accepted"], after["opened"]) == (1, 1)


async def test_texts_caps_stations_and_jobs_are_told(
    client: httpx.AsyncClient,
    services: Services,
    clock: MovableClock,
    administrator: SignedInPerson,
) -> None:
    await services.jobs.enqueue("nobody.runs.this", {})
    clock.advance(seconds=30)

    found = await state(client, administrator)

    stations = await services.conditions.near.every_station()
    channel = "SMS" if administrator.address.startswith("+") else "EMAIL"
    assert await lane(client, administrator, channel) == (WAITING_TEXT, 30)
    used = {one["name"]: one["used"] for one in found["smsCaps"]}
    assert used["codes"] == (WAITING_TEXT if channel == "SMS" else 0)
    assert (found["stations"], len(found["silentStations"])) == (len(stations), len(stations))
    assert found["jobs"]["due"] >= 1
    assert found["jobs"]["oldestSeconds"] >= 30
    assert found["redis"] == "UNUSED"
    assert found["botIsThere"] is False
    assert found["overdueReports"] == {"accept": 0, "answer": 0, "fix": 0}


async def test_whoever_reads_with_another_role_is_refused(
    client: httpx.AsyncClient, services: Services
) -> None:
    person = await signed_in(client, services)
    await grant(services, person, Grant(Role.AUDITOR, PROVINCE))

    answer = await client.post(
        "/graphql", json={"query": document("operations/Operations")}, headers=person.headers
    )

    assert answer.json()["data"] is None
    assert answer.json()["errors"][0]["extensions"]["code"] == "NOT_ALLOWED"


async def test_a_store_that_is_away_is_said_so(
    client: httpx.AsyncClient,
    services: Services,
    administrator: SignedInPerson,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from api.kit.store import StoreUnavailable

    async def away() -> None:
        raise StoreUnavailable("away")

    monkeypatch.setattr(services.store, "ping", away)

    answer = await client.post(
        "/graphql",
        json={"query": document("operations/Operations")},
        headers=administrator.headers,
    )

    assert answer.status_code == 503
    assert answer.json()["errors"][0]["extensions"]["code"] == "STORE_UNAVAILABLE"

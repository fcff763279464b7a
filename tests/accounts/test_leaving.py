"""deleteMyAccount: who may, what ends at once, and what the job does however often it is killed."""

from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from api.accounts.people.repository import ACCOUNTS
from api.accounts.privacy.consent_ledger import CONSENTS
from api.accounts.privacy.erasing import ERASE, SCRUB
from api.accounts.privacy.erasures import ERASURES
from api.accounts.privacy.pseudonyms import pseudonym_of
from api.accounts.sign_in.codes import CHALLENGES
from api.accounts.sign_in.session_repository import SESSIONS
from api.accounts.sign_in.ways_in import WAYS_IN
from api.context import Services
from api.kit.events import EVENTS
from api.kit.idempotency import IDEMPOTENCY_KEYS
from api.kit.jobs import JOBS
from api.kit.personal_data import HolderUnavailable
from api.kit.store import Store
from notifications.device_repository import DEVICES
from notifications.recordings import RECORDED_MESSAGES
from notifications.text_outbox import TEXT_OUTBOX
from tests.accounts.exporting import ask, run_jobs
from tests.accounts.families import person_id_of, refusal
from tests.accounts.people import (
    MAI,
    MINJUN,
    Answer,
    SignedInPerson,
    call,
    me,
    new_key,
    request_code,
    signed_in,
)
from tests.accounts.phones import credentials, device
from tests.accounts.test_consents import give
from tests.accounts.test_linked_devices import a_linked_device
from tests.conftest import MovableClock


async def leave(client: httpx.AsyncClient, person: SignedInPerson | None) -> Answer:
    return await call(client, "DeleteMyAccount", None, person)


async def erase(services: Services, clock: MovableClock) -> None:
    """Let the time pass that requests under way need, and the worker work."""
    clock.advance(seconds=20)
    await run_jobs(services, clock)


async def job_kinds(store: Store) -> list[str]:
    return sorted(job["kind"] for job in await store[JOBS].find({"state": "open"}))


async def test_everything_ends_at_once(
    client: httpx.AsyncClient, services: Services, store: Store
) -> None:
    person = await signed_in(client, services)
    other_app = await signed_in(client, services, app="Tablet")
    phone = await a_linked_device(client, person)

    result = await leave(client, person)

    (account,) = await store[ACCOUNTS].find({})
    assert result["__typename"] == "DeleteMyAccountSuccess"
    assert result["requestedAt"] == "2026-05-01T09:30:00+00:00"
    assert (account["is_leaving"], account["grants"]) == (True, [])
    assert await me(client, person) is None
    assert await me(client, other_app) is None
    assert await device(client, phone) is None
    assert await store[WAYS_IN].count({}) == 0
    assert await store[CHALLENGES].count({}) == 0
    assert await store[TEXT_OUTBOX].count({}) == 0
    assert await store[SESSIONS].count({"ended_at": None}) == 0
    assert await job_kinds(store) == [ERASE]


async def test_the_address_is_free_for_a_new_account(
    client: httpx.AsyncClient, services: Services, store: Store, clock: MovableClock
) -> None:
    person = await signed_in(client, services)
    left_id = await person_id_of(services, person)
    await leave(client, person)

    clock.advance(minutes=1)
    again = await signed_in(client, services)
    await erase(services, clock)

    new_id = await person_id_of(services, again)
    mine = await me(client, again)
    assert new_id != left_id
    assert mine is not None
    assert [address["value"] for address in mine["addresses"]] == [MAI]
    assert [account["_id"] for account in await store[ACCOUNTS].find({})] == [new_id]


async def test_an_old_session_does_not_suffice(
    client: httpx.AsyncClient, services: Services, store: Store, clock: MovableClock
) -> None:
    person = await signed_in(client, services)
    clock.advance(minutes=10, seconds=-1)
    just_in_time = await signed_in(client, services, MINJUN)
    allowed = await leave(client, just_in_time)
    clock.advance(seconds=2)
    refreshed = await call(
        client, "RefreshSession", {"refreshToken": person.tokens["refreshToken"]}
    )
    person = SignedInPerson(MAI, refreshed["tokens"])

    refused = await leave(client, person)

    assert allowed["__typename"] == "DeleteMyAccountSuccess"
    assert refusal(refused) == "REAUTHENTICATE"
    assert await me(client, person) is not None
    assert await store[ACCOUNTS].count({"is_leaving": False}) == 1


async def test_nobody_in_particular_leaves(client: httpx.AsyncClient, store: Store) -> None:
    assert refusal(await leave(client, None)) == "NOT_SIGNED_IN"
    assert await store[ERASURES].count({}) == 0


async def test_leaving_twice_is_one_leaving(
    client: httpx.AsyncClient, services: Services, store: Store
) -> None:
    person = await signed_in(client, services)
    await leave(client, person)

    again = await leave(client, person)

    assert refusal(again) == "NOT_SIGNED_IN"
    assert await store[ERASURES].count({}) == 1


async def test_what_is_left_is_proof_that_names_nobody(
    client: httpx.AsyncClient, services: Services, store: Store, clock: MovableClock
) -> None:
    person = await signed_in(client, services)
    person_id = await person_id_of(services, person)
    await give(client, person)
    await ask(client, person)
    (consent,) = await store[CONSENTS].find({})
    receipt = (await leave(client, person))["receipt"]

    await erase(services, clock)

    (erasure,) = await store[ERASURES].find({})
    (kept,) = await store[CONSENTS].find({})
    pseudonym = pseudonym_of(services.sealer, person_id)
    assert erasure["_id"] == receipt
    assert erasure["pseudonym"] == kept["holder"] == pseudonym
    assert erasure["person_id"] is None
    assert erasure["finished_at"] == clock.now
    assert set(erasure["done"]) == {holder.name for holder in services.accounts.privacy.holders}
    assert kept == {**consent, "kept_until": kept["kept_until"]}
    assert (kept["kept_until"] - clock.now).days == 3 * 366
    for gone in (ACCOUNTS, SESSIONS, EVENTS, IDEMPOTENCY_KEYS, DEVICES):
        found = await store[gone].find({})
        assert person_id not in str(found), gone.name


async def test_what_phones_would_have_received_goes_too(
    client: httpx.AsyncClient, services: Services, store: Store, clock: MovableClock
) -> None:
    person = await signed_in(client, services)
    phone = await a_linked_device(client, person)
    for number, device_id in enumerate((phone["device"]["id"], "another-phone")):
        await store[RECORDED_MESSAGES].insert(
            {"_id": str(number), "device_id": device_id, "recorded_at": clock.now}
        )

    await leave(client, person)

    assert [found["_id"] for found in await store[RECORDED_MESSAGES].find({})] == ["1"]
    assert credentials(phone)["id"] == phone["device"]["id"]


async def test_nothing_of_others_goes(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    mai, minjun = await signed_in(client, services), await signed_in(client, services, MINJUN)
    phone = await a_linked_device(client, minjun)
    await give(client, minjun)
    before = await me(client, minjun)

    await leave(client, mai)
    await erase(services, clock)

    assert await me(client, minjun) == before
    assert await device(client, phone) is not None


class Stubborn:
    """A holder that is away as often as told, and counts how often it was asked."""

    name = "stubborn"
    explanation = "Nothing."

    def __init__(self, refusals: int) -> None:
        self.refusals = refusals
        self.asked = 0

    async def held_of(self, person_id: str) -> Any:  # noqa: ANN401
        return None

    async def erase(self, person_id: str) -> None:
        self.asked += 1
        if self.asked <= self.refusals:
            raise HolderUnavailable


async def test_whoever_is_away_is_asked_until_it_is_done(
    client: httpx.AsyncClient,
    services: Services,
    store: Store,
    clock: MovableClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stubborn = Stubborn(refusals=100)  # more often than a job is tried before it is parked
    privacy = services.accounts.privacy
    monkeypatch.setattr(privacy.erasing, "_holders", (stubborn, *privacy.holders))
    person = await signed_in(client, services)
    await leave(client, person)
    await erase(services, clock)
    (waiting,) = await store[ERASURES].find({})
    accounts_meanwhile = await store[ACCOUNTS].count({})

    for _ in range(100):
        clock.advance(minutes=15)
        await run_jobs(services, clock)

    (erasure,) = await store[ERASURES].find({})
    assert set(waiting["done"]) == {holder.name for holder in privacy.holders}
    assert accounts_meanwhile == 1
    assert stubborn.asked == 101
    assert erasure["finished_at"] is not None
    assert await store[ACCOUNTS].count({}) == 0
    assert await store[JOBS].count({"state": "parked"}) == 0


async def test_the_file_is_written_anew_at_night_once(
    client: httpx.AsyncClient,
    services: Services,
    store: Store,
    clock: MovableClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scrubbed: list[bool] = []

    async def scrub(_: object, *, whole: bool = False) -> None:
        scrubbed.append(whole)

    monkeypatch.setattr(type(store), "scrub", scrub)
    for address in (MAI, MINJUN):
        await leave(client, await signed_in(client, services, address))
    await erase(services, clock)
    in_the_evening = list(scrubbed)
    (job,) = await store[JOBS].find({"kind": SCRUB})

    clock.now = job["due_at"]
    await run_jobs(services, clock)

    assert in_the_evening == [False, False]
    assert job["due_at"].isoformat() == "2026-05-01T20:00:00+00:00"  # 3 in the morning in Vietnam
    assert scrubbed == [False, False, True]


async def test_an_unknown_job_does_nothing(services: Services, store: Store) -> None:
    payload: Mapping[str, Any] = {"erasure": "nobody's"}

    await services.accounts.handlers()[ERASE](payload)

    assert await store[ERASURES].count({}) == 0


async def test_a_code_asked_for_after_leaving_is_not_erased(
    client: httpx.AsyncClient, services: Services, store: Store, clock: MovableClock
) -> None:
    await leave(client, await signed_in(client, services))
    clock.advance(minutes=1)
    await request_code(client, MAI, key=new_key())

    await run_jobs(services, clock)

    assert await store[CHALLENGES].count({}) == 1
    assert await store[TEXT_OUTBOX].count({}) == 1

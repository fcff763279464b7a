"""Values planted in every personal field of a full account: all told, then none left in any byte."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from api.accounts.people.repository import ACCOUNTS
from api.accounts.privacy.erasures import ERASURES
from api.context import Services
from api.kit.audit_log import AUDIT_ROWS, AuditEntry
from api.kit.jobs import JOBS
from api.kit.store import Store
from api.settings import Settings
from notifications.outbox import OUTBOX
from tests.accounts.canaries import (
    CANARIES,
    HOME_COMMUNE,
    NEVER_KEPT,
    SECOND_VALUES,
    Fate,
    personal_fields,
)
from tests.accounts.exporting import exported, run_jobs
from tests.accounts.families import person_id_of
from tests.accounts.full_lives import a_full_life
from tests.accounts.people import SignedInPerson
from tests.accounts.test_leaving import leave
from tests.accounts.traces import documents_with, files_with, ids_of_person
from tests.bot.fake_rasa import FakeRasa, running_rasa
from tests.conftest import MovableClock

pytestmark = pytest.mark.own_file

UNIQUE = {
    canary.sought
    for canary in CANARIES.values()
    if canary.fate in (Fate.TOLD, Fate.PASSING) or canary.kept_as
} | set(SECOND_VALUES)


@pytest.fixture
async def rasa() -> AsyncIterator[FakeRasa]:
    async with running_rasa() as fake:
        yield fake


@pytest.fixture
def settings(settings: Settings, rasa: FakeRasa) -> Settings:
    return settings.model_copy(update={"bot_url": rasa.url})


@pytest.fixture
async def person(client: httpx.AsyncClient, services: Services, rasa: FakeRasa) -> SignedInPerson:
    return await a_full_life(client, services)


async def leave_and_erase(
    client: httpx.AsyncClient, services: Services, person: SignedInPerson, clock: MovableClock
) -> None:
    """Leave, and let the worker work now and in the night."""
    left = await leave(client, person)
    assert left["__typename"] == "DeleteMyAccountSuccess", left
    clock.advance(minutes=1)
    await run_jobs(services, clock)
    clock.advance(hours=24)
    await run_jobs(services, clock)


def test_every_personal_field_has_a_canary() -> None:
    assert set(CANARIES) == personal_fields()


async def test_everything_is_told(
    client: httpx.AsyncClient, services: Services, clock: MovableClock, person: SignedInPerson
) -> None:
    told = json.dumps(await exported(client, services, person, clock), ensure_ascii=False)

    for field, canary in CANARIES.items():
        if canary.is_told:
            assert canary.sought in told, field
        elif canary.kept_as:
            assert canary.kept_as not in told, field
    for value in (*SECOND_VALUES, HOME_COMMUNE):
        assert value in told
    for value in NEVER_KEPT:
        assert value not in told


async def test_nothing_is_left_in_any_byte(
    client: httpx.AsyncClient,
    services: Services,
    store: Store,
    clock: MovableClock,
    rasa: FakeRasa,
    person: SignedInPerson,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    ids = await ids_of_person(store, await person_id_of(services, person))
    await exported(client, services, person, clock)
    in_clear = files_with(tmp_path, UNIQUE)
    named_before = files_with(tmp_path, ids)
    documents_before = await documents_with(store, ids)

    await leave_and_erase(client, services, person, clock)

    logged = capsys.readouterr()
    # SQLite moves what it writes from one file into the other when it likes.
    assert named_before["test.db-wal"]
    assert set().union(*named_before.values()) >= ids
    assert len(documents_before) >= 10
    # What must be there in clear to be used, and nothing else is.
    assert set().union(*in_clear.values()) == {
        CANARIES["RegisterDeviceInput.registration"].value,
        CANARIES["PositionInput.latitude"].sought,
        CANARIES["RaiseSosInput.code"].value,
        CANARIES["AppealReviewInput.text"].value,
        CANARIES["ReviewInput.displayName"].value,
        CANARIES["ReviewInput.text"].value,
    }
    assert await documents_with(store, ids) == {}
    assert files_with(tmp_path, UNIQUE | ids | set(NEVER_KEPT)) == {}
    assert [text for text in UNIQUE | ids if text in logged.out + logged.err] == []
    assert len(rasa.forgotten) == 1
    # What is asked for of days to come names appointments and sessions, and finds nobody then.
    due = {"state": {"$ne": "done"}, "due_at": {"$lte": clock()}}
    assert await store[JOBS].count(due) == 0


async def test_what_is_never_kept_is_in_no_file(person: SignedInPerson, tmp_path: Path) -> None:
    tokens = {person.tokens["accessToken"], person.tokens["refreshToken"]}

    assert files_with(tmp_path, {*NEVER_KEPT, *tokens}) == {}


@pytest.mark.parametrize(
    "holder",
    [
        "dependants",
        "identity-papers",
        "sessions",
        "chat",
        "texts",
        "answers",
        "exports",
        "media",
        "reviews",
        "wallet",
        "health-record",
        "calls-for-help",
        "trips",
        "stays",
        "safety-answers",
    ],
)
async def test_a_holder_that_is_left_out_is_found(
    client: httpx.AsyncClient,
    services: Services,
    store: Store,
    clock: MovableClock,
    person: SignedInPerson,
    monkeypatch: pytest.MonkeyPatch,
    holder: str,
) -> None:
    """The control: each of them has something to erase, and what it leaves does not go unseen."""
    privacy = services.accounts.privacy
    others = tuple(one for one in privacy.holders if one.name != holder)
    monkeypatch.setattr(privacy.erasing, "_holders", others)
    ids = await ids_of_person(store, await person_id_of(services, person))
    await exported(client, services, person, clock)

    await leave_and_erase(client, services, person, clock)

    assert await documents_with(store, ids) != {}


async def test_what_the_law_or_a_chain_requires_stays(
    client: httpx.AsyncClient,
    services: Services,
    store: Store,
    clock: MovableClock,
    person: SignedInPerson,
) -> None:
    person_id = await person_id_of(services, person)
    ids = await ids_of_person(store, person_id)
    await services.audit.append(AuditEntry("a-clerk", "person.read", person_id, "province", {}))
    await store[OUTBOX].insert({"_id": "1", "device_ids": sorted(ids)})

    await leave_and_erase(client, services, person, clock)

    (row,) = await store[AUDIT_ROWS].find({"actor": "a-clerk"})
    assert row["subject"] == person_id
    assert (await services.audit.verify()).faults == ()
    assert await store[OUTBOX].count({}) == 1
    assert await store[ACCOUNTS].get(person_id) is None
    assert await documents_with(store, ids) == {}
    assert await store[ERASURES].count({"finished_at": {"$ne": None}}) == 1

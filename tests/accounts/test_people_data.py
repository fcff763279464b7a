"""What is kept of people is all handed over, and all forgotten; what older keys sealed is sealed anew."""

import asyncio
import json
from dataclasses import replace
from typing import Any

import httpx
import pytest

from api.accounts.identity_papers.repository import IDENTITY_PAPERS
from api.accounts.people.dependant_repository import DEPENDANTS
from api.accounts.people.repository import ACCOUNTS, AccountRepository
from api.accounts.privacy.purposes import ConsentPurpose
from api.accounts.sign_in.session_repository import SESSIONS
from api.accounts.sign_in.ways_in import WAYS_IN
from api.context import Services
from api.kit import resealing
from api.kit.sealing import KeyFile
from api.kit.store import Store
from api.settings import Settings
from notifications.device_repository import DEVICES
from tests.accounts.families import a_dependant, consent, dependants, person_id_of, put_paper
from tests.accounts.people import MAI, MINJUN, SignedInPerson, call, me, new_key, signed_in
from tests.accounts.phones import SA_PA, credentials, register

SIGNED_IN_AT = "2026-05-01T09:30:00+00:00"
NEEDS = ConsentPurpose.ACCESSIBILITY_NEEDS
SEALED = {
    ACCOUNTS: "profile",
    DEPENDANTS: "details",
    IDENTITY_PAPERS: "number",
    SESSIONS: "app",
    WAYS_IN: "value",
}


async def a_full_person(
    client: httpx.AsyncClient, services: Services, address: str = MAI
) -> SignedInPerson:
    """Return somebody with something in every field."""
    person = await signed_in(client, services, address)
    await consent(services, person)
    await consent(services, person, NEEDS)
    tells = {"name": "Mai", "bornOn": "1990-02-28", "language": "vi", "needs": ["DEAF"]}
    await call(client, "UpdateProfile", tells, person)
    lan = await a_dependant(client, person)
    await consent(services, person, subject_id=lan["id"])
    await put_paper(client, person, "CCCD", "010190123456")
    await put_paper(client, person, "BHYT", "HS4101020304050", lan["id"])
    phone = await register(
        client,
        new_key(),
        registration=f"fcm-registration-of-{address.replace('@', '-').strip('+')}",
        quietHours={"start": "22:00", "end": "06:00"},
        homeCommunes=["02683"],
        position={
            "position": SA_PA,
            "consent": True,
            "exact": {"accuracy": 12.5, "consent": True},
        },
        preferences={"mutedHazards": ["FOG"], "leastLevel": "MODERATE"},
    )
    await call(client, "LinkDevice", {**credentials(phone), "idempotencyKey": new_key()}, person)
    return person


async def held_of(services: Services, person_id: str) -> dict[str, Any]:
    return {
        holder.name: await holder.held_of(person_id) for holder in services.accounts.people_data
    }


async def test_all_that_is_kept_is_handed_over(
    client: httpx.AsyncClient, services: Services
) -> None:
    person = await a_full_person(client, services)
    await a_full_person(client, services, MINJUN)
    person_id = await person_id_of(services, person)
    (lan,) = await dependants(client, person)

    held = await held_of(services, person_id)

    papers = sorted(held["identity-papers"], key=lambda paper: str(paper["kind"]))
    assert json.loads(json.dumps(held)) == held
    assert held["profile"] == {
        "id": person_id,
        "name": "Mai",
        "bornOn": "1990-02-28",
        "language": "vi",
        "needs": ["DEAF"],
        "roles": [],
        "createdAt": SIGNED_IN_AT,
    }
    assert held["dependants"] == [
        {
            "id": lan["id"],
            "name": "Nguyễn Thị Lan",
            "bornOn": "2018-03-05",
            "relation": "CHILD",
            "needs": [],
            "createdAt": SIGNED_IN_AT,
        }
    ]
    assert [(paper["subjectId"], paper["number"]) for paper in papers] == [
        (lan["id"], "HS4101020304050"),
        (person_id, "010190123456"),
    ]
    assert {paper["registeredAt"] for paper in papers} == {SIGNED_IN_AT}


async def test_devices_are_handed_over_but_for_what_proves_them(
    client: httpx.AsyncClient, services: Services
) -> None:
    person = await a_full_person(client, services)

    (device,) = (await held_of(services, await person_id_of(services, person)))["devices"]

    assert device == {
        "id": device["id"],
        "platform": "ANDROID",
        "language": "vi",
        "quietHours": {"start": "22:00", "end": "06:00", "timeZone": "Asia/Ho_Chi_Minh"},
        "homeCommunes": ["02683"],
        "position": {"cell": "8741592b2ffffff", "observedAt": SIGNED_IN_AT},
        "exactPosition": {
            "latitude": SA_PA["latitude"],
            "longitude": SA_PA["longitude"],
            "accuracy": 13,
            "observedAt": SIGNED_IN_AT,
        },
        "mutedHazards": ["FOG"],
        "leastLevel": "MODERATE",
        "createdAt": SIGNED_IN_AT,
        "updatedAt": SIGNED_IN_AT,
    }


async def test_all_that_is_kept_is_forgotten_and_nothing_of_others(
    client: httpx.AsyncClient, services: Services, store: Store
) -> None:
    mai = await a_full_person(client, services, MAI)
    minjun = await a_full_person(client, services, MINJUN)
    mai_id, minjun_id = await person_id_of(services, mai), await person_id_of(services, minjun)
    his = await held_of(services, minjun_id)

    for _ in range(2):  # the second run finds nothing left to do
        for holder in services.accounts.people_data:
            await holder.erase(mai_id)

    account = await store[ACCOUNTS].get(mai_id)
    left = await held_of(services, mai_id)
    assert account is not None
    assert account["dependants"] == 0
    assert left["profile"] | {"createdAt": None} == {
        "id": mai_id,
        "name": None,
        "bornOn": None,
        "language": "vi",
        "needs": [],
        "roles": [],
        "createdAt": None,
    }
    assert [left[name] for name in ("dependants", "identity-papers", "devices")] == [[], [], []]
    counts = [await store[spec].count({}) for spec in (DEPENDANTS, IDENTITY_PAPERS, DEVICES)]
    assert counts == [1, 2, 1]
    assert await held_of(services, minjun_id) == his


async def test_of_nobody_nothing_is_held(services: Services) -> None:
    for holder in services.accounts.people_data:
        await holder.erase("a" * 26)

    held = await held_of(services, "a" * 26)

    assert held == {
        "roles": {"roles": [], "offered": []},
        "profile": None,
        "dependants": [],
        "identity-papers": [],
        "devices": [],
    }


async def test_whoever_is_leaving_can_add_nothing(
    client: httpx.AsyncClient, services: Services, store: Store
) -> None:
    person = await signed_in(client, services)
    await consent(services, person)
    caller_before = await services.accounts.sessions.caller_of(person.tokens["accessToken"])
    accounts = AccountRepository(services.store, services.sealer)
    account = await accounts.get(caller_before.person())
    assert account is not None
    await accounts.replace(replace(account, is_leaving=True))

    results = [
        await call(client, "AddDependant", {**_LAN, "idempotencyKey": new_key()}, person),
        await put_paper(client, person, "CCCD", "010190123456"),
        await call(client, "UpdateProfile", {"name": "Mai"}, person),
    ]

    assert [result["code"] for result in results] == ["NOT_SIGNED_IN"] * 3
    assert await store[DEPENDANTS].count({}) == 0
    assert await store[IDENTITY_PAPERS].count({}) == 0


_LAN = {"name": "Lan", "bornOn": "2018-03-05", "relation": "CHILD"}


async def seal_all_anew(services: Services) -> int:
    """Go on until there is nothing left; return how many values that were."""
    in_all = 0
    for each in services.accounts.resealed:
        while sealed := await each.seal_anew():
            in_all += sealed
    return in_all


async def keys_in_use(store: Store) -> set[str]:
    """Return the ids of the keys that sealed what is kept of people."""
    return {
        document[field].partition(".")[0]
        for spec, field in SEALED.items()
        for document in await store[spec].find({})
    }


async def test_what_older_keys_sealed_is_sealed_anew(
    client: httpx.AsyncClient, services: Services, store: Store, settings: Settings
) -> None:
    person = await a_full_person(client, services)
    person_id = await person_id_of(services, person)
    before, held = await me(client, person), await held_of(services, person_id)

    current = KeyFile(settings.data_folder / "keys.json").add_key()
    sealed_anew = await seal_all_anew(services)

    # Account, dependant, two papers, session, way in, three consents; the key of the access token.
    assert sealed_anew == 10
    assert await keys_in_use(store) == {current}
    assert await seal_all_anew(services) == 0
    assert await me(client, person) == before
    assert await held_of(services, person_id) == held


async def test_sealing_anew_goes_on_where_it_was_stopped(
    client: httpx.AsyncClient,
    services: Services,
    store: Store,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(resealing, "DOCUMENTS_AT_ONCE", 2)
    person = await signed_in(client, services)
    for number in range(7):
        await a_dependant(client, person, name=f"Lan {number}")
    current = KeyFile(settings.data_folder / "keys.json").add_key()
    sealed_before = 0
    seal = services.sealer.seal

    def fail_on_the_fourth(value: object, place: str) -> str:
        nonlocal sealed_before
        sealed_before += place.startswith("dependants/")
        if sealed_before == 4:
            raise KeyboardInterrupt
        return seal(value, place)

    monkeypatch.setattr(services.sealer, "seal", fail_on_the_fourth)
    with pytest.raises(KeyboardInterrupt):
        await seal_all_anew(services)
    monkeypatch.undo()
    half = await keys_in_use(store)

    await seal_all_anew(services)

    assert len(half) == 2
    assert await keys_in_use(store) == {current}
    assert len(await dependants(client, person)) == 7


async def test_what_is_written_meanwhile_stays(
    client: httpx.AsyncClient, services: Services, store: Store, settings: Settings
) -> None:
    person = await signed_in(client, services)
    added = [await a_dependant(client, person, name=f"Lan {number}") for number in range(12)]
    current = KeyFile(settings.data_folder / "keys.json").add_key()

    await asyncio.gather(
        seal_all_anew(services),
        *(
            call(client, "UpdateDependant", {"id": each["id"], "name": "Hoa"}, person)
            for each in added
        ),
    )

    assert {each["name"] for each in await dependants(client, person)} == {"Hoa"}
    assert await keys_in_use(store) == {current}


async def test_what_does_not_open_is_left_and_does_not_hold_up_the_rest(
    client: httpx.AsyncClient, services: Services, store: Store, settings: Settings
) -> None:
    person = await signed_in(client, services)
    broken, sound = [await a_dependant(client, person) for _ in range(2)]
    await store[DEPENDANTS].update_one({"_id": broken["id"]}, {"$set": {"details": "x.y.z"}})
    current = KeyFile(settings.data_folder / "keys.json").add_key()

    await seal_all_anew(services)

    kept = {each["_id"]: each["details"] for each in await store[DEPENDANTS].find({})}
    assert kept[broken["id"]] == "x.y.z"
    assert kept[sound["id"]].startswith(f"{current}.")

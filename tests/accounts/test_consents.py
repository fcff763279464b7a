"""The consent ledger: what is written, what counts, and what goes when a consent is withdrawn."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.accounts.privacy import purposes
from api.accounts.privacy.consent_ledger import (
    CONSENTS,
    ConsentAct,
    ConsentLedger,
    ConsentState,
)
from api.accounts.privacy.purposes import ConsentPurpose, current_texts
from api.context import Services
from api.kit.store import CollectionSpec, Store, WriteConflict
from api.kit.store.sqlite import SqliteStore
from tests.accounts.families import a_dependant, caller_of, person_id_of, refusal
from tests.accounts.people import (
    MAI,
    MINJUN,
    Answer,
    SignedInPerson,
    call,
    new_key,
    signed_in,
)
from tests.conftest import NOW, MovableClock, send

PHOTOS = "PHOTOS"
UNKNOWN = "a" * 26
ROUNDS = 20
"""Of two acts at once, one in most rounds meets the other."""


async def give(
    client: httpx.AsyncClient,
    person: SignedInPerson | None,
    purpose: str = PHOTOS,
    **changes: Any,  # noqa: ANN401
) -> Answer:
    """Agree to the current text in English, or to what `changes` says."""
    values = {
        "purpose": purpose,
        "version": current_texts(ConsentPurpose(purpose))["en"].version,
        "language": "en",
        "idempotencyKey": new_key(),
        **changes,
    }
    return await call(client, "GiveConsent", values, person)


async def withdraw(
    client: httpx.AsyncClient,
    person: SignedInPerson | None,
    purpose: str = PHOTOS,
    dependant_id: str | None = None,
) -> Answer:
    values = {"purpose": purpose, "dependantId": dependant_id}
    return await call(client, "WithdrawConsent", values, person)


async def consents(client: httpx.AsyncClient, person: SignedInPerson) -> list[Answer]:
    data = await send(client, "accounts/MyConsents", headers=person.headers)
    found: list[Answer] = data["me"]["consents"]
    return found


async def rows(store: Store) -> list[dict[str, Any]]:
    return await store[CONSENTS].find({}, sort=[("number", 1)])


async def is_given(
    services: Services, person: SignedInPerson, subject_id: str | None = None
) -> bool:
    person_id = await person_id_of(services, person)
    return await services.accounts.consents.is_given(person_id, PHOTOS, subject_id)


async def test_anyone_can_read_what_may_be_asked(client: httpx.AsyncClient) -> None:
    data = await send(client, "accounts/ConsentPurposes", language="fr")

    texts = data["consentPurposes"]["texts"]
    assert [text["purpose"] for text in texts] == [purpose.name for purpose in ConsentPurpose]
    assert {text["language"] for text in texts} == {"fr"}
    assert texts[0]["title"] == "Position approximative pour les alertes"
    assert texts[0]["text"].startswith("Nous conservons la zone d'environ 5 km²")
    assert "91/2025/QH15" in texts[0]["text"]


async def test_a_consent_is_written_with_the_text_that_was_read(
    client: httpx.AsyncClient, services: Services, store: Store
) -> None:
    person = await signed_in(client, services)
    texts = (await send(client, "accounts/ConsentPurposes", language="vi"))["consentPurposes"]
    read = next(text for text in texts["texts"] if text["purpose"] == PHOTOS)

    result = await give(client, person, version=read["version"], language=read["language"])

    (row,) = await rows(store)
    assert result["consent"] == {
        "purpose": PHOTOS,
        "dependantId": None,
        "state": "GIVEN",
        "counts": True,
        "version": read["version"],
        "language": "vi",
        "at": "2026-05-01T09:30:00+00:00",
    }
    assert row["text_digest"] == read["digest"]
    assert (row["number"], row["state"], row["language"]) == (1, "given", "vi")
    assert await is_given(services, person)


async def test_a_row_names_nobody(
    client: httpx.AsyncClient, services: Services, store: Store
) -> None:
    person = await signed_in(client, services)
    lan = await a_dependant(client, person)
    caller = await caller_of(services, person)

    await give(client, person, dependantId=lan["id"], dependantAgrees=True)

    (row,) = await rows(store)
    values = str(row)
    assert caller.person_id is not None
    assert caller.session_id is not None
    assert caller.person_id not in values
    assert caller.session_id not in values
    assert lan["id"] not in values


async def test_the_newest_row_counts_and_none_is_changed(
    client: httpx.AsyncClient, services: Services, store: Store, clock: MovableClock
) -> None:
    person = await signed_in(client, services)
    await give(client, person)
    (first,) = await rows(store)
    clock.advance(seconds=60)

    withdrawn = await withdraw(client, person)
    (shown,) = await consents(client, person)
    was_given = await is_given(services, person)
    await give(client, person)

    kept = await rows(store)
    assert withdrawn["consent"]["state"] == shown["state"] == "WITHDRAWN"
    assert (shown["counts"], shown["at"]) == (False, "2026-05-01T09:31:00+00:00")
    assert not was_given
    assert await is_given(services, person)
    assert kept[0] == first
    assert [(row["number"], row["state"]) for row in kept] == [
        (1, "given"),
        (2, "withdrawn"),
        (3, "given"),
    ]


async def test_the_same_again_adds_nothing(
    client: httpx.AsyncClient, services: Services, store: Store
) -> None:
    person = await signed_in(client, services)
    key = new_key()
    first = await give(client, person, idempotencyKey=key)

    replayed = await give(client, person, idempotencyKey=key)
    again = await give(client, person)
    await withdraw(client, person)
    await withdraw(client, person)

    assert first == replayed == again
    assert [row["state"] for row in await rows(store)] == ["given", "withdrawn"]


async def test_a_lost_answer_asked_for_again_tells_what_holds_now(
    client: httpx.AsyncClient, services: Services
) -> None:
    person = await signed_in(client, services)
    key = new_key()
    await give(client, person, idempotencyKey=key)
    await withdraw(client, person)

    replayed = await give(client, person, idempotencyKey=key)

    assert (replayed["consent"]["state"], replayed["consent"]["counts"]) == ("WITHDRAWN", False)
    assert not await is_given(services, person)


async def test_whoever_was_never_asked_can_say_no(
    client: httpx.AsyncClient, services: Services
) -> None:
    person = await signed_in(client, services)

    result = await withdraw(client, person)

    assert result["consent"]["state"] == "WITHDRAWN"
    assert not await is_given(services, person)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"version": 0}, "INVALID_CONSENT"),
        ({"version": 2}, "INVALID_CONSENT"),
        ({"version": 4}, "INVALID_CONSENT"),
        ({"language": "de"}, "UNKNOWN_LANGUAGE"),
        ({"dependantId": UNKNOWN, "dependantAgrees": True}, "NOT_FOUND"),
        ({"idempotencyKey": "short"}, "INVALID_IDEMPOTENCY_KEY"),
    ],
)
async def test_what_cannot_be_agreed_to_is_refused(
    client: httpx.AsyncClient,
    services: Services,
    store: Store,
    changes: dict[str, Any],
    code: str,
) -> None:
    person = await signed_in(client, services)

    result = await give(client, person, **changes)

    assert refusal(result) == code
    assert await rows(store) == []


async def test_nobody_consents_without_signing_in(client: httpx.AsyncClient, store: Store) -> None:
    given, withdrawn = await give(client, None), await withdraw(client, None)

    assert refusal(given) == refusal(withdrawn) == "NOT_SIGNED_IN"
    assert await rows(store) == []


async def test_a_dependant_of_another_person_is_not_there(
    client: httpx.AsyncClient, services: Services, store: Store
) -> None:
    mai, minjun = await signed_in(client, services, MAI), await signed_in(client, services, MINJUN)
    lan = await a_dependant(client, mai)

    given = await give(client, minjun, dependantId=lan["id"], dependantAgrees=True)
    withdrawn = await withdraw(client, minjun, PHOTOS, lan["id"])

    assert refusal(given) == refusal(withdrawn) == "NOT_FOUND"
    assert await rows(store) == []


async def test_from_seven_years_a_dependant_agrees_too(
    client: httpx.AsyncClient, services: Services, store: Store
) -> None:
    person = await signed_in(client, services)
    seven = await a_dependant(client, person, bornOn="2019-05-01")
    six = await a_dependant(client, person, bornOn="2019-05-02")

    refused = await give(client, person, dependantId=seven["id"])
    nothing = await rows(store)
    agreed = await give(client, person, dependantId=seven["id"], dependantAgrees=True)
    too_young = await give(client, person, dependantId=six["id"])

    assert refusal(refused) == "CONSENT_OF_DEPENDANT_MISSING"
    assert refused["message"] == (
        "From the age of 7 on, the person you act for must agree too. Please read the text together."
    )
    assert nothing == []
    assert agreed["consent"]["dependantId"] == seven["id"]
    assert too_young["__typename"] == "GiveConsentSuccess"


async def test_a_birthday_in_vietnam_counts(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    person = await signed_in(client, services)
    lan = await a_dependant(client, person, bornOn="2019-05-02")
    await give(client, person, dependantId=lan["id"])
    before = await is_given(services, person, lan["id"])

    clock.advance(hours=7, minutes=30)  # midnight has passed in Vietnam, not in UTC

    assert before
    person = await signed_in(client, services)
    assert not await is_given(services, person, lan["id"])
    agreed = await give(client, person, dependantId=lan["id"], dependantAgrees=True)
    assert agreed["__typename"] == "GiveConsentSuccess"
    assert await is_given(services, person, lan["id"])


async def test_one_s_own_consent_is_not_a_dependant_s(
    client: httpx.AsyncClient, services: Services
) -> None:
    person = await signed_in(client, services)
    lan = await a_dependant(client, person)

    await give(client, person)

    assert await is_given(services, person)
    assert not await is_given(services, person, lan["id"])


async def test_a_dependant_who_was_removed_consents_to_nothing_and_can_be_withdrawn(
    client: httpx.AsyncClient, services: Services
) -> None:
    person = await signed_in(client, services)
    lan = await a_dependant(client, person)
    await give(client, person, dependantId=lan["id"], dependantAgrees=True)
    await call(client, "RemoveDependant", {"id": lan["id"]}, person)

    still_given = await is_given(services, person, lan["id"])
    withdrawn = await withdraw(client, person, PHOTOS, lan["id"])

    assert not still_given
    assert withdrawn["consent"]["state"] == "WITHDRAWN"


@pytest.mark.parametrize(("counts_since", "counts"), [(3, True), (4, False)])
async def test_a_new_version_must_be_read_anew_when_it_says_more(
    client: httpx.AsyncClient,
    services: Services,
    monkeypatch: pytest.MonkeyPatch,
    counts_since: int,
    counts: bool,
) -> None:
    person = await signed_in(client, services)
    await give(client, person)
    versions = purposes.all_versions

    def with_one_more(purpose: ConsentPurpose) -> Sequence[purposes.Texts]:
        newest = {
            language: replace(text, version=4, counts_since=counts_since, text="More.")
            for language, text in versions(purpose)[-1].items()
        }
        return (*versions(purpose), newest)

    monkeypatch.setattr(purposes, "all_versions", with_one_more)
    outdated = await give(client, person, version=3)
    (shown,) = await consents(client, person)
    was_given = await is_given(services, person)
    renewed = await give(client, person, version=4)

    assert refusal(outdated) == "INVALID_CONSENT"
    assert was_given is shown["counts"] is counts
    assert renewed["consent"]["version"] == 4


async def test_racing_acts_keep_one_order(
    client: httpx.AsyncClient, services: Services, store: Store
) -> None:
    person = await signed_in(client, services)

    acts = [give(client, person) if n % 2 else withdraw(client, person) for n in range(12)]
    results = await asyncio.gather(*acts)

    kept = await rows(store)
    assert {result["__typename"] for result in results} == {
        "GiveConsentSuccess",
        "WithdrawConsentSuccess",
    }
    assert [row["number"] for row in kept] == list(range(1, len(kept) + 1))
    assert len({row["state"] for row in kept[:2]}) == 2


@pytest.mark.parametrize("is_guarded", [True, False])
async def test_two_rows_never_have_one_number(
    tmp_path: Path, services: Services, is_guarded: bool
) -> None:
    """Unguarded, both of two acts are the first one, and nobody knows which counts."""
    store = SqliteStore(tmp_path / "ledger.db")
    await store.open([CONSENTS if is_guarded else CollectionSpec(CONSENTS.name)])
    ledger = ConsentLedger(store, services.sealer)
    text = current_texts(ConsentPurpose.PHOTOS)["en"]
    act = ConsentAct(ConsentState.GIVEN, text, None, False, None, NOW)

    # Without a transaction around them, both often look before either has written.
    numbers: list[list[int]] = []
    conflicts = 0
    for number in range(ROUNDS):
        person = f"mai-{number}"
        results = await asyncio.gather(
            ledger.append(person, act), ledger.append(person, act), return_exceptions=True
        )
        conflicts += sum(isinstance(result, WriteConflict) for result in results)
        numbers.append([row.number for row in await ledger.all_of(person)])

    assert any(len(set(some)) < len(some) for some in numbers) is not is_guarded
    assert conflicts > 0 or not is_guarded
    await store.close()

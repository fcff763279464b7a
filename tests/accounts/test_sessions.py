"""Sessions: refreshed, ended here and elsewhere, and ended by a thief's reuse."""

import asyncio

import httpx

from api.accounts.sign_in.session_repository import SESSIONS
from api.context import Services
from api.kit.store import Store
from tests.accounts.people import MAI, MINJUN, Answer, SignedInPerson, call, me, signed_in
from tests.conftest import MovableClock


async def refresh(client: httpx.AsyncClient, tokens: Answer) -> Answer:
    return await call(client, "RefreshSession", {"refreshToken": tokens["refreshToken"]})


def is_refused(result: Answer) -> bool:
    return (result["__typename"], result.get("code")) == ("AccountError", "SESSION_ENDED")


async def test_a_refresh_brings_new_tokens(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    person = await signed_in(client, services)
    clock.advance(minutes=11)
    before = await me(client, person)

    result = await refresh(client, person.tokens)

    renewed = SignedInPerson(MAI, result["tokens"])
    mine = await me(client, renewed)
    assert before is None
    assert mine is not None
    assert mine["sessions"][0]["refreshedAt"] == "2026-05-01T09:41:00+00:00"
    assert result["tokens"]["refreshToken"] != person.tokens["refreshToken"]
    assert result["tokens"]["accessExpiresAt"] == "2026-05-01T09:51:00+00:00"
    assert result["tokens"]["refreshExpiresAt"] == "2026-06-30T09:41:00+00:00"


async def test_a_lost_answer_brings_the_same_child(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    person = await signed_in(client, services)
    first = await refresh(client, person.tokens)
    clock.advance(seconds=60)

    again = await refresh(client, person.tokens)

    assert again["tokens"]["refreshToken"] == first["tokens"]["refreshToken"]


async def test_refreshes_at_once_bring_one_child(
    client: httpx.AsyncClient, services: Services
) -> None:
    person = await signed_in(client, services)

    results = await asyncio.gather(*(refresh(client, person.tokens) for _ in range(20)))

    assert len({result["tokens"]["refreshToken"] for result in results}) == 1


async def test_a_token_used_again_after_the_grace_ends_the_session(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    person = await signed_in(client, services)
    child = (await refresh(client, person.tokens))["tokens"]
    clock.advance(seconds=61)

    reused = await refresh(client, person.tokens)

    assert is_refused(reused)
    assert is_refused(await refresh(client, child))
    assert await me(client, SignedInPerson(MAI, child)) is None


async def test_a_grandparent_ends_the_session_within_the_grace_too(
    client: httpx.AsyncClient, services: Services
) -> None:
    person = await signed_in(client, services)
    child = (await refresh(client, person.tokens))["tokens"]
    grandchild = (await refresh(client, child))["tokens"]

    reused = await refresh(client, person.tokens)

    assert is_refused(reused)
    assert is_refused(await refresh(client, grandchild))


async def test_what_is_no_token_of_ours_is_refused_and_ends_nothing(
    client: httpx.AsyncClient, services: Services
) -> None:
    person = await signed_in(client, services)
    other = await signed_in(client, services, MINJUN)
    session_id, generation, proof = person.tokens["refreshToken"].split(".")
    other_proof = other.tokens["refreshToken"].split(".")[2]

    for token in (
        "",
        "a.b.c",
        person.tokens["accessToken"],
        f"{session_id}.{generation}",
        f"{session_id}.{generation}.{other_proof}",
        f"{session_id}.1.{proof}",
        f"{session_id}.00.{proof}",
        f"{session_id}.{generation}.{proof.upper()}",
        f"{session_id}.{generation}.{proof} ",
        f"{'a' * 26}.{generation}.{proof}",
    ):
        assert is_refused(await call(client, "RefreshSession", {"refreshToken": token})), token
    assert await me(client, person) is not None


async def test_a_session_ends_when_nobody_goes_on_with_it(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    person = await signed_in(client, services)
    clock.advance(days=60)

    assert is_refused(await refresh(client, person.tokens))


async def test_no_session_lasts_longer_than_a_year(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    tokens = (await signed_in(client, services)).tokens
    for _ in range(7):
        clock.advance(days=50)
        tokens = (await refresh(client, tokens))["tokens"]

    assert tokens["refreshExpiresAt"] == "2027-05-01T09:30:00+00:00"
    clock.advance(days=15)
    assert is_refused(await refresh(client, tokens))


async def test_signing_out_ends_this_session_at_once(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    here = await signed_in(client, services)
    clock.advance(minutes=2)
    elsewhere = await signed_in(client, services)

    result = await call(client, "SignOut", person=here)

    assert result["__typename"] == "SignOutSuccess"
    assert await me(client, here) is None
    assert is_refused(await refresh(client, here.tokens))
    assert await me(client, elsewhere) is not None


async def test_a_session_elsewhere_can_be_ended(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    lost = await signed_in(client, services, app="Lost phone")
    clock.advance(minutes=2)
    here = await signed_in(client, services, app="New phone")
    mine = await me(client, here)
    assert mine is not None
    (lost_id,) = [one["id"] for one in mine["sessions"] if one["app"] == "Lost phone"]

    result = await call(client, "EndSession", {"id": lost_id}, here)

    assert result == {"__typename": "EndSessionSuccess", "sessionId": lost_id}
    assert await me(client, lost) is None
    assert await me(client, here) is not None


async def test_signing_out_everywhere_ends_all_of_mine_only(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    one = await signed_in(client, services)
    clock.advance(minutes=2)
    two = await signed_in(client, services)
    other = await signed_in(client, services, MINJUN)

    result = await call(client, "SignOutEverywhere", person=one)

    assert result == {"__typename": "SignOutEverywhereSuccess", "sessions": 2}
    assert [await me(client, person) for person in (one, two)] == [None, None]
    assert await me(client, other) is not None


async def test_another_person_s_session_cannot_be_ended(
    client: httpx.AsyncClient, services: Services, store: Store
) -> None:
    mine = await signed_in(client, services)
    theirs = await signed_in(client, services, MINJUN)
    their_id = theirs.tokens["refreshToken"].split(".")[0]

    result = await call(client, "EndSession", {"id": their_id}, mine)

    assert (result["__typename"], result["code"]) == ("AccountError", "NOT_FOUND")
    assert await store[SESSIONS].count({"ended_at": None}) == 2


async def test_what_an_app_calls_itself_is_sealed(
    client: httpx.AsyncClient, services: Services, store: Store
) -> None:
    await signed_in(client, services, app="  Điện thoại của Mai" + "!" * 100)

    (document,) = await store[SESSIONS].find({})
    assert "của" not in document["app"]
    assert " Mai" not in document["app"]
    assert services.sealer.open(document["app"], f"sessions/{document['_id']}/app") == (
        "Điện thoại của Mai" + "!" * 62
    )

"""What takes an account for good needs somebody who signed in a moment ago."""

import httpx
import pytest

from api.context import Services
from tests.accounts.people import MAI, SignedInPerson, call, code_sent, me, new_key, signed_in
from tests.conftest import MovableClock

NEW = "new.way@example.com"


@pytest.fixture
async def old_session(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> SignedInPerson:
    """A session of a person that has been gone on with for an hour, and a code to a new address."""
    person = await signed_in(client, services, MAI)
    clock.advance(hours=1)
    values = {"refreshToken": person.tokens["refreshToken"]}
    renewed = await call(client, "RefreshSession", values)
    return SignedInPerson(MAI, renewed["tokens"])


async def code_for(client: httpx.AsyncClient, person: SignedInPerson) -> dict[str, object]:
    values = {"address": NEW, "idempotencyKey": new_key()}
    return await call(client, "RequestAddressCode", values, person)


async def test_an_old_session_gets_no_code_for_a_new_address(
    client: httpx.AsyncClient, old_session: SignedInPerson
) -> None:
    assert (await code_for(client, old_session))["code"] == "REAUTHENTICATE"


async def test_an_old_session_adds_no_address(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    person = await signed_in(client, services, MAI)
    clock.advance(minutes=5)
    values = {"address": NEW, "idempotencyKey": new_key()}
    code_id = (await call(client, "RequestAddressCode", values, person))["sentCode"]["id"]
    code = await code_sent(services, code_id)
    clock.advance(minutes=5, seconds=1)
    renewed = await call(client, "RefreshSession", {"refreshToken": person.tokens["refreshToken"]})
    person = SignedInPerson(MAI, renewed["tokens"])

    attempt = {"codeId": code_id, "code": code, "idempotencyKey": new_key()}
    refused = await call(client, "AddAddress", attempt, person)

    mine = await me(client, person)
    assert refused["code"] == "REAUTHENTICATE"
    assert mine is not None
    assert [address["value"] for address in mine["addresses"]] == [MAI]


async def test_an_old_session_removes_no_address(
    client: httpx.AsyncClient, old_session: SignedInPerson
) -> None:
    mine = await me(client, old_session)
    assert mine is not None

    values = {"id": mine["addresses"][0]["id"]}
    refused = await call(client, "RemoveAddress", values, old_session)

    assert refused["code"] == "REAUTHENTICATE"
    assert await me(client, old_session) == mine

"""A code to an address that is not (yet) the asker's is read at that address, and nowhere else."""

import httpx

from api.accounts.caller import PROVINCE, Role
from api.context import Services
from tests.accounts.exporting import exported
from tests.accounts.people import MINJUN, call, new_key, signed_in
from tests.accounts.staff import a_staff_member
from tests.conftest import MovableClock

VICTIM = "victim@example.com"


async def test_who_asked_for_a_code_to_another_s_address_is_not_told_it(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    administrator = await a_staff_member(client, services, Role.ADMINISTRATOR, PROVINCE)
    offer = {"address": VICTIM, "role": "ADMINISTRATOR", "scopeKind": "PROVINCE"}
    await call(client, "InviteStaff", {**offer, "idempotencyKey": new_key()}, administrator)
    thief = await signed_in(client, services, MINJUN)
    wanted = {"address": VICTIM, "idempotencyKey": new_key()}
    await call(client, "RequestAddressCode", wanted, thief)

    copy = await exported(client, services, thief, clock)

    (text,) = [text for text in copy["texts"] if text["to"] == VICTIM]
    assert (text["subject"], text["body"]) == (None, None)


async def test_a_text_to_one_s_own_address_is_told(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    person = await signed_in(client, services, MINJUN)
    again = {"address": MINJUN, "idempotencyKey": new_key()}
    await call(client, "RequestAddressCode", again, person)

    copy = await exported(client, services, person, clock)

    assert [text["subject"] for text in copy["texts"]] == ["Your code for Lào Cai"]

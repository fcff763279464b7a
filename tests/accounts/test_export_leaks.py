"""What a copy of one's data must not become: a way to others' codes, or a way in for who has left."""

import httpx

from api.accounts.caller import PROVINCE, Role
from api.context import Services
from tests.accounts.exporting import a_ready_export, exported, fetch
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


async def test_a_link_leads_to_nothing_once_its_owner_has_left(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    person = await signed_in(client, services, MINJUN)
    export = await a_ready_export(client, services, person, clock)
    before = await fetch(client, export["downloadUrl"])
    await call(client, "DeleteMyAccount", person=person)

    after = await fetch(client, export["downloadUrl"])

    assert before.status_code == 200
    assert (after.status_code, after.json()["code"]) == (410, "EXPORT_ENDED")

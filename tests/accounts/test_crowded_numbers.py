"""Nobody is hidden from a clerk by others who claim the same number."""

import httpx

from api.context import Services
from tests.accounts.families import a_dependant, consent, grant, put_paper
from tests.accounts.people import MAI, SignedInPerson, call, signed_in
from tests.accounts.test_identity_lookup import CITIZEN_NUMBER, holders, look_up
from tests.conftest import MovableClock


async def test_relatives_of_two_accounts_do_not_crowd_a_person_out(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    clerk = await signed_in(client, services, "clerk@example.com")
    await grant(services, clerk, "clerk facility:sa-pa")
    for name in ("first@example.com", "second@example.com"):
        other = await signed_in(client, services, name)
        for _ in range(10):
            relative = await a_dependant(
                client, other, name="Giả Danh", bornOn="1990-02-28", relation="PARENT"
            )
            await consent(services, other, subject_id=relative["id"])
            await put_paper(client, other, "CCCD", CITIZEN_NUMBER, relative["id"])
    clock.advance(minutes=1)
    mai = await signed_in(client, services, MAI)
    await call(client, "UpdateProfile", {"name": "Mai", "bornOn": "1990-02-28"}, mai)
    await consent(services, mai)
    await put_paper(client, mai, "CCCD", CITIZEN_NUMBER)

    found = await holders(client, clerk)

    reply = await look_up(client, clerk, CITIZEN_NUMBER, "CCCD")
    assert [holder["name"] for holder in found] == ["Mai", "Giả Danh", "Giả Danh"]
    assert reply["data"]["personByIdentityPaper"]["truncated"] is False


async def test_the_same_number_again_keeps_its_turn(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    clerk = await signed_in(client, services, "clerk@example.com")
    await grant(services, clerk, "clerk facility:sa-pa")
    people: list[SignedInPerson] = []
    for name in ("mai@example.com", "other@example.com"):
        person = await signed_in(client, services, name)
        await call(client, "UpdateProfile", {"name": name, "bornOn": "1990-02-28"}, person)
        await consent(services, person)
        await put_paper(client, person, "CCCD", CITIZEN_NUMBER)
        clock.advance(minutes=1)
        people.append(person)

    await put_paper(client, people[0], "CCCD", CITIZEN_NUMBER)

    found = await holders(client, clerk)
    assert [holder["name"] for holder in found] == ["mai@example.com", "other@example.com"]

"""What an officer on duty reads, as the app asks for it: who was warned beside the phones, and who knows that it is over."""

from dataclasses import replace
from typing import Any

import httpx

from api.accounts.caller import Role
from api.alerts.composing.draft import DraftKind
from api.context import Services
from tests.accounts.people import SignedInPerson
from tests.accounts.staff import CIVIL_DEFENCE, a_staff_member
from tests.alerts.by_sms.conftest import MAI, Texting, someone
from tests.alerts.composing.officers import CONTENT, a_desk, add_communes
from tests.alerts.conftest import Phones
from tests.alerts.relays.conftest import add
from tests.conftest import send
from tests.health.fhir.receiver import Receiver


async def progress(
    client: httpx.AsyncClient, officer: SignedInPerson, alert_id: str | None
) -> dict[str, Any]:
    asked = {"agencyId": CIVIL_DEFENCE.id, "alertId": alert_id}
    data = await send(client, "alerts/AlertProgress", asked, headers=officer.headers)
    shown: dict[str, Any] = data["alertProgress"]
    return shown


async def test_an_officer_sees_that_a_relay_and_readers_of_sms_know_of_the_end(
    client: httpx.AsyncClient,
    services: Services,
    phones: Phones,
    receiver: Receiver,
    administrator: SignedInPerson,
) -> None:
    texting = Texting(services, phones)
    await add_communes(services)
    desk = await a_desk(services)
    officer = await a_staff_member(client, services, Role.ALERT_APPROVER, CIVIL_DEFENCE)
    await add(client, administrator, receiver.url)
    await someone(client, services, MAI)
    issued = await desk.issue(await desk.compose(replace(CONTENT, level="4")))
    await texting.run()
    await texting.run(minutes=5)
    warned = await progress(client, officer, issued.alert_id)
    await desk.issue(await desk.end(issued.alert_id, DraftKind.CANCEL))
    await texting.run()

    over = await progress(client, officer, issued.alert_id)

    (before,), (after,) = warned["relays"], over["relays"]
    assert (before["stage"], before["because"], before["end"]) == ("WARNED", None, None)
    assert (before["state"], before["event"]) == ("TAKEN", "Flash flood")
    assert (after["stage"], after["because"]) == ("END_TOLD", None)
    assert (after["end"]["kind"], after["end"]["state"], after["end"]["attempts"]) == (
        "CANCELLED",
        "TAKEN",
        1,
    )
    assert (warned["sms"]["messages"], warned["sms"]["ends"]["messages"]) == (1, 0)
    assert (over["sms"]["messages"], over["sms"]["ends"]["messages"]) == (1, 1)
    assert over["sms"]["ends"]["heldBack"] == 0
    assert over["sms"]["ends"]["cost"]["amount"] == 900 * over["sms"]["ends"]["segments"]

"""One place wanted from 50 sockets at once, each by somebody else: exactly one has it.

Against one API process and against two on the same data. `python -m bench.booking_race`. The control,
servers that look for room and then write, outside a transaction, must fail.
"""

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from rich.console import Console
from rich.table import Table

from api.accounts.people.repository import AccountRepository, Profile
from api.accounts.privacy.consents import GivenConsent
from api.accounts.privacy.purposes import ConsentPurpose, current_texts
from api.context import Services
from api.health.appointments.repository import AppointmentRepository
from api.health.directory.records import HealthcareService, Payment, ServiceMode
from api.health.directory.repository import DirectoryRepository
from api.health.slots.records import Slot
from api.health.slots.repository import SlotRepository
from api.kit.clock import system_clock
from api.kit.ids import new_id
from bench.machine import described_machine
from bench.otp_race import attempt, new_code
from bench.races import ROUNDS, SOCKETS, Server, running

FACILITY = "bvdk-khu-vuc-sa-pa"
HOLD = """mutation Hold($slot: ID!, $key: String!) {
  holdSlot(input: {slotId: $slot, idempotencyKey: $key}) {
    ... on HoldSlotSuccess { appointment { id } }
    ... on HealthError { code }
  }
}"""
RELEASE = """mutation Release($id: ID!, $key: String!) {
  releaseHold(input: {appointmentId: $id, idempotencyKey: $key}) { __typename }
}"""
TOKENS = "{ ... on SignInSuccess { tokens { accessToken } } ... on AccountError { code } }"
REFUSED = "SLOT_TAKEN"
CONTROL = "bench.unguarded_places"


@dataclass(frozen=True, slots=True)
class Round:
    """`winners`: who were told that they have the place; `strange`: neither that, nor that it is taken.

    `room`: what was left of the place; `appointments`: how many have it.
    """

    winners: int
    strange: int
    room: int
    appointments: int

    @property
    def holds(self) -> bool:
        return self == Round(winners=1, strange=0, room=0, appointments=1)


async def measured(*, guarded: bool, processes: int) -> list[Round]:
    async with running(guarded=guarded, processes=processes, control=CONTROL) as server:
        tokens = [await signed_in(server, number) for number in range(SOCKETS)]
        service = await a_service(server.services)
        return [await one_round(server, service, tokens, number) for number in range(ROUNDS)]


async def one_round(
    server: Server, service: HealthcareService, tokens: Sequence[str], number: int
) -> Round:
    slot = await a_place(server.services, service, number)
    bodies = [
        {"query": HOLD, "variables": {"slot": slot.id, "key": f"race-hold-{number:04}-{who:04}"}}
        for who in range(SOCKETS)
    ]
    answers: list[dict[str, Any]] = [it["holdSlot"] for it in await server.together(bodies, tokens)]
    winners = {
        who: it["appointment"]["id"] for who, it in enumerate(answers) if "appointment" in it
    }
    strange = sum(it.get("code") not in (REFUSED, None) for it in answers)
    seen = await SlotRepository(server.services.store).get(slot.id)
    kept = AppointmentRepository(server.services.store, server.services.sealer)
    appointments = await kept.of_slot(slot.id)
    await let_go(server, tokens, winners, number)
    return Round(len(winners), strange, -1 if seen is None else seen.room, len(appointments))


async def let_go(
    server: Server, tokens: Sequence[str], winners: dict[int, str], number: int
) -> None:
    """Release what was won, so that no cap decides a later round."""
    bodies = [
        {"query": RELEASE, "variables": {"id": one, "key": f"race-release-{number:04}-{who:04}"}}
        for who, one in winners.items()
    ]
    await server.together(bodies, [tokens[who] for who in winners])


async def signed_in(server: Server, number: int) -> str:
    """Return the access token of somebody with a name who agreed to the use of health data."""
    code_id, code = await new_code(server, f"patient-{number}@example.com")
    body = attempt(code_id, code, 1, f"patient-{number}")
    body["query"] = body["query"].replace("{ __typename ... on AccountError { code } }", TOKENS)
    (answer,) = await server.together([body])
    token: str = answer["a0"]["tokens"]["accessToken"]
    caller = await server.services.accounts.sessions.caller_of(token)
    accounts = AccountRepository(server.services.store, server.services.sealer)
    account = await accounts.get(caller.person())
    if account is None:
        raise LookupError(number)
    await accounts.replace(replace(account, profile=Profile(name=f"Patient {number}")))
    version = current_texts(ConsentPurpose.HEALTH)["en"].version
    given = GivenConsent(ConsentPurpose.HEALTH, version, "en", None, dependant_agrees=False)
    await server.services.accounts.consents.give(caller, given, f"race-consent-{number:04}")
    return token


async def a_service(services: Services) -> HealthcareService:
    service = HealthcareService(
        id=new_id(),
        facility_id=FACILITY,
        specialty="general",
        names={"vi": "Khám bệnh"},
        preparation={},
        mode=ServiceMode.IN_PERSON,
        payments=(Payment.INSURANCE,),
        price_dong=None,
        is_active=True,
    )
    await DirectoryRepository(services.store).add_service(service)
    return service


async def a_place(services: Services, service: HealthcareService, number: int) -> Slot:
    """Put a place for one patient into the store, on a day of its own."""
    start = system_clock().replace(microsecond=0) + timedelta(days=1 + number)
    slot = Slot(
        id=new_id(),
        facility_id=service.facility_id,
        service_id=service.id,
        schedule_id=new_id(),
        session_id=new_id(),
        practitioner_id=None,
        specialty=service.specialty,
        is_remote=False,
        languages=("vi",),
        start=start,
        end=start + timedelta(minutes=15),
        capacity=1,
        room=1,
        is_open=True,
    )
    await SlotRepository(services.store).make([slot])
    return slot


async def main() -> int:
    """Print the table; return 1 when the guard fails, or the control does not."""
    plans = [("laocai", True, 1), ("laocai", True, 2), ("control, guard off", False, 2)]
    table = Table(
        "server", "processes", "rounds", "sockets", "winners", "strange", "rounds that hold"
    )
    is_right = True
    for name, guarded, processes in plans:
        rounds = await measured(guarded=guarded, processes=processes)
        winners = [one.winners for one in rounds]
        holding = sum(one.holds for one in rounds)
        is_right &= guarded is (holding == ROUNDS)
        span = f"{min(winners)} to {max(winners)}"
        strange = sum(one.strange for one in rounds)
        table.add_row(name, *map(str, (processes, ROUNDS, SOCKETS, span, strange, holding)))
    Console(width=110).print(described_machine(), table)
    return 0 if is_right else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))

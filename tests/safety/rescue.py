"""People in danger and people at rescue desks, as tests of the slice need them."""

import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import httpx

from api.accounts.caller import Caller, Grant, Role, Scope, ScopeKind
from api.context import Services
from api.kit.geo import Position
from api.safety.sos.compact import CODE_ALPHABET, CODE_CHARACTERS
from api.safety.sos.desk import SeenSos
from api.safety.sos.raising import NewSos
from api.safety.sos.records import Sos, SosKind
from api.safety.tracks import TrackPoint
from tests.accounts.families import caller_of
from tests.accounts.people import Answer, SignedInPerson, grant, new_key, signed_in
from tests.conftest import NOW, MovableClock, send

FANSIPAN = Position(22.3033, 103.7752)
SA_PA = Position(22.3364, 103.8438)
SA_PA_CODE = "03006"
DESK = "rescue"


def new_code() -> str:
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_CHARACTERS))


def a_point(**changes: Any) -> TrackPoint:  # noqa: ANN401
    return replace(TrackPoint(SA_PA, 12.0, 41, NOW), **changes)


def a_call(**changes: Any) -> NewSos:  # noqa: ANN401
    return replace(NewSos(new_code(), SosKind.LOST, a_point(), "gãy chân"), **changes)


def a_call_input(**changes: Any) -> Answer:  # noqa: ANN401
    """Return the input of raiseSos."""
    point = {
        "position": {"latitude": SA_PA.latitude, "longitude": SA_PA.longitude},
        "accuracy": 12.0,
        "battery": 41,
        "capturedAt": NOW.isoformat(),
    }
    return {
        "code": new_code(),
        "kind": "LOST",
        "point": point,
        "idempotencyKey": new_key(),
        **changes,
    }


async def ask(
    client: httpx.AsyncClient,
    operation: str,
    variables: Answer,
    person: SignedInPerson | None = None,
) -> Any:  # noqa: ANN401 - whatever the field gives
    headers = person.headers if person else None
    data = await send(client, f"safety/{operation}", variables, headers=headers, language="en")
    (result,) = data.values()
    return result


async def do(
    client: httpx.AsyncClient, operation: str, values: Answer, person: SignedInPerson | None = None
) -> Answer:
    return dict(await ask(client, operation, {"input": values}, person))


async def a_responder(
    client: httpx.AsyncClient, services: Services, desk: str = DESK
) -> SignedInPerson:
    person = await signed_in(client, services, f"responder@{desk}.example.com")
    await grant(services, person, Grant(Role.CLERK, Scope(ScopeKind.AGENCY, desk)))
    return person


@dataclass(slots=True)
class Rescue:
    """The services of the slice, called as their people would."""

    services: Services
    clock: MovableClock
    caller: Caller
    stranger: Caller
    responder: Caller

    async def raised(self, who: Caller | None = None, **changes: Any) -> Sos:  # noqa: ANN401
        raising = self.services.safety.raising
        return await raising.raise_sos(who or self.caller, None, a_call(**changes), new_key())

    async def now(self, sos: Sos) -> Sos:
        return await self.services.safety.raising.mine(self.caller, None, sos.id)

    def seen(self, sos: Sos, desk: str = DESK) -> SeenSos:
        return SeenSos(desk, sos.id, sos.state)

    async def acknowledged(self, sos: Sos) -> Sos:
        desk = self.services.safety.desk
        return await desk.acknowledge(self.responder, self.seen(sos), new_key())

    def wait(self, **duration: float) -> None:
        self.clock.now += timedelta(**duration)


async def a_rescue(client: httpx.AsyncClient, services: Services, clock: MovableClock) -> Rescue:
    return Rescue(
        services,
        clock,
        caller=await caller_of(services, await signed_in(client, services)),
        stranger=await caller_of(
            services, await signed_in(client, services, "stranger@example.com")
        ),
        responder=await caller_of(services, await a_responder(client, services)),
    )

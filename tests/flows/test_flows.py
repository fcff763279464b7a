"""Every flow for app makers, run as it is written."""

import base64
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.context import Services
from api.credentials.cards.rotating_code import code_of, step_at
from api.credentials.cards.shown import Shown
from api.tourism.seeding import seed
from tests.accounts.people import SignedInPerson, signed_in
from tests.alerts.conftest import Door, Phones, door, phones
from tests.alerts.messages import alert
from tests.conftest import MovableClock, send
from tests.credentials.cards import a_scan, keeper_of
from tests.feedback.reporting import a_clerk, agrees_to_photos, fixed
from tests.flows.flow_documents import FLOWS, Answer, Event, Request, filled, held, steps_of
from tests.health.booking import a_booker
from tests.health.places import FACILITY, a_clinic
from tests.tourist_cards.buyers import a_buyer, a_gate_at, a_product

__all__ = ["door", "phones"]


@dataclass(slots=True)
class World:
    """Those around the app, whoever is signed in to it, and what is known so far."""

    client: httpx.AsyncClient
    services: Services
    clock: MovableClock
    door: Door
    phones: Phones
    person: SignedInPerson | None = None
    known: dict[str, Any] = field(default_factory=dict[str, Any])
    answers: list[Any] = field(default_factory=list[Any])

    async def asked(self, request: Request) -> None:
        headers = self.person.headers if self.person else None
        variables = filled(request.variables, self.known)
        told = await send(
            self.client, request.operation, variables, language=request.language, headers=headers
        )
        self.answers.append(told)


@pytest.fixture
def world(
    client: httpx.AsyncClient, services: Services, clock: MovableClock, door: Door, phones: Phones
) -> World:
    return World(client, services, clock, door, phones)


async def province(world: World) -> None:
    await seed(world.services.store, lambda _done, _total: None)


async def lan(world: World) -> None:
    world.person = await signed_in(world.client, world.services)


async def mai(world: World) -> None:
    world.person = await a_booker(world.client, world.services)


async def clinic(world: World) -> None:
    await a_clinic(world.services.store)
    world.known["facility"] = FACILITY


async def anna(world: World) -> None:
    world.person = await a_buyer(world.client, world.services, "anna@example.com")


async def on_sale(world: World) -> None:
    world.known["product"] = (await a_product(world.services)).id
    world.known["gate"] = await a_gate_at(world.services)


async def mended(world: World) -> None:
    clerk = await a_clerk(world.client, world.services)
    await agrees_to_photos(world.client, clerk)
    await fixed(world.client, world.services, clerk, world.known["code"], world.clock)


async def let_in(world: World) -> None:
    key, gate = base64.b64decode(world.known["key"]), world.known["gate"]
    shown = Shown(world.known["token"], code_of(key, step_at(world.clock()))).text

    scan = await world.services.credentials.scanning.scan(
        keeper_of(gate.scope), gate.id, a_scan(shown)
    )

    assert scan.use is not None
    assert scan.use.message == "Welcome."


async def warned(world: World) -> None:
    await world.door.accepts(alert())

    assert await world.phones.names() == {world.known["device"]}


EVENTS: dict[str, Callable[[World], Awaitable[None]]] = {
    "The province is loaded.": province,
    "Lan is signed in.": lan,
    "Mai is signed in, has told her name, and agrees to what booking keeps.": mai,
    "A clinic has places on Monday.": clinic,
    "Anna is signed in, and has money in her wallet.": anna,
    "A card is on sale, and a gate stands at the cable car.": on_sale,
    "The ward takes it on, mends it, and proves it with a photo.": mended,
    "The gate scans what the phone shows, and lets Anna in.": let_in,
    "Civil defence warns, and the phone is told.": warned,
}


@pytest.mark.parametrize("path", FLOWS, ids=lambda path: path.stem)
async def test_a_flow_goes_as_it_is_written(world: World, path: Path) -> None:
    for step in steps_of(path):
        match step:
            case Event(words):
                await EVENTS[words](world)
            case Request():
                await world.asked(step)
            case Answer(members):
                found = held(members, world.answers[-1], world.known)
                assert found == filled(members, world.known)


@pytest.mark.parametrize("path", FLOWS, ids=lambda path: path.stem)
def test_every_request_of_a_flow_tells_its_answer(path: Path) -> None:
    kinds = [type(step) for step in steps_of(path) if not isinstance(step, Event)]

    assert kinds == [Request, Answer] * (len(kinds) // 2)
    assert len(kinds) >= 6


def test_all_that_others_do_is_told_in_a_flow() -> None:
    told = {it.words for path in FLOWS for it in steps_of(path) if isinstance(it, Event)}

    assert told == set(EVENTS)

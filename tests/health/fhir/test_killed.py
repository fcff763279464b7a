"""kill -9 amid deliveries: everything comes, in order, and only what was under way comes twice."""

import asyncio
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

from api.health.fhir.systems.access import SystemCaller
from api.health.fhir.systems.scopes import ALL
from api.kit.clock import system_clock
from api.kit.job_runner import JobRunner
from api.wiring import wired
from tests.conftest import MovableClock, settings_in
from tests.health.appointments import an_appointment
from tests.health.fhir.hospital import jwk_of, key_set, rsa_key
from tests.health.fhir.receiver import Receiver, a_receiver
from tests.health.fhir.test_subscriptions import subscription
from tests.health.places import FACILITY, a_clinic
from tests.processes import started

EVENTS = 40


async def book_much(folder: Path, receiver: Receiver) -> None:
    """Subscribe, and let that many appointments be booked."""
    async with wired(settings_in(folder)) as services:
        fhir = services.health.fhir
        system = await fhir.registry.add(FACILITY, "HIS", key_set(jwk_of(rsa_key(), "first")))
        caller = SystemCaller(system, ALL)
        await fhir.subscribing.create(caller, subscription(receiver.url))
        clinic = await a_clinic(services.store, places=EVENTS)
        for slot in clinic.slots:
            await services.health.booking.changes.add(an_appointment(slot))


async def killed_after(folder: Path, receiver: Receiver, count: int) -> None:
    """Run a worker until so many notifications came, and kill it."""
    process = await started("tests.health.fhir.delivering_process", str(folder))
    while len(receiver.received) < count:  # noqa: ASYNC110 - another process decides
        await asyncio.sleep(0.002)
    await process.kill()


async def test_a_killed_worker_loses_nothing_and_keeps_the_order(tmp_path: Path) -> None:
    async with a_receiver() as receiver:
        await book_much(tmp_path, receiver)
        await killed_after(tmp_path, receiver, EVENTS // 3)
        by_then = len(receiver.received)
        later = MovableClock(system_clock() + timedelta(minutes=2))

        async with wired(settings_in(tmp_path), later) as services:
            await JobRunner(services.store, later, services.health.fhir.handlers()).run_due()

    numbers = receiver.numbers
    assert by_then < EVENTS
    assert sorted(set(numbers)) == list(range(1, EVENTS + 1))
    assert len(numbers) <= EVENTS + 1
    assert all(0 <= after - before <= 1 for before, after in pairwise(numbers))

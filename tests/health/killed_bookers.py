"""A process of people who hold, book, move and cancel until it is killed: `killed_bookers.py FOLDER`.

Prints a line for each thing that was acknowledged: what became of which appointment.
"""

import asyncio
import random
import sys
from datetime import timedelta
from pathlib import Path

from api.accounts.caller import Caller
from api.collections import COLLECTIONS
from api.health.appointments.booking import Wish
from api.health.appointments.wiring import BookingServices, booking_on
from api.health.directory.records import Payment
from api.health.slots.records import Slot
from api.kit.clock import system_clock
from api.kit.errors import DomainError
from api.kit.jobs import Jobs
from api.kit.sealing import KeyFile, Sealer
from api.kit.store.sqlite import SqliteStore
from tests.accounts.people import new_key
from tests.health.patients import a_person
from tests.health.places import a_clinic

PEOPLE, DAYS, ROUNDS = 8, 5, 400
WISH = Wish("sốt cao", Payment.SELF_PAY, "vi")


def told(what: str, appointment_id: str) -> None:
    sys.stdout.write(f"{what} {appointment_id}\n")
    sys.stdout.flush()


async def live(booking: BookingServices, who: Caller, slots: list[Slot], seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a plan, not a secret
    for _ in range(ROUNDS):
        try:
            await one_visit(booking, who, slots, chance)
        except DomainError:
            continue  # somebody else has the place


async def one_visit(
    booking: BookingServices, who: Caller, slots: list[Slot], chance: random.Random
) -> None:
    first, second = chance.sample(slots, 2)
    held = await booking.holding.hold(who, first.id, None, "vi", new_key())
    told("held", held.id)
    booked = await booking.booking.book(who, held.id, WISH, new_key())
    told("booked", booked.id)
    try:
        moved = await booking.rescheduling.reschedule(who, booked.id, second.id, new_key())
        told("moved", booked.id)
        told("booked", moved.id)
        booked = moved
    finally:
        if chance.random() < 0.8:
            await booking.cancelling.cancel(who, booked.id, new_key())
            told("cancelled", booked.id)


async def main(folder: Path) -> None:
    store = SqliteStore(folder / "test.db")
    await store.open(COLLECTIONS)
    sealer = Sealer(KeyFile(folder / "keys.json"))
    booking = booking_on(store, sealer, Jobs(store, system_clock), system_clock)
    people = [await a_person(store, sealer) for _ in range(PEOPLE)]
    tomorrow = system_clock().replace(microsecond=0)
    slots: list[Slot] = []
    for day in range(1, DAYS + 1):
        clinic = await a_clinic(store, places=2, start=tomorrow + timedelta(days=day))
        slots += clinic.slots
    await asyncio.gather(*(live(booking, who, slots, number) for number, who in enumerate(people)))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))

"""Two transactions that see nothing of each other: what each decides by holds all the same.

Each with a control in which the guard is away, and both get what only one may have.
"""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from pathlib import Path

import pytest

from api.accounts.caller import Caller
from api.accounts.identity_papers.numbers import IdentityNumber, IdentityPaperKind
from api.accounts.identity_papers.repository import IdentityPaper, IdentityPaperRepository
from api.accounts.people.repository import AccountRepository
from api.accounts.privacy.consent_ledger import ConsentAct, ConsentLedger, ConsentState
from api.accounts.privacy.purposes import ConsentPurpose, current_texts
from api.collections import COLLECTIONS
from api.health.appointments.caps import Caps
from api.health.appointments.repository import ALIVE, HEALTH_APPOINTMENTS
from api.health.appointments.wiring import BookingServices, booking_on
from api.health.slots.records import Slot
from api.health.slots.repository import HEALTH_SLOTS
from api.kit.errors import DomainError
from api.kit.jobs import Jobs
from api.kit.sealing import KeyFile, Sealer
from api.kit.transactions import transact
from tests.accounts.people import new_key
from tests.accounts.snapshot_store import SnapshotStore
from tests.conftest import NOW, MovableClock
from tests.health.killed_bookers import WISH
from tests.health.patients import a_person, a_relative
from tests.health.places import MONDAY, a_clinic

CCCD = IdentityNumber(IdentityPaperKind.CCCD, "010160004417")
ALIVE_ONES = {"status": {"$in": [status.value for status in ALIVE]}}


class Races:
    """A store of snapshots with the booking services over it."""

    def __init__(self, folder: Path) -> None:
        self.store = SnapshotStore(meeting=0)
        self.sealer = Sealer(KeyFile(folder / "keys.json"))
        self.clock = MovableClock()
        jobs = Jobs(self.store, self.clock)
        self.booking: BookingServices = booking_on(self.store, self.sealer, jobs, self.clock)

    async def hold(self, who: Caller, slot: Slot, patient: str | None = None) -> str:
        held = await self.booking.holding.hold(who, slot.id, patient, "vi", new_key())
        return held.id

    async def at_once(self, *asked: Awaitable[object]) -> list[str]:
        """Return what each was answered: "done", or the name of the refusal."""
        self.store.meet(len(asked))
        return list(await asyncio.gather(*map(_answered, asked)))

    async def alive(self) -> int:
        return await self.store[HEALTH_APPOINTMENTS].count(ALIVE_ONES)

    async def taken(self) -> int:
        slots = await self.store[HEALTH_SLOTS].find({})
        return sum(slot["capacity"] - slot["room"] for slot in slots)


async def _answered(asked: Awaitable[object]) -> str:
    try:
        await asked
    except DomainError as refusal:
        return type(refusal).__name__
    return "done"


@pytest.fixture
async def races(tmp_path: Path) -> Races:
    made = Races(tmp_path)
    await made.store.open(COLLECTIONS)
    return made


def accounts_are_not_held(patch: pytest.MonkeyPatch) -> None:
    async def unwritten(self: AccountRepository, person_id: str) -> bool:
        return await self.get(person_id) is not None

    patch.setattr(AccountRepository, "hold", unwritten)


def no_turn_is_taken(patch: pytest.MonkeyPatch) -> None:
    async def nothing(*_: object) -> None:
        return None

    patch.setattr(Caps, "_take_turn", nothing)


async def third_and_fourth_hold(races: Races) -> list[str]:
    """Let a person who holds two places ask for two more at once."""
    who = await a_person(races.store, races.sealer)
    days = [
        (await a_clinic(races.store, start=MONDAY + timedelta(days=day))).slots[0]
        for day in range(4)
    ]
    for slot in days[:2]:
        await races.hold(who, slot)
    return await races.at_once(*(races.hold(who, slot) for slot in days[2:]))


async def test_of_two_holds_at_once_the_fourth_is_refused(races: Races) -> None:
    answers = await third_and_fourth_hold(races)

    assert sorted(answers) == ["TooManyHolds", "done"]
    assert await races.alive() == await races.taken() == 3


async def test_without_holding_the_account_a_person_has_four(
    races: Races, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts_are_not_held(monkeypatch)
    no_turn_is_taken(monkeypatch)

    assert await third_and_fourth_hold(races) == ["done", "done"]


async def two_daughters_book(races: Races) -> list[str]:
    """Let two people hold places of one clinic for their mother at once, whose card both registered."""
    clinic = await a_clinic(races.store)
    papers = IdentityPaperRepository(races.store, races.sealer)
    daughters: list[tuple[Caller, str]] = []
    for _ in range(2):
        who = await a_person(races.store, races.sealer)
        mother = await a_relative(races.store, races.sealer, who)
        await papers.put(IdentityPaper(who.person(), mother, CCCD, NOW))
        daughters.append((who, mother))
    return await races.at_once(
        *(
            races.hold(who, slot, mother)
            for (who, mother), slot in zip(daughters, clinic.slots, strict=False)
        )
    )


async def test_of_two_daughters_at_once_one_books_for_their_mother(races: Races) -> None:
    answers = await two_daughters_book(races)

    assert sorted(answers) == ["SameSpecialtyBooked", "done"]
    assert await races.alive() == await races.taken() == 1


async def test_without_a_turn_both_daughters_book(
    races: Races, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_turn_is_taken(monkeypatch)

    assert await two_daughters_book(races) == ["done", "done"]


async def hold_while_withdrawing(races: Races) -> None:
    """Let a person hold a place while she takes back that her health data may be used."""
    who = await a_person(races.store, races.sealer)
    clinic = await a_clinic(races.store)
    act = ConsentAct(
        state=ConsentState.WITHDRAWN,
        text=current_texts(ConsentPurpose.HEALTH)["vi"],
        subject_id=None,
        dependant_agreed=False,
        session_id=None,
        at=NOW,
    )

    async def withdraw() -> None:
        await ConsentLedger(races.store, races.sealer).append(who.person(), act)
        await races.booking.consent.consent_withdrawn(who.person(), None, ConsentPurpose.HEALTH)

    await races.at_once(races.hold(who, clinic.slots[0]), transact(races.store, withdraw))


async def test_no_place_is_held_without_the_consent(races: Races) -> None:
    await hold_while_withdrawing(races)

    assert await races.alive() == await races.taken() == 0


async def test_without_holding_the_account_a_place_would_stay_held(
    races: Races, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts_are_not_held(monkeypatch)

    await hold_while_withdrawing(races)

    assert await races.alive() == 1


async def test_moved_and_cancelled_at_once_an_appointment_has_one_end(races: Races) -> None:
    who = await a_person(races.store, races.sealer)
    clinic = await a_clinic(races.store)
    held = await races.hold(who, clinic.slots[0])
    booked = await races.booking.booking.book(who, held, WISH, new_key())
    rescheduling, cancelling = races.booking.rescheduling, races.booking.cancelling

    answers = await races.at_once(
        rescheduling.reschedule(who, booked.id, clinic.slots[1].id, new_key()),
        cancelling.cancel(who, booked.id, new_key()),
    )

    assert sorted(answers) == ["AppointmentOver", "done"]
    assert await races.alive() == await races.taken() == int(answers[0] == "done")

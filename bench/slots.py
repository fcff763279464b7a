"""findSlots over 500,000 places of 200 clinics, and what the memory of the API does meanwhile.

Two child processes each open a store, one of a week and one of 90 days, and answer the same requests:
the whole of `findSlots` through the app (GraphQL, ASGI), one at a time; then the memory that stays
resident is read. Processor time says what an answer costs when others keep the machine busy. Clinics
are made up around the real hospitals; nearly all of the first week is taken, so that searches begin
in what is full. The floor is bare SQLite: the same statement for a specialty on the same index, its
rows parsed no further. Run: `python -m bench.slots`; it fills two files first, some minutes long.
"""

import argparse
import asyncio
import json
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from statistics import quantiles
from typing import Any

import httpx
from rich.console import Console
from rich.table import Table

from api.collections import COLLECTIONS
from api.health.directory.facility import FacilityLibrary, shipped_facilities
from api.health.directory.records import (
    Facility,
    HealthcareService,
    Payment,
    Practitioner,
    ServiceMode,
)
from api.health.directory.repository import DirectoryRepository
from api.health.schedules.planning import Offer, days_from, planned
from api.health.schedules.records import Schedule, WeeklySession
from api.health.slots.records import Slot
from api.health.slots.repository import HEALTH_SLOTS, SlotRepository
from api.health.slots.wiring import places_on
from api.kit.geo import Position
from api.kit.store import Store
from api.kit.store.queries import parsed_filter, parsed_page
from api.kit.store.sqlite import SqliteStore
from api.kit.store.sqlite_statements import Statements
from api.main import create_app
from api.settings import Settings
from api.tourism.opening.holidays import HolidayCalendar
from api.wiring import services_on
from bench.machine import described_machine

CLINICS, DAYS, A_WEEK = 200, 90, 7
ASKED_AT_MOST = 100_000
P95_AT_MOST_MS = 60.0
GROWTH_AT_MOST_MB = 30
NOW = datetime(2026, 5, 3, 9, tzinfo=UTC)
SPECIALTIES = ("general", "internal", "surgery", "paediatrics", "obstetrics", "ophthalmology")
DOCUMENT = Path(__file__).parents[1] / "graphql" / "operations" / "health" / "FindSlots.graphql"
EVERY_DAY = tuple(
    WeeklySession(weekday, clock_time(opens), clock_time(opens + 4), 30, 2, 0)
    for weekday in range(1, 8)
    for opens in (7, 13)
)
"""16 places a day."""


def clinics() -> FacilityLibrary:
    """Return made-up clinics, each some kilometres from a real one."""
    chance, real = random.Random(6), list(shipped_facilities().facilities.values())
    made: dict[str, Facility] = {}
    for number in range(CLINICS):
        near = real[number % len(real)]
        position = Position(
            near.position.latitude + chance.uniform(-0.1, 0.1),
            near.position.longitude + chance.uniform(-0.1, 0.1),
        )
        made[f"clinic-{number:03}"] = replace(near, id=f"clinic-{number:03}", position=position)
    return FacilityLibrary(made)


def offers(library: FacilityLibrary) -> Iterator[Offer]:
    """Yield two schedules for each clinic; every tenth is from afar, every seventh doctor speaks French."""
    for number, facility in enumerate(library.facilities.values()):
        for which in range(2):
            specialty = SPECIALTIES[(number + which * 3) % len(SPECIALTIES)]
            yield _offer(facility, f"{facility.id}-{which}", specialty, number)


def _offer(facility: Facility, name: str, specialty: str, number: int) -> Offer:
    service = HealthcareService(
        id=f"service-{name}",
        facility_id=facility.id,
        specialty=specialty,
        names={"vi": "Khám", "en": "Consultation"},
        preparation={},
        mode=ServiceMode.REMOTE if number % 10 == 0 else ServiceMode.IN_PERSON,
        payments=(Payment.SELF_PAY,) if number // 6 % 2 else (Payment.INSURANCE, Payment.SELF_PAY),
        price_dong=None,
        is_active=True,
    )
    person = Practitioner(
        id=f"doctor-{name}",
        facility_id=facility.id,
        name=f"BS. Mẫu {number}",
        qualification="BS",
        specialties=(specialty,),
        languages=("vi", "fr") if number % 7 == 0 else ("vi",),
        is_active=True,
    )
    schedule = Schedule(
        id=f"schedule-{name}",
        facility_id=facility.id,
        service_id=service.id,
        practitioner_id=person.id,
        sessions=EVERY_DAY,
        absences=(),
        first_day=date(2026, 5, 1),
        last_day=None,
        works_on_holidays=True,
        made_until=None,
    )
    return Offer(schedule, service, person)


async def fill(store: Store, library: FacilityLibrary, days: int) -> int:
    """Make all places of some days; return how many."""
    directory, slots = DirectoryRepository(store), SlotRepository(store)
    chance, made = random.Random(7), 0
    no_holidays = HolidayCalendar(2026, 2026, {})
    for offer in offers(library):
        await directory.add_service(offer.service)
        if offer.practitioner:
            await directory.add_practitioner(offer.practitioner)
        plan = planned(offer, days_from(date(2026, 5, 4), days), no_holidays, NOW).slots
        made += await slots.make([_maybe_taken(slot, chance, days) for slot in plan])
    return made


def _maybe_taken(slot: Slot, chance: random.Random, days: int) -> Slot:
    """Return the place as it may be by then: nearly all of the first week is taken."""
    late = (slot.start - NOW) / timedelta(days=days)
    is_taken = chance.random() < (0.97 if slot.start < NOW + timedelta(days=7) else 0.5 - late / 2)
    return replace(slot, room=0) if is_taken else slot


def requests(count: int, seed: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield kinds of searches and their variables."""
    chance = random.Random(seed)
    for number in range(count):
        specialty = chance.choice(SPECIALTIES)
        near = {
            "latitude": chance.uniform(21.5, 22.8),
            "longitude": chance.uniform(103.7, 104.9),
        }
        clinic = f"clinic-{chance.randrange(CLINICS):03}"
        start = NOW + timedelta(days=chance.randrange(80))
        kinds: Sequence[tuple[str, dict[str, Any]]] = (
            ("soonest", {"specialty": specialty}),
            ("nearest", {"specialty": specialty, "near": near, "order": "NEAREST"}),
            ("facility", {"facilityId": clinic}),
            ("doctor", {"practitionerId": f"doctor-{clinic}-0"}),
            ("remote", {"specialty": specialty, "mode": "REMOTE", "near": near}),
            ("French", {"specialty": specialty, "language": "fr"}),
            ("insurance", {"specialty": specialty, "payment": "INSURANCE"}),
            ("from a day", {"specialty": specialty, "from": start.isoformat()}),
        )
        yield kinds[number % len(kinds)]


@asynccontextmanager
async def app_over(path: Path, library: FacilityLibrary) -> AsyncGenerator[httpx.AsyncClient]:
    """Serve the app over a filled file to a client in the same process."""
    folder = path.parent / f"{path.stem}-data"
    settings = Settings(
        data_folder=folder,
        log_level="ERROR",
        requests_per_minute_per_address=ASKED_AT_MOST,  # the clock stands still
    )
    store = SqliteStore(path)
    await store.open(COLLECTIONS)

    def clock() -> datetime:
        return NOW

    async with services_on(store, settings, clock) as services:
        places = places_on(store, services.jobs, services.audit, clock, library)
        app = create_app(settings)
        app.state.services = replace(services, health=replace(services.health, places=places))
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://bench") as client:
            yield client
    await store.close()


async def answered(path: Path, count: int) -> Mapping[str, Any]:
    """Answer requests and return the milliseconds of each kind, and the resident megabytes after."""
    document, found = DOCUMENT.read_text(), 0
    taken, processor, rounds = dict[str, list[float]](), dict[str, list[float]](), list[float]()
    async with app_over(path, clinics()) as client:
        for seed in range(3):
            for kind, variables in requests(count, seed):
                body = {"query": document, "variables": variables}
                start, used = time.perf_counter(), time.process_time()
                reply = (await client.post("/graphql", json=body)).json()
                taken.setdefault(kind, []).append((time.perf_counter() - start) * 1_000)
                processor.setdefault(kind, []).append((time.process_time() - used) * 1_000)
                found += len(reply["data"]["findSlots"]["edges"])
            rounds.append(resident_megabytes())
    return {"taken": taken, "processor": processor, "resident": rounds, "found": found}


def resident_megabytes() -> float:
    """Return what of this process is in memory now (Linux)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def floor(path: Path, count: int) -> list[float]:
    """Return the milliseconds of the bare statement of "soonest"."""
    chance, taken = random.Random(0), list[float]()
    with closing(sqlite3.connect(path)) as connection:
        for _ in range(count):
            asked = {
                "specialty": chance.choice(SPECIALTIES),
                "is_remote": False,
                "is_open": True,
                "room": {"$gt": 0},
                "start": {"$gte": NOW, "$lt": NOW + timedelta(days=90)},
            }
            sql, parameters = Statements(HEALTH_SLOTS).selection(
                "document", parsed_filter(asked), parsed_page([("start", 1)], 21)
            )
            start = time.perf_counter()
            connection.execute(sql, parameters).fetchall()
            taken.append((time.perf_counter() - start) * 1_000)
    return taken


async def filled(path: Path, days: int, *, is_new: bool) -> int:
    """Return how many places a file has; fill it where it is new."""
    store = SqliteStore(path)
    await store.open(COLLECTIONS)
    count = await fill(store, clinics(), days) if is_new else await store[HEALTH_SLOTS].count({})
    await store.close()
    return count


def made(path: Path, days: int) -> int:
    return asyncio.run(filled(path, days, is_new=not path.exists()))


def in_a_child(path: Path, count: int) -> Mapping[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.slots", "--answer", str(path), "--queries", str(count)],
        capture_output=True,
        check=True,
    )
    answer: Mapping[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


@dataclass(frozen=True, slots=True)
class Marks:
    p50: float
    p95: float
    p99: float
    most: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Marks":
        cuts = quantiles(values, n=100, method="inclusive")
        return cls(cuts[49], cuts[94], cuts[98], max(values))


def show(
    console: Console,
    places: int,
    taken: Mapping[str, Sequence[float]],
    processor: Mapping[str, Sequence[float]],
) -> None:
    table = Table(title=f"findSlots over {places:,} places, milliseconds")
    for column in ("search", "count", "p50", "p95", "p99", "most", "processor p50", "p95"):
        table.add_column(column, justify="left" if column == "search" else "right")
    for kind, values in taken.items():
        marks, used = Marks.of(values), Marks.of(processor.get(kind, values))
        figures = (marks.p50, marks.p95, marks.p99, marks.most, used.p50, used.p95)
        table.add_row(kind, str(len(values)), *(f"{it:.2f}" for it in figures))
    console.print(table)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--queries", type=int, default=400)
    parser.add_argument("--folder", type=Path, help="where files are kept for another run")
    parser.add_argument("--answer", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.answer:
        print(json.dumps(asyncio.run(answered(options.answer, options.queries))))
        return
    console = Console(width=100)
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        start = time.perf_counter()
        few = made(folder / "week.db", A_WEEK)
        many = made(folder / "quarter.db", DAYS)
        console.print(f"filled in {time.perf_counter() - start:.0f} s")
        small, large = (
            in_a_child(folder / name, options.queries) for name in ("week.db", "quarter.db")
        )
        taken, processor = _with_all(large["taken"]), _with_all(large["processor"])
        taken["floor: bare SQLite"] = floor(folder / "quarter.db", options.queries)
    show(console, many, taken, processor)
    growth = large["resident"][-1] - small["resident"][-1]
    console.print(
        f"resident after each third: {_megabytes(small)} MB over {few:,} places,"
        f" {_megabytes(large)} MB over {many:,}; {large['found']:,} places answered"
    )
    console.print(described_machine())
    p95 = Marks.of(taken["all"]).p95
    console.print(
        f"p95 {p95:.1f} ms, goal {P95_AT_MOST_MS:.0f}; memory {growth:+.0f} MB, goal {GROWTH_AT_MOST_MB}"
    )
    if p95 > P95_AT_MOST_MS or growth > GROWTH_AT_MOST_MB:
        raise SystemExit(1)


def _with_all(values: Mapping[str, list[float]]) -> dict[str, list[float]]:
    return {**values, "all": [it for some in values.values() for it in some]}


def _megabytes(answer: Mapping[str, Any]) -> str:
    return "/".join(f"{it:.0f}" for it in answer["resident"])


if __name__ == "__main__":
    main()

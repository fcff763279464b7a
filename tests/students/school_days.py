"""A school with cards, a gate, a calendar and a guardian with a phone, on a Monday morning before the bell."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count

import httpx

from api.accounts.caller import Caller, Grant, Role, Scope, ScopeKind
from api.context import Services
from api.credentials.gates.records import Gate
from api.credentials.records import CredentialKind
from api.credentials.scans.records import Scan, ScanPurpose
from api.kit.formats import VIETNAM_TIME
from api.kit.ids import new_id
from api.students.attendance.attendance_day import AttendanceDay
from api.students.attendance.repository import AttendanceRepository
from notifications.fan_outs import FAN_OUTS
from notifications.outbox import OUTBOX
from tests.accounts import phones
from tests.accounts.exporting import run_jobs
from tests.accounts.families import caller_of
from tests.accounts.people import SignedInPerson, new_key, signed_in
from tests.accounts.people import call as call_accounts
from tests.conftest import MovableClock
from tests.credentials.cards import a_gate, a_scan
from tests.students.school import (
    BAO,
    LAN,
    MAI,
    SCHOOL,
    a_clerk,
    a_guardian,
    class_id_of,
    enrolled,
    pupils_at,
)
from tests.students.test_calendars import put as put_calendar

MONDAY = date(2026, 5, 4)
SCOPE = Scope(ScopeKind.SCHOOL, SCHOOL)
_NAMES = {"2411000001": "lan", "2411000002": "bao", "2411000003": "mai"}
_PHONES = count(1)


def at(clock_time: str, day: date = MONDAY) -> datetime:
    """Return a moment by the clocks of Vietnam: `at("07:05")`."""
    local = datetime.combine(day, datetime.strptime(clock_time, "%H:%M").time(), VIETNAM_TIME)  # noqa: DTZ007
    return local.astimezone(UTC)


@dataclass(slots=True)
class SchoolDay:
    """`pupils`: ids by given name, of class 2A (lan, bao) and 3B (mai), all with a printed card."""

    client: httpx.AsyncClient
    services: Services
    clock: MovableClock
    office: Caller
    mother: Caller
    mother_person: SignedInPerson
    keeper: Caller
    gate: Gate
    pupils: Mapping[str, str]

    def is_now(self, clock_time: str, day: date = MONDAY) -> None:
        self.clock.now = at(clock_time, day)

    async def work(self) -> None:
        """Let the worker do what is due."""
        await run_jobs(self.services, self.clock)

    async def card(self, name: str) -> str:
        """Return what the QR code of a pupil's printed card holds."""
        issuing = self.services.credentials.issuing
        credential = await issuing.of_subject(CredentialKind.STUDENT_CARD, self.pupils[name])
        assert credential is not None
        return (await self.services.credentials.staffing.printed(credential)).token

    async def scan(
        self, name: str, purpose: ScanPurpose = ScanPurpose.ENTRY, *, id: str | None = None
    ) -> Scan:
        """Show a pupil's card at the gate, online."""
        asked = a_scan(await self.card(name), id=id, purpose=purpose, confirmed=True)
        return await self.services.credentials.scanning.scan(self.keeper, self.gate.id, asked)

    async def scanned_at(
        self, name: str, moment: datetime, purpose: ScanPurpose = ScanPurpose.ENTRY
    ) -> Scan:
        """Let the gate tell of a scan that it made offline."""
        asked = a_scan(await self.card(name), at=moment, purpose=purpose, confirmed=True)
        scanning = self.services.credentials.scanning
        (recorded,) = await scanning.record(self.keeper, self.gate.id, [asked])
        assert recorded.scan is not None, recorded.problem
        return recorded.scan

    async def day(self, name: str, day: date = MONDAY) -> AttendanceDay | None:
        days = AttendanceRepository(self.services.store, self.services.sealer)
        return await days.get(self.pupils[name], day)

    async def state(self, name: str, day: date = MONDAY) -> str:
        """Return what a pupil's guardian or office is told of a day."""
        found = await self.services.students.attendance.of_pupil(
            self.office, self.pupils[name], day, day
        )
        return found[0].state.name if found else "NOTHING"

    async def told(self, language: str = "en") -> list[str]:
        """Return what the mother's phones were told, in the order in which it was queued."""
        batches = await self.services.store[OUTBOX].find({}, sort=[("due_at", 1)])
        notices = await self.services.store[FAN_OUTS].get_many([it["notice_id"] for it in batches])
        bodies: list[str] = []
        for batch in batches:
            texts = {it["language"]: it["body"] for it in notices[batch["notice_id"]]["texts"]}
            bodies += [texts.get(language) or next(iter(texts.values()))] * len(batch["device_ids"])
        return bodies


async def a_phone(client: httpx.AsyncClient, person: SignedInPerson, language: str = "en") -> str:
    """Register a phone and sign a person in on it; return its id."""
    registered = await phones.register(
        client,
        new_key(),
        registration=f"fcm-registration-of-school-{next(_PHONES)}",
        language=language,
    )
    device = {"id": registered["device"]["id"], "secret": registered["secret"]}
    linked = await call_accounts(
        client, "LinkDevice", {**device, "idempotencyKey": new_key()}, person
    )
    assert linked["__typename"] == "LinkDeviceSuccess", linked
    return str(registered["device"]["id"])


async def a_school_day(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> SchoolDay:
    clerk = await a_clerk(client, services)
    header = "Mã học sinh,Họ và tên,Ngày sinh,Lớp,Buổi"
    rows = (f"{LAN},Sáng", f"{BAO},Sáng", f"{MAI},Chiều")
    await enrolled(client, services, clerk, clock, *rows, header=header)
    ids = {_NAMES[number]: pupil.id for number, pupil in (await pupils_at(services)).items()}
    await put_calendar(client, clerk)
    office = await caller_of(services, clerk)
    for name in ("2A", "3B"):
        await services.students.cards.issue(office, SCHOOL, class_id_of(name), new_key())
    mother = await a_guardian(client, services, clerk, ids["lan"])
    await a_phone(client, mother)
    keeper = Caller(new_id(), new_id(), frozenset({Grant(Role.GATEKEEPER, SCOPE)}))
    school_day = SchoolDay(
        client=client,
        services=services,
        clock=clock,
        office=office,
        mother=await caller_of(services, mother),
        mother_person=mother,
        keeper=keeper,
        gate=await a_gate(services.credentials, SCOPE),
        pupils=ids,
    )
    # The chain of days runs through the holidays to Monday.
    for day in (1, 2, 3, 4):
        clock.now = at("23:00", date(2026, 5, day - 1) if day > 1 else date(2026, 5, 1))
        await school_day.work()
    school_day.is_now("00:10")
    await school_day.work()
    school_day.is_now("06:50")
    return school_day


async def another_person(
    client: httpx.AsyncClient, services: Services, address: str
) -> SignedInPerson:
    return await signed_in(client, services, address)

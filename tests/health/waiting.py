"""People with appointments, phones and numbers, and what they were told, as tests of waiting need them."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count

from api.accounts.caller import Caller
from api.accounts.people.repository import Account, AccountRepository, Profile
from api.accounts.privacy.consents import GivenConsent
from api.accounts.privacy.purposes import ConsentPurpose, current_texts
from api.accounts.sign_in.ways_in import WayIn, WayKind, WaysIn
from api.context import Services
from api.health.appointments.booking import Wish as BookingWish
from api.health.appointments.records import Appointment
from api.health.appointments.repository import AppointmentRepository
from api.health.directory.records import Payment
from api.health.slots.records import Slot
from api.health.slots.repository import SlotRepository
from api.health.waitlist.joining import Wanted
from api.health.waitlist.repository import HEALTH_KEPT_PLACES
from api.health.waitlist.wish import PartOfDay, Wish
from api.kit.ids import new_id
from notifications.device_repository import DeviceRepository
from notifications.devices import (
    Device,
    DeviceProfile,
    Platform,
    Registration,
    RegistrationKind,
)
from notifications.fan_outs import FAN_OUTS
from notifications.outbox import OUTBOX
from notifications.quiet_hours import QuietHours
from notifications.text_message import TextMessage
from notifications.text_outbox import TEXT_OUTBOX, opened
from tests.accounts.exporting import run_jobs
from tests.conftest import NOW, MovableClock
from tests.health.places import FACILITY, MONDAY

REASON = "đau bụng ba ngày nay"
A_DAY = date(2026, 5, 4)
_NUMBERS = count(1)


def a_key() -> str:
    return f"key-of-who-waits-{next(_NUMBERS):04}"


async def a_patient(services: Services, name: str = "Mai") -> Caller:
    """Let somebody have an account with a name, and agree to the use of health data."""
    caller = Caller(new_id(), new_id())
    accounts = AccountRepository(services.store, services.sealer)
    await accounts.add(Account(caller.person(), "vi", Profile(name), frozenset(), NOW))
    version = current_texts(ConsentPurpose.HEALTH)["en"].version
    given = GivenConsent(ConsentPurpose.HEALTH, version, "en", None, dependant_agrees=False)
    await services.accounts.consents.give(caller, given, a_key())
    return caller


async def a_phone(
    services: Services, caller: Caller, quiet_hours: QuietHours | None = None
) -> Device:
    """Sign a person in on a phone."""
    name = f"registration-of-who-waits-{next(_NUMBERS)}"
    registration = Registration(RegistrationKind.TOKEN, name)
    profile = DeviceProfile(registration, Platform.ANDROID, "vi", quiet_hours, frozenset(), None)
    secret = hashlib.sha256(name.encode()).hexdigest()
    device = Device(new_id(), secret, profile, NOW, NOW)
    devices = DeviceRepository(services.store)
    await devices.put(device)
    linked = await devices.link(device, caller.person(), new_id(), NOW)
    assert linked is not None
    return linked


async def a_way(services: Services, caller: Caller, kind: WayKind, value: str) -> None:
    ways = WaysIn(services.store, services.sealer)
    await ways.add(caller.person(), WayIn(kind, value, NOW))


async def hold(services: Services, caller: Caller, slot: Slot, language: str = "en") -> Appointment:
    holding = services.health.booking.holding
    return await holding.hold(caller, slot.id, None, language, a_key())


async def book(services: Services, caller: Caller, slot: Slot, language: str = "en") -> Appointment:
    """Hold and book a place, for the reason REASON."""
    held = await hold(services, caller, slot, language)
    how = BookingWish(REASON, Payment.INSURANCE, language)
    return await services.health.booking.booking.book(caller, held.id, how, a_key())


async def cancel(services: Services, caller: Caller, appointment: Appointment) -> Appointment:
    return await services.health.booking.cancelling.cancel(caller, appointment.id, a_key())


def wanted(
    *,
    service_id: str | None = None,
    facility_id: str | None = FACILITY,
    specialty: str | None = "general",
    dependant_id: str | None = None,
    first: date = A_DAY,
    last: date = A_DAY,
    part_of_day: PartOfDay = PartOfDay.WHOLE_DAY,
    language: str = "en",
) -> Wanted:
    return Wanted(
        service_id, facility_id, specialty, dependant_id, first, last, part_of_day, language
    )


async def join(services: Services, caller: Caller, what: Wanted | None = None) -> Wish:
    return await services.health.waiting.joining.join(caller, what or wanted(), a_key())


async def wish_of(services: Services, caller: Caller) -> Wish:
    """Return the newest wish of a person."""
    return (await services.health.waiting.joining.mine(caller))[0]


async def offered(services: Services, caller: Caller) -> Appointment | None:
    """Return what is held for a person who waits."""
    wish = await wish_of(services, caller)
    if wish.offer is None:
        return None
    return await AppointmentRepository(services.store, services.sealer).get(wish.offer)


async def work(services: Services, clock: MovableClock) -> int:
    return await run_jobs(services, clock)


async def room(services: Services, slot: Slot) -> int:
    found = await SlotRepository(services.store).get(slot.id)
    assert found is not None
    return found.room


async def kept_back(services: Services) -> int:
    """Return how many places are nobody's, and shown to nobody."""
    return await services.store[HEALTH_KEPT_PLACES].count({})


@dataclass(frozen=True, slots=True)
class Pushed:
    title: str
    body: str
    data: dict[str, str]


async def pushed(services: Services) -> list[Pushed]:
    """Return what was queued for phones, in that order."""
    batches = await services.store[OUTBOX].find({}, sort=[("due_at", 1)])
    notices = await services.store[FAN_OUTS].get_many([it["notice_id"] for it in batches])
    found: list[Pushed] = []
    for batch in batches:
        notice = notices[batch["notice_id"]]
        data = {it["key"]: it["value"] for it in notice["data"]}
        (text,) = notice["texts"]
        found += [Pushed(text["title"], text["body"], data)] * len(batch["device_ids"])
    return found


async def bodies(services: Services) -> list[str]:
    return [it.body for it in await pushed(services)]


async def texts(services: Services) -> list[TextMessage]:
    """Return the SMS and e-mails that were queued."""
    found = await services.store[TEXT_OUTBOX].find({}, sort=[("queued_at", 1)])
    return [opened(services.sealer, TEXT_OUTBOX, document) for document in found]


@dataclass(slots=True)
class Crowd:
    """A booked-out place, who has it, and how to let time pass."""

    services: Services
    clock: MovableClock
    holder: Caller
    booked: Appointment
    slot: Slot

    async def free(self) -> None:
        await cancel(self.services, self.holder, self.booked)

    async def after(self, **duration: float) -> None:
        """Let time pass, and the worker do what is due then."""
        self.clock.advance(**duration)
        await work(self.services, self.clock)


def monday_at(hours: int, minutes: int = 0) -> datetime:
    """Return a moment of MONDAY by the clocks of Vietnam."""
    return MONDAY + timedelta(hours=hours - 7, minutes=minutes)

"""People who will be there by what they planned or booked are told on all their devices, each once."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from api.kit.area import Area
from api.kit.audience_source import Period
from api.kit.store import Store
from notifications import audience
from notifications.audience import SelectedPage, Selection
from notifications.device_repository import DeviceRepository, FoundDevices
from notifications.fan_outs import FanOuts
from notifications.notice import Audience
from notifications.preferences import Preferences, Subject, WarningLevel
from notifications.service import Notifications, Reckoning
from tests.conftest import NOW, MovableClock
from tests.notifications.factories import YEN_BAI, a_device, a_notice, put
from tests.notifications.test_audience import AROUND_SA_PA
from tests.notifications.test_fan_out import Crash, crashing_after, queued

SA_PA_ONLY = Audience(AROUND_SA_PA, frozenset({"03006"}))


@dataclass(slots=True)
class Stays:
    """Implements AudienceSource with a list."""

    name: str
    persons: list[str]
    asked: list[tuple[frozenset[str], Period, str | None]] = field(
        default_factory=list[tuple[frozenset[str], Period, str | None]]
    )

    async def persons_in(
        self,
        area: Area,
        communes: frozenset[str],
        period: Period,
        after: str | None,
        said_since: datetime | None,
    ) -> AsyncGenerator[str]:
        assert said_since is None
        assert not area.is_empty
        self.asked.append((communes, period, after))
        for person_id in sorted(self.persons):
            if after is None or person_id > after:
                yield person_id


async def a_phone_of(store: Store, person_id: str, name: str, **changes: object) -> None:
    device = a_device(id=name, **{"at": YEN_BAI, **changes})  # type: ignore[arg-type]
    await put(store, replace(device, person_id=person_id, session_id="session"))


async def test_all_devices_of_who_is_expected_are_told_once(
    store: Store, clock: MovableClock
) -> None:
    await a_phone_of(store, "mai", "mai-phone")
    await a_phone_of(store, "mai", "mai-tablet")
    await a_phone_of(store, "son", "son-phone", at=None, homes=["03006"])
    await a_phone_of(store, "lan", "lan-phone")
    stays, trips = Stays("stays", ["mai", "son"]), Stays("trips", ["mai"])

    count = await Notifications(store, clock, [trips, stays]).fan_out(a_notice(), SA_PA_ONLY)

    assert count == 3
    assert await queued(store) == {"mai-phone": 1, "mai-tablet": 1, "son-phone": 1}
    period = Period(NOW, NOW + timedelta(hours=6))
    assert stays.asked == trips.asked == [(frozenset({"03006"}), period, None)]


async def test_preferences_are_heeded(store: Store, clock: MovableClock) -> None:
    spared = Preferences(least=WarningLevel.SEVERE)
    await a_phone_of(store, "mai", "mai-phone", preferences=spared)
    notifications = Notifications(store, clock, [Stays("stays", ["mai"])])
    mild = replace(SA_PA_ONLY, subject=Subject(None, WarningLevel.MINOR))
    extreme = replace(SA_PA_ONLY, subject=Subject(None, WarningLevel.EXTREME))

    assert await notifications.fan_out(a_notice("mild"), mild) == 0
    assert await notifications.fan_out(a_notice("extreme"), extreme) == 1


@pytest.mark.parametrize("people_at_once", [1, 2, 2_000])
@pytest.mark.parametrize("batches", range(5))
async def test_a_crash_among_them_loses_and_doubles_nobody(
    store: Store,
    clock: MovableClock,
    monkeypatch: pytest.MonkeyPatch,
    batches: int,
    people_at_once: int,
) -> None:
    monkeypatch.setattr(audience, "PEOPLE_AT_ONCE", people_at_once)
    monkeypatch.setattr(audience, "PAGE_SIZE", 1)
    for person in ("mai", "son", "lan"):
        await a_phone_of(store, person, f"{person}-phone")
    await a_phone_of(store, "mai", "mai-tablet")
    sources = [Stays("stays", ["mai", "son"]), Stays("trips", ["lan", "son"])]
    add = FanOuts.add
    with monkeypatch.context() as patched, suppress(Crash):
        patched.setattr(FanOuts, "add", crashing_after(batches, add))
        await Notifications(store, clock, sources).fan_out(a_notice(), SA_PA_ONLY)

    await Notifications(store, clock, sources).fan_out(a_notice(), SA_PA_ONLY)

    names = ("mai-phone", "mai-tablet", "son-phone", "lan-phone")
    assert await queued(store) == dict.fromkeys(names, 1)


async def test_a_cursor_that_runs_ahead_loses_somebody(
    store: Store, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: a page must not be left behind before the last of its devices is in."""
    devices_of = Selection._devices_of  # pyright: ignore[reportPrivateUsage]

    async def ahead(
        self: Selection, people: Sequence[str], source: str, after: str | None
    ) -> AsyncGenerator[SelectedPage]:
        async for page in devices_of(self, people, source, after):
            yield replace(page, cursor=("expected", source, people[-1]))

    monkeypatch.setattr(Selection, "_devices_of", ahead)
    monkeypatch.setattr(audience, "PAGE_SIZE", 1)
    for name in ("mai-phone", "mai-tablet"):
        await a_phone_of(store, "mai", name)
    add, sources = FanOuts.add, [Stays("stays", ["mai"])]
    with monkeypatch.context() as patched, suppress(Crash):
        patched.setattr(FanOuts, "add", crashing_after(1, add))
        await Notifications(store, clock, sources).fan_out(a_notice(), SA_PA_ONLY)

    assert await Notifications(store, clock, sources).fan_out(a_notice(), SA_PA_ONLY) == 1


async def test_whoever_planned_twice_is_told_once(store: Store, clock: MovableClock) -> None:
    await a_phone_of(store, "mai", "mai-phone")
    sources = [Stays("stays", ["mai"]), Stays("trips", ["mai"])]

    assert await Notifications(store, clock, sources).fan_out(a_notice(), SA_PA_ONLY) == 1


async def test_the_store_is_asked_once_a_page(
    store: Store, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [f"person-{number}" for number in range(7)]
    for person in people:
        await a_phone_of(store, person, f"phone-of-{person}")
    asked: list[int] = []
    linked_to = DeviceRepository.linked_to

    async def counted(self: DeviceRepository, person_ids: Sequence[str]) -> FoundDevices:
        asked.append(len(person_ids))
        return await linked_to(self, person_ids)

    monkeypatch.setattr(DeviceRepository, "linked_to", counted)
    monkeypatch.setattr(audience, "PEOPLE_AT_ONCE", 3)

    count = await Notifications(store, clock, [Stays("stays", people)]).fan_out(
        a_notice(), SA_PA_ONLY
    )

    assert (count, asked) == (7, [3, 3, 1])


async def test_they_are_reckoned_with_and_are_no_edge(store: Store, clock: MovableClock) -> None:
    await a_phone_of(store, "mai", "mai-phone")
    await a_phone_of(store, "son", "son-phone", at=None)
    sources = [Stays("stays", ["mai", "son"]), Stays("trips", ["mai"])]
    notifications = Notifications(store, clock, sources)

    reckoning = await notifications.reckon(SA_PA_ONLY, NOW + timedelta(hours=6))

    assert reckoning == Reckoning(devices=2, at_the_edge=0)
    assert await queued(store) == {}

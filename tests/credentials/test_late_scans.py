"""What a gate let in while it was offline: facts that are kept, in any order, and flagged where in doubt."""

from datetime import timedelta

import pytest

from api.context import Services
from api.credentials.errors import CredentialErrorCode
from api.credentials.gates.errors import GateNotFound
from api.credentials.records import RevocationReason, student_cards_of
from api.credentials.scans.records import Fault, Scan, ScanPurpose, Use
from api.credentials.scans.refusals import REFUSALS, TooManyScans
from api.credentials.scans.repository import SCANS, ScanRepository
from api.credentials.scans.scanning import SCANS_AT_MOST, RecordedScan
from api.credentials.service import CredentialService
from api.kit.errors import N_, DomainError
from api.kit.store import Store
from api.tourism.errors import TourismErrorCode
from tests.conftest import NOW, MovableClock
from tests.credentials.cards import (
    ADMINISTRATOR,
    CABLE_CAR,
    MUSEUM,
    SCHOOL,
    Phone,
    Recorder,
    a_card,
    a_gate,
    a_phone,
    a_scan,
    everything,
    keeper_of,
    service_with,
    told,
)

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@pytest.fixture
def service(services: Services) -> CredentialService:
    return services.credentials


def kept(recorded: RecordedScan) -> Scan:
    assert recorded.scan is not None, recorded.problem
    return recorded.scan


async def flags_of(service: CredentialService, gate_id: str) -> list[tuple[Fault, str | None]]:
    """Return the faults of a gate's open flags, the newest first, and the scans they name besides."""
    page = await service.flags.of_gate(ADMINISTRATOR, gate_id, 50, None, is_open=True)
    return [(flag.fault, flag.other_scan_id) for flag in page.items]


async def test_a_late_scan_is_a_fact_of_its_time(services: Services, clock: MovableClock) -> None:
    ride = Recorder(answer=Use("This card is good.", {}, "ride-1"))
    service = service_with(services, clock, [ride])
    card, phone = await a_phone(service)
    gate = await a_gate(service)
    clock.advance(days=3)

    (recorded,) = await told(
        service, gate, a_scan(phone.shows(NOW), at=NOW, purpose=ScanPurpose.RIDE)
    )

    scan = kept(recorded)
    assert (scan.scanned_at, scan.received_at, scan.is_late) == (NOW, NOW + 3 * DAY, True)
    assert (scan.credential_id, scan.faults, scan.use) == (card.id, (), ride.answer)
    (seen,) = ride.seen or []
    assert (seen.scanned_at, seen.is_late, seen.faults) == (NOW, True, frozenset())
    assert await flags_of(service, gate.id) == []


async def test_scans_told_twice_are_kept_once(service: CredentialService, store: Store) -> None:
    _, phone = await a_phone(service)
    gate = await a_gate(service)
    moments = [NOW - n * MINUTE + timedelta(microseconds=570) for n in range(3)]
    scans = [a_scan(phone.shows(at), at=at) for at in moments]
    first = await told(service, gate, *scans)
    before = await everything(store)

    again = await told(service, gate, *reversed(scans))

    assert [one.was_known for one in first] == [False] * 3
    assert [(one.scan, one.was_known) for one in again] == [
        (one.scan, True) for one in reversed(first)
    ]
    assert await everything(store) == before


async def test_what_was_let_in_online_and_told_again_is_known(service: CredentialService) -> None:
    _, phone = await a_phone(service)
    gate = await a_gate(service)
    asked = a_scan(phone.shows(NOW))
    online = await service.scanning.scan(keeper_of(CABLE_CAR), gate.id, asked)

    (again,) = await told(service, gate, a_scan(asked.shown, id=asked.id, at=NOW))

    assert (again.scan, again.was_known) == (online, True)


async def test_one_bad_item_does_not_sink_the_others(service: CredentialService) -> None:
    _, phone = await a_phone(service)
    gate = await a_gate(service)
    first = a_scan(phone.shows(NOW), at=NOW)
    naive = NOW.replace(tzinfo=None)

    recorded = await told(
        service,
        gate,
        first,
        a_scan("x", id="short", at=NOW),
        a_scan("y" * 4_297, at=NOW),
        a_scan("z", at=naive),
        a_scan("another card", id=first.id, at=NOW),
        a_scan(phone.shows(NOW + MINUTE), at=NOW + MINUTE),
    )

    assert [one.problem.code.name if one.problem else "" for one in recorded] == [
        "",
        "INVALID_SCAN",
        "INVALID_SCAN",
        "INVALID_SCAN",
        "SCAN_ID_REUSED",
        "",
    ]
    assert [one.problem.field for one in recorded if one.problem] == [
        "id",
        "shown",
        "scannedAt",
        "id",
    ]


async def test_a_code_that_two_offline_gates_let_in_is_told_at_sync(
    service: CredentialService, clock: MovableClock
) -> None:
    card, phone = await a_phone(service)
    here, there = await a_gate(service), await a_gate(service, MUSEUM)
    shown = phone.shows(NOW)
    clock.advance(days=2)

    (first,) = await told(service, here, a_scan(shown, at=NOW))
    (second,) = await told(service, there, a_scan(shown, at=NOW))

    assert kept(first).faults == ()
    assert (kept(second).faults, kept(second).credential_id) == ((Fault.CODE_USED,), card.id)
    assert await flags_of(service, here.id) == []
    assert await flags_of(service, there.id) == [(Fault.CODE_USED, kept(first).id)]


async def test_a_card_that_was_revoked_before_is_flagged_with_since_when(
    service: CredentialService, clock: MovableClock
) -> None:
    card, phone = await a_phone(service)
    gate = await a_gate(service)
    await service.issuing.revoke(card.id, RevocationReason.STOLEN, NOW)
    clock.advance(hours=1)

    before, after = await told(
        service,
        gate,
        a_scan(phone.shows(NOW - MINUTE), at=NOW - MINUTE),
        a_scan(phone.shows(NOW), at=NOW),
    )

    assert (kept(before).faults, kept(after).faults) == ((), (Fault.REVOKED,))
    page = await service.flags.of_gate(ADMINISTRATOR, gate.id, 50, None, is_open=True)
    assert [(flag.fault, flag.since, flag.scan_id) for flag in page.items] == [
        (Fault.REVOKED, NOW, kept(after).id)
    ]


async def test_a_suspension_counts_for_its_time_only(
    service: CredentialService, clock: MovableClock
) -> None:
    card, phone = await a_phone(service)
    gate = await a_gate(service)
    await service.issuing.suspend(card.id, NOW)
    await service.issuing.reinstate(card.id, NOW + 5 * MINUTE)
    clock.advance(hours=1)

    recorded = await told(
        service,
        gate,
        *(a_scan(phone.shows(NOW + n * MINUTE), at=NOW + n * MINUTE) for n in (-1, 0, 4, 5)),
    )

    assert [kept(one).faults for one in recorded] == [
        (),
        (Fault.SUSPENDED,),
        (Fault.SUSPENDED,),
        (),
    ]


async def test_an_old_phone_is_flagged_from_the_re_issue_on(
    service: CredentialService, clock: MovableClock
) -> None:
    card, old = await a_phone(service)
    gate = await a_gate(service)
    new = await Phone.with_card(service, await service.issuing.reissue(card.id, NOW))
    clock.advance(hours=1)

    recorded = await told(
        service,
        gate,
        a_scan(old.shows(NOW - MINUTE), at=NOW - MINUTE),
        a_scan(old.shows(NOW), at=NOW),
        a_scan(new.shows(NOW), at=NOW),
    )

    assert [kept(one).faults for one in recorded] == [(), (Fault.REPLACED,), ()]


async def test_what_is_no_card_of_ours_is_kept_without_its_text(
    service: CredentialService, services: Services
) -> None:
    gate = await a_gate(service)
    somebody_s = "010183904417|Nguyễn Văn A|01011980"

    (recorded,) = await told(service, gate, a_scan(somebody_s, at=NOW))

    scan = kept(recorded)
    assert (scan.credential_id, scan.use, scan.faults) == (None, None, (Fault.WRONG_SIGNATURE,))
    assert "010183904417" not in str(await services.store[SCANS].find({}))


async def test_what_proves_nothing_is_taken_from_nobody(
    services: Services, clock: MovableClock
) -> None:
    ride = Recorder()
    service = service_with(services, clock, [ride])
    _, phone = await a_phone(service)
    _, pupil = await a_phone(service, student_cards_of(SCHOOL.id))
    gate = await a_gate(service)
    clock.advance(days=31)
    late, now = NOW - MINUTE, clock()

    recorded = await told(
        service,
        gate,
        a_scan(phone.token, at=now),
        a_scan(phone.shows(NOW), at=now),
        a_scan(pupil.shows(now), at=now),
        a_scan(phone.shows(late), at=late),
        a_scan(phone.shows(now + 2 * MINUTE), at=now + 2 * MINUTE),
    )

    assert [set(kept(one).faults) - {Fault.EXPIRED} for one in recorded] == [
        {Fault.CODE_MISSING},
        {Fault.CODE_WRONG},
        {Fault.FOREIGN},
        {Fault.TOO_LATE},
        {Fault.CLOCK_AHEAD},
    ]
    assert ride.seen is None


async def test_what_counts_for_nothing_uses_no_code_up(service: CredentialService) -> None:
    _, pupil = await a_phone(service, student_cards_of(SCHOOL.id))
    elsewhere, its_own = await a_gate(service), await a_gate(service, SCHOOL)
    shown = pupil.shows(NOW)

    (there,) = await told(service, elsewhere, a_scan(shown, at=NOW))
    (here,) = await told(service, its_own, a_scan(shown, at=NOW))

    assert (kept(there).faults, kept(here).faults) == ((Fault.FOREIGN,), ())


async def test_a_scan_is_too_late_after_exactly_thirty_days(
    service: CredentialService, clock: MovableClock
) -> None:
    _, phone = await a_phone(service)
    gate = await a_gate(service)
    clock.advance(days=30)
    early = NOW - timedelta(milliseconds=1)

    recorded = await told(
        service,
        gate,
        a_scan(phone.shows(NOW), at=NOW),
        a_scan(phone.shows(early), at=early),
    )

    assert [kept(one).faults for one in recorded] == [(), (Fault.TOO_LATE,)]


async def test_what_the_kind_finds_wrong_is_flagged_and_the_scan_stays(
    services: Services, clock: MovableClock
) -> None:
    overdrawn = Use("This card is good.", faults=frozenset({Fault.OVERDRAWN}))
    service = service_with(services, clock, [Recorder(answer=overdrawn)])
    _, phone = await a_phone(service)
    gate = await a_gate(service)

    (recorded,) = await told(service, gate, a_scan(phone.shows(NOW), at=NOW))

    assert kept(recorded).faults == (Fault.OVERDRAWN,)
    assert await flags_of(service, gate.id) == [(Fault.OVERDRAWN, None)]


class Refuses(DomainError):
    code = TourismErrorCode.NOT_ALLOWED
    message = N_("This value is not possible.")


async def test_a_kind_that_refuses_what_has_happened_loses_nothing(
    services: Services, clock: MovableClock
) -> None:
    service = service_with(services, clock, [Recorder(answer=Refuses())])
    _, phone = await a_phone(service)
    gate = await a_gate(service)

    (recorded,) = await told(service, gate, a_scan(phone.shows(NOW), at=NOW))

    assert (kept(recorded).faults, kept(recorded).use) == ((Fault.NOT_HONOURED,), None)
    assert await ScanRepository(services.store).get(kept(recorded).id) == kept(recorded)


async def test_printed_cards_are_counted_apart(service: CredentialService) -> None:
    _, phone = await a_phone(service)
    gate = await a_gate(service)
    printed = (await service.staffing.printed(await a_card(service))).token
    await service.scanning.scan(keeper_of(CABLE_CAR), gate.id, a_scan(phone.shows(NOW)))

    confirmed, unconfirmed = await told(
        service,
        gate,
        a_scan(printed, at=NOW, confirmed=True),
        a_scan(printed, at=NOW),
    )
    counts = await service.flags.counts(ADMINISTRATOR, gate.id, NOW, NOW + MINUTE)

    assert (kept(confirmed).faults, kept(unconfirmed).faults) == ((), (Fault.UNCONFIRMED,))
    assert (counts.total, counts.printed, counts.late, counts.flagged) == (3, 2, 2, 1)
    assert counts.by_fault == {Fault.UNCONFIRMED: 1}


async def test_a_retired_gate_still_tells_what_it_let_in(
    service: CredentialService, clock: MovableClock
) -> None:
    _, phone = await a_phone(service)
    gate = await a_gate(service)
    await service.enrolling.retire(ADMINISTRATOR, gate.id)
    clock.advance(minutes=5)

    before, after = await told(
        service,
        gate,
        a_scan(phone.shows(NOW - MINUTE), at=NOW - MINUTE),
        a_scan(phone.shows(NOW), at=NOW),
    )

    assert (kept(before).faults, kept(after).faults) == ((), (Fault.GATE_RETIRED,))
    with pytest.raises(GateNotFound):
        await service.scanning.scan(keeper_of(CABLE_CAR), gate.id, a_scan(phone.shows(clock())))


@pytest.mark.parametrize("count", [0, SCANS_AT_MOST + 1])
async def test_a_batch_is_bounded(service: CredentialService, count: int) -> None:
    gate = await a_gate(service)

    with pytest.raises(TooManyScans):
        await told(service, gate, *(a_scan("x", at=NOW) for _ in range(count)))


async def test_others_keepers_tell_nothing(service: CredentialService) -> None:
    gate = await a_gate(service)

    with pytest.raises(GateNotFound):
        await service.scanning.record(keeper_of(MUSEUM), gate.id, [a_scan("x", at=NOW)])


def test_every_fault_that_is_found_online_has_words() -> None:
    only_late_or_offline = {
        Fault.LIST_TOO_OLD,
        Fault.LIST_EXPIRED,
        Fault.TOO_LATE,
        Fault.CLOCK_AHEAD,
        Fault.GATE_RETIRED,
        Fault.OVERDRAWN,
        Fault.NOT_HONOURED,
    }

    assert set(REFUSALS) == set(Fault) - only_late_or_offline
    assert {refusal.code for refusal in REFUSALS.values()} <= set(CredentialErrorCode)

"""Flags: read and resolved by whoever answers for the gate, once, with a note."""

import asyncio
from collections import Counter
from datetime import timedelta
from hashlib import sha256

import httpx
import pytest

from api.accounts.caller import Caller, Grant, Role
from api.context import Services
from api.credentials.gates.errors import GateNotFound
from api.credentials.gates.records import Gate
from api.credentials.scans.flag_records import ScanFlag
from api.credentials.scans.records import Fault, ScanPurpose
from api.credentials.scans.refusals import (
    AlreadyResolved,
    FlagNotFound,
    InvalidNote,
    InvalidScan,
)
from api.credentials.scans.repository import SCAN_FLAGS, SCANS
from api.credentials.service import CredentialService
from api.kit.store import Store
from tests.conftest import NOW, MovableClock, send
from tests.credentials.cards import (
    ADMINISTRATOR,
    CABLE_CAR,
    MUSEUM,
    a_gate,
    a_phone,
    a_scan,
    caller,
    keeper_of,
    told,
)
from tests.wallet.paying import somebody_with

MERCHANT = caller(Grant(Role.MERCHANT, CABLE_CAR))
NOTE = "A menu was scanned, nobody came in."


@pytest.fixture
def service(services: Services) -> CredentialService:
    return services.credentials


@pytest.fixture
async def gate(service: CredentialService) -> Gate:
    return await a_gate(service)


async def flags_of(
    service: CredentialService, gate: Gate, *, is_open: bool = True
) -> tuple[ScanFlag, ...]:
    page = await service.flags.of_gate(MERCHANT, gate.id, 100, None, is_open=is_open)
    return page.items


@pytest.fixture
async def flag(service: CredentialService, gate: Gate) -> ScanFlag:
    await told(service, gate, a_scan("a menu", at=NOW))
    (raised,) = await flags_of(service, gate)
    return raised


async def test_a_flag_holds_the_evidence_of_both_scans(
    client: httpx.AsyncClient, services: Services, service: CredentialService, clock: MovableClock
) -> None:
    card, phone = await a_phone(service)
    here, there = await a_gate(service), await a_gate(service, MUSEUM)
    shown = phone.shows(NOW)
    online = a_scan(shown, purpose=ScanPurpose.EXIT)
    await service.scanning.scan(keeper_of(there.scope), there.id, online)
    clock.advance(hours=2)
    late = a_scan(shown, at=NOW + timedelta(seconds=1))
    await told(service, here, late)
    merchant = await somebody_with(client, services, Grant(Role.MERCHANT, CABLE_CAR))

    data = await send(
        client, "credentials/ScanFlags", {"gate": here.id}, headers=merchant.headers, language="vi"
    )

    nodes = [edge["node"] for edge in data["scanFlags"]["edges"]]
    flag = next(node for node in nodes if node["fault"] == "CODE_USED")
    scan, other = flag["scan"], flag["otherScan"]
    assert scan.pop("shownDigest") == other.pop("shownDigest") == sha256(shown.encode()).hexdigest()
    same = {"gateName": {"text": "Cổng chính"}, "placeId": None, "isPrinted": False}
    assert scan == {
        **same,
        "id": late.id,
        "gateId": here.id,
        "purpose": "ENTRY",
        "scannedAt": "2026-05-01T09:30:01+00:00",
        "toldAt": "2026-05-01T11:30:00+00:00",
        "isOnline": False,
        "cardEnding": card.id[-6:],
    }
    assert other == {
        **same,
        "id": online.id,
        "gateId": there.id,
        "purpose": "EXIT",
        "scannedAt": "2026-05-01T09:30:00+00:00",
        "toldAt": "2026-05-01T09:30:00+00:00",
        "isOnline": True,
        "cardEnding": card.id[-6:],
    }


async def test_a_flag_outlives_what_it_names(
    client: httpx.AsyncClient, services: Services, flag: ScanFlag, gate: Gate
) -> None:
    await services.store[SCANS].delete_many({})
    merchant = await somebody_with(client, services, Grant(Role.MERCHANT, CABLE_CAR))

    data = await send(client, "credentials/ScanFlags", {"gate": gate.id}, headers=merchant.headers)

    (edge,) = data["scanFlags"]["edges"]
    assert (edge["node"]["id"], edge["node"]["scan"]) == (flag.id, None)


async def test_a_flag_is_resolved_with_a_note(
    services: Services, service: CredentialService, gate: Gate, flag: ScanFlag
) -> None:
    resolved = await service.flags.resolve(MERCHANT, flag.id, f"  {NOTE}\n")

    assert (resolved.note, resolved.resolved_at) == (NOTE, NOW)
    assert resolved.resolved_by == MERCHANT.person_id
    assert await flags_of(service, gate) == ()
    assert await flags_of(service, gate, is_open=False) == (resolved,)
    (row,) = (await services.audit.entries(10, None, subject=flag.id)).items
    assert row.entry is not None
    assert (row.entry.action, row.entry.details) == (
        "scan_flag.resolved",
        {"fault": "wrong_signature"},
    )


async def test_of_two_who_resolve_one_does(service: CredentialService, flag: ScanFlag) -> None:
    answers = await asyncio.gather(
        service.flags.resolve(MERCHANT, flag.id, NOTE),
        service.flags.resolve(ADMINISTRATOR, flag.id, NOTE),
        return_exceptions=True,
    )

    assert Counter(type(answer).__name__ for answer in answers) == Counter(
        {"ScanFlag": 1, AlreadyResolved.__name__: 1}
    )


@pytest.mark.parametrize("note", ["", "   ", "x" * 501, "a\u202eb", "a\x00b"])
async def test_a_note_says_something_plain(
    service: CredentialService, store: Store, flag: ScanFlag, note: str
) -> None:
    before = await store[SCAN_FLAGS].find({})

    with pytest.raises(InvalidNote):
        await service.flags.resolve(MERCHANT, flag.id, note)

    assert await store[SCAN_FLAGS].find({}) == before


@pytest.mark.parametrize(
    "who",
    [caller(), keeper_of(CABLE_CAR), caller(Grant(Role.CLERK, MUSEUM))],
)
async def test_for_everybody_else_there_is_nothing(
    service: CredentialService, gate: Gate, flag: ScanFlag, who: Caller
) -> None:
    with pytest.raises(FlagNotFound):
        await service.flags.resolve(who, flag.id, NOTE)
    with pytest.raises(GateNotFound):
        await service.flags.of_gate(who, gate.id, 20, None, is_open=True)
    with pytest.raises(GateNotFound):
        await service.flags.counts(who, gate.id, NOW, NOW)


async def test_flags_come_in_pages_the_newest_first(
    service: CredentialService, gate: Gate, clock: MovableClock
) -> None:
    for number in range(5):
        await told(service, gate, a_scan(f"menu {number}", at=NOW))
        clock.advance(seconds=1)

    first = await service.flags.of_gate(MERCHANT, gate.id, 3, None, is_open=True)
    second = await service.flags.of_gate(MERCHANT, gate.id, 3, first.cursors[-1], is_open=True)

    raised = [flag.raised_at for flag in (*first.items, *second.items)]
    assert raised == sorted(raised, reverse=True)
    assert (len(raised), first.has_next, second.has_next) == (5, True, False)


async def test_counts_are_of_a_gate_and_a_time(
    service: CredentialService, gate: Gate, flag: ScanFlag, clock: MovableClock
) -> None:
    clock.advance(seconds=1)

    inside = await service.flags.counts(MERCHANT, gate.id, NOW, clock())
    outside = await service.flags.counts(MERCHANT, gate.id, clock(), clock.after(60))

    assert (inside.total, inside.late, inside.flagged) == (1, 1, 1)
    assert inside.by_fault == {Fault.WRONG_SIGNATURE: 1}
    assert (outside.total, outside.flagged, outside.by_fault) == (0, 0, {})
    with pytest.raises(InvalidScan):
        await service.flags.counts(MERCHANT, gate.id, NOW.replace(tzinfo=None), NOW)

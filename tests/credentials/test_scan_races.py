"""Two gates and one code at the same moment, online and late, and two phones and one card, with controls."""

import asyncio
from collections import Counter

import pytest

from api.accounts.caller import Caller
from api.context import Services
from api.credentials.errors import AlreadyIssued
from api.credentials.records import TOURIST_PASSES, CredentialKind
from api.credentials.repository import CREDENTIALS
from api.credentials.scans.records import Fault, Scan
from api.credentials.scans.refusals import CodeUsed
from api.credentials.scans.repository import USED_CODES, ScanRepository
from api.credentials.scans.scanning import AskedScan
from api.credentials.service import CredentialService
from api.kit.ids import new_id
from api.kit.store import Store
from tests.conftest import NOW
from tests.credentials.cards import (
    CABLE_CAR,
    DAYS,
    MUSEUM,
    Phone,
    a_gate,
    a_phone,
    a_scan,
    keeper_of,
    told,
)

ROUNDS = 10


@pytest.fixture
def service(services: Services) -> CredentialService:
    return services.credentials


async def raced(service: CredentialService, phone: Phone) -> Counter[str]:
    """Show one code at two gates at once; return how that was answered."""
    shown = phone.shows(NOW)
    here, there = await a_gate(service), await a_gate(service, MUSEUM)
    answers = await asyncio.gather(
        service.scanning.scan(keeper_of(CABLE_CAR), here.id, a_scan(shown)),
        service.scanning.scan(keeper_of(MUSEUM), there.id, a_scan(shown)),
        return_exceptions=True,
    )
    return Counter(type(answer).__name__ for answer in answers)


async def test_of_two_gates_one_lets_the_code_in(service: CredentialService) -> None:
    phones = [(await a_phone(service))[1] for _ in range(ROUNDS)]

    answers = [await raced(service, phone) for phone in phones]

    assert answers == [Counter({"Scan": 1, CodeUsed.__name__: 1})] * ROUNDS


async def test_the_control_that_looks_before_it_writes_lets_it_in_twice(
    service: CredentialService, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, phone = await a_phone(service)
    both_have_looked = asyncio.Barrier(2)
    scan = service.scanning.scan

    async def unguarded(*_: object) -> str | None:
        return None

    async def looking(caller: Caller, gate_id: str, asked: AskedScan) -> Scan:
        # What a gate does that asks whether a code is used, and notes it in another step.
        is_used = await store[USED_CODES].count({})
        await both_have_looked.wait()
        if is_used:
            raise CodeUsed
        return await scan(caller, gate_id, asked)

    monkeypatch.setattr(ScanRepository, "use_code", unguarded)
    monkeypatch.setattr(service.scanning, "scan", looking)

    assert await raced(service, phone) == Counter({"Scan": 2})


async def test_of_two_gates_that_tell_late_both_are_facts_and_one_is_flagged(
    service: CredentialService,
) -> None:
    _, phone = await a_phone(service)
    here, there = await a_gate(service), await a_gate(service, MUSEUM)
    shown = phone.shows(NOW)

    recorded = await asyncio.gather(
        told(service, here, a_scan(shown, at=NOW)), told(service, there, a_scan(shown, at=NOW))
    )

    faults = [one.scan.faults for (one,) in recorded if one.scan]
    assert sorted(faults) == [(), (Fault.CODE_USED,)]


async def test_one_scan_told_by_two_at_once_is_one_fact(service: CredentialService) -> None:
    _, phone = await a_phone(service)
    gate = await a_gate(service)
    asked = a_scan(phone.shows(NOW), at=NOW)

    recorded = await asyncio.gather(*(told(service, gate, asked) for _ in range(5)))

    scans = [one.scan for (one,) in recorded]
    assert scans == [scans[0]] * 5
    assert sorted(one.was_known for (one,) in recorded) == [False, True, True, True, True]


async def test_of_a_pass_one_credential_lives(service: CredentialService, store: Store) -> None:
    subject = new_id()

    answers = await asyncio.gather(
        *(
            service.issuing.issue(
                CredentialKind.TOURIST_PASS, subject, None, TOURIST_PASSES, NOW, NOW + DAYS, NOW
            )
            for _ in range(5)
        ),
        return_exceptions=True,
    )

    assert Counter(type(answer).__name__ for answer in answers) == Counter(
        {"Credential": 1, AlreadyIssued.__name__: 4}
    )
    assert await store[CREDENTIALS].count({"subject_id": subject}) == 1


async def test_every_generation_has_a_place_of_its_own(service: CredentialService) -> None:
    cards = [(await a_phone(service))[0] for _ in range(5)]

    again = await asyncio.gather(*(service.issuing.reissue(card.id, NOW) for card in cards))

    indexes = [one.index for card in again for one in card.generations]
    assert sorted(indexes) == list(range(10))

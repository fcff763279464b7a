"""Gates: who sets them up, what they get, and what becomes of them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from api.accounts.caller import Caller, Grant, Role, Scope, ScopeKind
from api.accounts.errors import NotAllowed
from api.context import Services
from api.credentials.gates.enrolling import GATES_OF_A_SCOPE_AT_MOST, NewGate
from api.credentials.gates.errors import GateNotFound, InvalidGate, TooManyGates
from api.credentials.gates.records import OldListPolicy, OldListRule
from api.credentials.gates.repository import GATES
from api.credentials.records import TOURIST_PASSES, student_cards_of
from api.credentials.service import CredentialService
from api.kit.store import Store
from tests.conftest import NOW
from tests.credentials.cards import (
    ADMINISTRATOR,
    CABLE_CAR,
    MUSEUM,
    SCHOOL,
    a_gate,
    a_gate_with_secret,
    a_key,
    caller,
    keeper_of,
)

NAMES = {"vi": "Cổng chính"}
AGENCY = Scope(ScopeKind.AGENCY, "civil-defence")


@pytest.fixture
def service(services: Services) -> CredentialService:
    return services.credentials


@pytest.mark.parametrize(
    ("who", "scope"),
    [
        (caller(Grant(Role.MERCHANT, CABLE_CAR)), CABLE_CAR),
        (caller(Grant(Role.CLERK, MUSEUM)), MUSEUM),
        (caller(Grant(Role.CLERK, SCHOOL)), SCHOOL),
        (ADMINISTRATOR, SCHOOL),
    ],
)
async def test_whoever_answers_for_a_place_sets_up_its_gates(
    service: CredentialService, who: Caller, scope: Scope
) -> None:
    gate, secret = await service.enrolling.add(who, NewGate(NAMES, scope), a_key())

    page = await service.enrolling.of_scope(who, scope, 20, None)
    assert page.items == (gate,)
    assert (gate.added_by, gate.added_at, gate.retired_at) == (who.person_id, NOW, None)
    assert len(secret) == 64


@pytest.mark.parametrize(
    "who",
    [
        caller(),
        keeper_of(CABLE_CAR),
        caller(Grant(Role.MERCHANT, Scope(ScopeKind.MERCHANT, "another"))),
        caller(Grant(Role.CLERK, MUSEUM)),
    ],
)
async def test_nobody_else_does(service: CredentialService, store: Store, who: Caller) -> None:
    with pytest.raises(NotAllowed):
        await service.enrolling.add(who, NewGate(NAMES, CABLE_CAR), a_key())

    assert await store[GATES].count({}) == 0


async def test_a_school_s_gates_read_its_own_cards_and_others_passes(
    service: CredentialService,
) -> None:
    gates = [await a_gate(service, scope) for scope in (SCHOOL, CABLE_CAR, MUSEUM)]

    assert [gate.audience for gate in gates] == [
        student_cards_of(SCHOOL.id),
        TOURIST_PASSES,
        TOURIST_PASSES,
    ]


async def test_a_gate_set_up_twice_is_one_with_the_same_secret(
    service: CredentialService, store: Store
) -> None:
    key, new = a_key(), NewGate(NAMES, CABLE_CAR)

    first = await service.enrolling.add(ADMINISTRATOR, new, key)
    again = await service.enrolling.add(ADMINISTRATOR, new, key)

    assert again == first
    assert await store[GATES].count({}) == 1
    assert first[1] not in str(await store[GATES].find({}))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"names": {}}, "names"),
        ({"names": {"en": "Gate"}}, "names"),
        ({"names": {"vi": ""}}, "names"),
        ({"names": {"vi": "x" * 81}}, "names"),
        ({"names": {"vi": "a\u202eb"}}, "names"),
        ({"names": {"vi": "<b>"}}, "names"),
        ({"names": {**NAMES, "xx": "?"}}, "names"),
        ({"scope": AGENCY}, "scopeKind"),
        ({"place_id": "a b"}, "placeId"),
        ({"place_id": "P999"}, "placeId"),
        ({"policy": OldListPolicy(timedelta(minutes=4), OldListRule.REFUSE)}, "listMinutesAtMost"),
        ({"policy": OldListPolicy(timedelta(days=8), OldListRule.REFUSE)}, "listMinutesAtMost"),
    ],
)
async def test_what_no_gate_can_be_is_refused(
    service: CredentialService, store: Store, change: dict[str, object], field: str
) -> None:
    new = replace(NewGate(NAMES, CABLE_CAR), **change)  # type: ignore[arg-type] # a row of the table

    with pytest.raises(InvalidGate) as refusal:
        await service.enrolling.add(ADMINISTRATOR, new, a_key())

    assert refusal.value.field == field
    assert await store[GATES].count({}) == 0


async def test_gates_of_a_place_are_bounded(
    service: CredentialService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.credentials.gates.enrolling.GATES_OF_A_SCOPE_AT_MOST", 2)
    for _ in range(2):
        await a_gate(service)

    with pytest.raises(TooManyGates):
        await a_gate(service)
    assert (await a_gate(service, MUSEUM)).scope == MUSEUM
    assert GATES_OF_A_SCOPE_AT_MOST == 200


async def test_a_bundle_needs_a_gatekeeper_and_the_gate_s_secret(
    service: CredentialService,
) -> None:
    gate, secret = await a_gate_with_secret(service)
    other, other_secret = await a_gate_with_secret(service)

    signed = await service.enrolling.bundle(keeper_of(CABLE_CAR), gate.id, secret)

    assert signed.bundle.gate_id == gate.id
    for who, shown in (
        (keeper_of(CABLE_CAR), other_secret),
        (keeper_of(CABLE_CAR), ""),
        (keeper_of(MUSEUM), secret),
        (ADMINISTRATOR, secret),
    ):
        with pytest.raises(GateNotFound):
            await service.enrolling.bundle(who, gate.id, shown)
    await service.enrolling.retire(ADMINISTRATOR, other.id)
    with pytest.raises(GateNotFound):
        await service.enrolling.bundle(keeper_of(CABLE_CAR), other.id, other_secret)


async def test_gates_of_an_audience_share_their_keys_and_no_others_do(
    service: CredentialService,
) -> None:
    keys: list[bytes] = []
    for scope in (CABLE_CAR, MUSEUM, SCHOOL):
        gate, secret = await a_gate_with_secret(service, scope)
        bundle = (await service.enrolling.bundle(keeper_of(scope), gate.id, secret)).bundle
        keys.append(bundle.gate_keys[0].key)

    assert keys[0] == keys[1] != keys[2]


async def test_a_retired_gate_stays_in_the_list(service: CredentialService) -> None:
    gate = await a_gate(service)

    retired = await service.enrolling.retire(ADMINISTRATOR, gate.id)
    again = await service.enrolling.retire(ADMINISTRATOR, gate.id)

    assert retired.retired_at == NOW
    assert again == retired
    page = await service.enrolling.of_scope(keeper_of(CABLE_CAR), CABLE_CAR, 20, None)
    assert page.items == (retired,)


async def test_only_administrators_rotate_keys(service: CredentialService) -> None:
    with pytest.raises(NotAllowed):
        await service.enrolling.rotate_keys(
            caller(Grant(Role.CLERK, SCHOOL)), student_cards_of(SCHOOL.id)
        )

"""What other slices do with credentials: one a subject, states, generations, and the caller's transaction."""

from datetime import datetime, timedelta

import pytest

from api.accounts.caller import Caller, Grant, Role
from api.accounts.errors import NotSignedIn
from api.context import Services
from api.credentials.errors import (
    AlreadyIssued,
    CredentialNotFound,
    CredentialRevoked,
    InvalidValidity,
)
from api.credentials.issuing import VALID_AT_MOST
from api.credentials.records import (
    TOURIST_PASSES,
    CredentialKind,
    CredentialState,
    RevocationReason,
    student_cards_of,
)
from api.credentials.service import CredentialService
from api.kit.ids import new_id
from api.kit.store import Store
from api.kit.transactions import transact
from tests.conftest import NOW
from tests.credentials.cards import (
    ADMINISTRATOR,
    CABLE_CAR,
    DAYS,
    OTHER_SCHOOL,
    SCHOOL,
    a_card,
    a_gate,
    a_phone,
    a_scan,
    caller,
    everything,
    keeper_of,
)

KIND = CredentialKind.TOURIST_PASS
HOUR = timedelta(hours=1)
CLERK = caller(Grant(Role.CLERK, SCHOOL))


@pytest.fixture
def service(services: Services) -> CredentialService:
    return services.credentials


async def test_a_subject_has_one_living_credential(
    service: CredentialService, store: Store
) -> None:
    card = await a_card(service)
    before = await everything(store)

    with pytest.raises(AlreadyIssued):
        await service.issuing.issue(
            KIND, card.subject_id, None, TOURIST_PASSES, NOW, NOW + DAYS, NOW
        )

    assert await everything(store) == before


async def test_after_a_revocation_another_one_may_be_issued(service: CredentialService) -> None:
    card = await a_card(service)
    await service.issuing.revoke(card.id, RevocationReason.REFUNDED, NOW)
    assert (await service.issuing.of_subject(KIND, card.subject_id)) is not None

    again = await service.issuing.issue(
        KIND, card.subject_id, None, TOURIST_PASSES, NOW, NOW + DAYS, NOW
    )

    assert await service.issuing.of_subject(KIND, card.subject_id) == again
    assert again.generation.index != card.generation.index


@pytest.mark.parametrize(
    ("begins", "ends"),
    [
        (NOW, NOW),
        (NOW, NOW - HOUR),
        (NOW, NOW + VALID_AT_MOST + timedelta(seconds=1)),
        (NOW + timedelta(milliseconds=1), NOW + timedelta(milliseconds=999)),
    ],
)
async def test_what_is_never_valid_or_for_too_long_is_refused(
    service: CredentialService, begins: datetime, ends: datetime
) -> None:
    with pytest.raises(InvalidValidity):
        await a_card(service, valid_from=begins, valid_until=ends)


async def test_a_card_may_be_valid_for_as_long_as_its_key(service: CredentialService) -> None:
    card = await a_card(service, valid_from=NOW, valid_until=NOW + VALID_AT_MOST)

    assert card.valid_until - card.valid_from == timedelta(days=1_098)


async def test_a_pass_is_not_for_the_gates_of_a_school(service: CredentialService) -> None:
    with pytest.raises(ValueError, match="tourist_pass for the gates of student_card"):
        await service.issuing.issue(
            KIND, new_id(), None, student_cards_of(SCHOOL.id), NOW, NOW + DAYS, NOW
        )


async def test_what_the_caller_takes_back_was_never_issued(
    service: CredentialService, store: Store
) -> None:
    await a_card(service)
    before = await everything(store)

    async def bought_in_vain() -> None:
        await a_card(service)
        raise AlreadyIssued

    with pytest.raises(AlreadyIssued):
        await transact(store, bought_in_vain)
    assert await everything(store) == before


async def test_states_are_kept_with_their_moments(service: CredentialService) -> None:
    card = await a_card(service)
    moments = [NOW + n * HOUR for n in range(3)]

    await service.issuing.suspend(card.id, moments[0])
    await service.issuing.reinstate(card.id, moments[1])
    kept = await service.issuing.revoke(card.id, RevocationReason.LOST, moments[2])

    assert [(one.state, one.at) for one in kept.changes[1:]] == [
        (CredentialState.SUSPENDED, moments[0]),
        (CredentialState.VALID, moments[1]),
        (CredentialState.REVOKED, moments[2]),
    ]
    assert [kept.state_at(at - timedelta(milliseconds=1)) for at in moments] == [
        CredentialState.VALID,
        CredentialState.SUSPENDED,
        CredentialState.VALID,
    ]


async def test_the_same_state_again_changes_nothing(
    service: CredentialService, store: Store
) -> None:
    card, other = await a_card(service), await a_card(service)
    await service.issuing.suspend(card.id, NOW)
    await service.issuing.revoke(other.id, RevocationReason.LOST, NOW)
    before = await everything(store)

    await service.issuing.suspend(card.id, NOW + HOUR)
    await service.issuing.revoke(other.id, RevocationReason.OTHER, NOW + HOUR)

    assert await everything(store) == before


async def test_revoked_is_for_good(service: CredentialService, store: Store) -> None:
    card = await a_card(service)
    await service.issuing.revoke(card.id, RevocationReason.STOLEN, NOW)
    before = await everything(store)

    for attempt in (
        service.issuing.suspend(card.id, NOW),
        service.issuing.reinstate(card.id, NOW),
        service.issuing.reissue(card.id, NOW),
        service.issuing.renew(card.id, NOW + DAYS, NOW),
        service.issuing.hand_over(card.id, new_id(), NOW),
    ):
        with pytest.raises(CredentialRevoked):
            await attempt
    assert await everything(store) == before


async def test_what_is_not_there_is_not_found(service: CredentialService) -> None:
    with pytest.raises(CredentialNotFound):
        await service.issuing.suspend("a" * 26, NOW)


async def test_a_card_that_is_handed_over_has_another_holder_and_no_phone(
    service: CredentialService,
) -> None:
    mai, minjun = new_id(), new_id()
    card = await a_card(service, holder=mai)

    handed = await service.issuing.hand_over(card.id, minjun, NOW)

    assert (handed.holder_id, handed.taken_by, handed.generation.number) == (minjun, None, 2)
    assert (handed.generations[0].ended_at, handed.valid_until) == (NOW, card.valid_until)


async def test_whom_nobody_knows_any_more_is_forgotten(service: CredentialService) -> None:
    card, phone = await a_phone(service)
    gate = await a_gate(service)
    await service.scanning.scan(keeper_of(CABLE_CAR), gate.id, a_scan(phone.shows(NOW)))
    assert len(await service.subjects.scans_of(card.subject_id)) == 1

    await service.subjects.forget(KIND, card.subject_id, NOW)

    kept = await service.issuing.get(card.id)
    assert kept is not None
    assert (kept.state, kept.subject_id == card.subject_id) == (CredentialState.REVOKED, False)
    assert await service.issuing.of_subject(KIND, card.subject_id) is None
    assert await service.subjects.scans_of(card.subject_id) == []


@pytest.mark.parametrize("who", [CLERK, ADMINISTRATOR])
async def test_staff_stop_cards_and_print_them_and_it_is_noted(
    services: Services, service: CredentialService, who: Caller
) -> None:
    card = await a_card(service, audience=student_cards_of(SCHOOL.id))

    await service.staffing.suspend(who, card.id)
    await service.staffing.reinstate(who, card.id)
    printed = await service.staffing.print(who, card.id)
    revoked = await service.staffing.revoke(who, card.id, RevocationReason.LOST)

    rows = await services.audit.entries(10, None, subject=card.id)
    assert [row.entry.action for row in rows.items if row.entry] == [
        "credential.revoked",
        "credential.printed",
        "credential.reinstated",
        "credential.suspended",
    ]
    assert {row.entry.actor for row in rows.items if row.entry} == {who.person_id}
    assert revoked.state is CredentialState.REVOKED
    assert printed.svg.startswith("<svg")
    with pytest.raises(CredentialRevoked):
        await service.staffing.print(who, card.id)


@pytest.mark.parametrize(
    "who",
    [
        caller(),
        caller(Grant(Role.CLERK, OTHER_SCHOOL)),
        keeper_of(SCHOOL),
    ],
)
async def test_for_everybody_else_the_card_is_not_there(
    service: CredentialService, store: Store, who: Caller
) -> None:
    card = await a_card(service, audience=student_cards_of(SCHOOL.id))
    before = await everything(store)

    for attempt in (
        service.staffing.suspend(who, card.id),
        service.staffing.revoke(who, card.id, RevocationReason.LOST),
        service.staffing.print(who, card.id),
    ):
        with pytest.raises(CredentialNotFound):
            await attempt
    assert await everything(store) == before


async def test_a_clerk_of_a_school_stops_no_passes(service: CredentialService) -> None:
    card = await a_card(service)

    with pytest.raises(CredentialNotFound):
        await service.staffing.suspend(CLERK, card.id)
    with pytest.raises(NotSignedIn):
        await service.staffing.suspend(Caller(), card.id)

"""Online scans: who is let in, who is not, and that a refusal writes nothing."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest

from api.accounts.caller import ANONYMOUS
from api.accounts.errors import NotSignedIn
from api.context import Services
from api.credentials.gates.errors import GateNotFound
from api.credentials.records import RevocationReason, student_cards_of
from api.credentials.scans.records import ScanPurpose, Use
from api.credentials.scans.refusals import (
    CardExpired,
    CardNotYetValid,
    CardRefused,
    CardReplaced,
    CardRevoked,
    CardSuspended,
    CodeMissing,
    CodeUsed,
    CodeWrong,
    ConfirmationNeeded,
    ForeignCard,
    InvalidScan,
    ScanIdReused,
    UseRefused,
    WrongSignature,
)
from api.credentials.service import CredentialService
from api.kit.errors import N_, DomainError
from api.kit.store import Store
from api.tourism.errors import TourismErrorCode
from locales import translator
from tests.conftest import NOW, MovableClock
from tests.credentials.cards import (
    CABLE_CAR,
    MUSEUM,
    OTHER_SCHOOL,
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
)

SECOND = timedelta(seconds=1)
Refused = Callable[[str, type[CardRefused]], Awaitable[None]]


@pytest.fixture
def service(services: Services) -> CredentialService:
    return services.credentials


@pytest.fixture
def refused(service: CredentialService, store: Store) -> Refused:
    """Scan at a new gate of the cable car; assert the refusal, and that nothing is written."""

    async def scanned(shown: str, error: type[CardRefused]) -> None:
        gate = await a_gate(service)
        before = await everything(store)

        with pytest.raises(error):
            await service.scanning.scan(keeper_of(CABLE_CAR), gate.id, a_scan(shown))

        assert await everything(store) == before

    return scanned


async def test_a_good_card_is_let_in_once(service: CredentialService) -> None:
    card, phone = await a_phone(service)
    gate = await a_gate(service)
    keeper, asked = keeper_of(CABLE_CAR), a_scan(phone.shows(NOW))

    scan = await service.scanning.scan(keeper, gate.id, asked)

    assert (scan.credential_id, scan.subject_id) == (card.id, card.subject_id)
    assert (scan.gate_id, scan.purpose, scan.by) == (gate.id, ScanPurpose.ENTRY, keeper.person_id)
    assert (scan.scanned_at, scan.is_late, scan.is_printed, scan.faults) == (NOW, False, False, ())


async def test_the_same_scan_again_is_answered_the_same(service: CredentialService) -> None:
    _, phone = await a_phone(service)
    gate = await a_gate(service)
    asked = a_scan(phone.shows(NOW))
    first = await service.scanning.scan(keeper_of(CABLE_CAR), gate.id, asked)

    again = await service.scanning.scan(keeper_of(CABLE_CAR), gate.id, asked)

    assert again == first


async def test_an_id_is_of_one_scan(service: CredentialService) -> None:
    _, phone = await a_phone(service)
    _, other = await a_phone(service)
    gate = await a_gate(service)
    asked = a_scan(phone.shows(NOW))
    await service.scanning.scan(keeper_of(CABLE_CAR), gate.id, asked)

    with pytest.raises(ScanIdReused):
        await service.scanning.scan(
            keeper_of(CABLE_CAR), gate.id, a_scan(other.shows(NOW), id=asked.id)
        )


async def test_a_code_is_accepted_once_at_whatever_gate(
    service: CredentialService, store: Store
) -> None:
    _, phone = await a_phone(service)
    here, there = await a_gate(service), await a_gate(service, MUSEUM)
    shown = phone.shows(NOW)
    await service.scanning.scan(keeper_of(CABLE_CAR), here.id, a_scan(shown))
    before = await everything(store)

    with pytest.raises(CodeUsed):
        await service.scanning.scan(keeper_of(MUSEUM), there.id, a_scan(shown))

    assert await everything(store) == before


async def test_the_next_code_is_another_one(
    service: CredentialService, clock: MovableClock
) -> None:
    _, phone = await a_phone(service)
    gate = await a_gate(service)
    await service.scanning.scan(keeper_of(CABLE_CAR), gate.id, a_scan(phone.shows(clock())))
    clock.advance(seconds=30)

    scan = await service.scanning.scan(keeper_of(CABLE_CAR), gate.id, a_scan(phone.shows(clock())))

    assert scan.scanned_at == NOW + 30 * SECOND


# NOW is at the beginning of a step.
@pytest.mark.parametrize(
    ("phone_s", "is_let_in"),
    [
        (NOW - 31 * SECOND, False),
        (NOW - 30 * SECOND, True),
        (NOW + 59 * SECOND, True),
        (NOW + 60 * SECOND, False),
    ],
)
async def test_clocks_may_be_one_step_apart(
    service: CredentialService, phone_s: datetime, is_let_in: bool
) -> None:
    _, phone = await a_phone(service)
    gate = await a_gate(service)
    asked = a_scan(phone.shows(phone_s))

    if is_let_in:
        assert (await service.scanning.scan(keeper_of(CABLE_CAR), gate.id, asked)).faults == ()
    else:
        with pytest.raises(CodeWrong):
            await service.scanning.scan(keeper_of(CABLE_CAR), gate.id, asked)


async def test_a_photo_is_worthless_a_minute_later(
    service: CredentialService, refused: Refused, clock: MovableClock
) -> None:
    _, phone = await a_phone(service)
    photo = phone.shows(clock())
    clock.advance(seconds=60)

    await refused(photo, CodeWrong)


async def test_a_token_without_its_code_is_refused(
    service: CredentialService, refused: Refused
) -> None:
    _, phone = await a_phone(service)

    await refused(phone.token, CodeMissing)


async def test_what_is_no_card_is_refused(refused: Refused) -> None:
    await refused("https://example.com/menu", WrongSignature)


async def test_a_card_of_other_gates_is_refused(
    service: CredentialService, refused: Refused
) -> None:
    _, phone = await a_phone(service, student_cards_of(SCHOOL.id))

    await refused(phone.shows(NOW), ForeignCard)


async def test_a_school_refuses_the_cards_of_another_one(service: CredentialService) -> None:
    _, phone = await a_phone(service, student_cards_of(SCHOOL.id))
    gate = await a_gate(service, OTHER_SCHOOL)

    with pytest.raises(ForeignCard):
        await service.scanning.scan(keeper_of(OTHER_SCHOOL), gate.id, a_scan(phone.shows(NOW)))


async def test_validity_begins_with_its_second(
    service: CredentialService, refused: Refused
) -> None:
    early = await a_card(service, valid_from=NOW + SECOND)
    ready = await a_card(service, valid_from=NOW)
    gate = await a_gate(service)
    phone = await Phone.with_card(service, ready)

    await refused((await Phone.with_card(service, early)).shows(NOW), CardNotYetValid)
    scan = await service.scanning.scan(keeper_of(CABLE_CAR), gate.id, a_scan(phone.shows(NOW)))

    assert scan.credential_id == ready.id


async def test_validity_ends_before_its_second(
    service: CredentialService, refused: Refused
) -> None:
    ended = await a_card(service, valid_until=NOW)
    ending = await a_card(service, valid_until=NOW + SECOND)
    gate = await a_gate(service)
    phone = await Phone.with_card(service, ending)

    await refused((await Phone.with_card(service, ended)).shows(NOW), CardExpired)
    scan = await service.scanning.scan(keeper_of(CABLE_CAR), gate.id, a_scan(phone.shows(NOW)))

    assert scan.credential_id == ending.id


async def test_a_revoked_card_is_refused_at_once(
    service: CredentialService, refused: Refused
) -> None:
    card, phone = await a_phone(service)
    await service.issuing.revoke(card.id, RevocationReason.LOST, NOW)

    await refused(phone.shows(NOW), CardRevoked)


async def test_a_suspended_card_is_refused_until_it_is_reinstated(
    service: CredentialService, refused: Refused, clock: MovableClock
) -> None:
    card, phone = await a_phone(service)
    gate = await a_gate(service)
    await service.issuing.suspend(card.id, NOW)

    await refused(phone.shows(NOW), CardSuspended)
    clock.advance(seconds=30)
    await service.issuing.reinstate(card.id, clock())
    scan = await service.scanning.scan(keeper_of(CABLE_CAR), gate.id, a_scan(phone.shows(clock())))

    assert scan.credential_id == card.id


async def test_a_new_phone_kills_the_old_one(service: CredentialService, refused: Refused) -> None:
    card, old = await a_phone(service)
    gate = await a_gate(service)
    new = await Phone.with_card(service, await service.issuing.reissue(card.id, NOW))

    await refused(old.shows(NOW), CardReplaced)
    scan = await service.scanning.scan(keeper_of(CABLE_CAR), gate.id, a_scan(new.shows(NOW)))

    assert scan.evidence.generation == 2


async def test_a_printed_card_needs_the_clerk_s_word(
    service: CredentialService, refused: Refused
) -> None:
    card = await a_card(service)
    gate = await a_gate(service)
    printed = await service.staffing.printed(card)

    await refused(printed.token, ConfirmationNeeded)
    scan = await service.scanning.scan(
        keeper_of(CABLE_CAR), gate.id, a_scan(printed.token, confirmed=True)
    )

    assert scan.is_printed
    assert scan.evidence.step is None


async def test_a_phone_s_token_does_not_pass_for_a_printed_card(
    service: CredentialService,
) -> None:
    _, phone = await a_phone(service)
    gate = await a_gate(service)

    with pytest.raises(CodeMissing):
        await service.scanning.scan(
            keeper_of(CABLE_CAR), gate.id, a_scan(phone.token, confirmed=True)
        )


async def test_the_slice_of_the_kind_is_told_and_answers(
    services: Services, clock: MovableClock
) -> None:
    ride = Recorder(answer=Use("Rides left: {left}.", {"left": 2}, "ride-1"))
    service = service_with(services, clock, [ride])
    card, phone = await a_phone(service)
    gate = await a_gate(service)

    scan = await service.scanning.scan(
        keeper_of(CABLE_CAR), gate.id, a_scan(phone.shows(NOW), purpose=ScanPurpose.RIDE)
    )

    assert scan.use == ride.answer
    (seen,) = ride.seen or []
    assert (seen.subject_id, seen.gate, seen.purpose) == (card.subject_id, gate, ScanPurpose.RIDE)
    assert (seen.scan_id, seen.scanned_at, seen.is_late) == (scan.id, NOW, False)


class NothingLeft(DomainError):
    code = TourismErrorCode.NOT_ALLOWED
    message = N_("This value is not possible.")


async def test_what_the_kind_refuses_is_not_written_and_the_code_stays_good(
    services: Services, clock: MovableClock
) -> None:
    service = service_with(services, clock, [Recorder(answer=NothingLeft())])
    _, phone = await a_phone(service)
    gate = await a_gate(service)
    before = await everything(services.store)

    with pytest.raises(UseRefused) as refusal:
        await service.scanning.scan(keeper_of(CABLE_CAR), gate.id, a_scan(phone.shows(NOW)))

    assert refusal.value.localized(translator("en")) == "This value is not possible."
    assert await everything(services.store) == before


async def test_only_its_gatekeepers_scan_at_a_gate(service: CredentialService) -> None:
    _, phone = await a_phone(service)
    gate = await a_gate(service)
    asked = a_scan(phone.shows(NOW))

    with pytest.raises(GateNotFound):
        await service.scanning.scan(keeper_of(MUSEUM), gate.id, asked)
    with pytest.raises(NotSignedIn):
        await service.scanning.scan(ANONYMOUS, gate.id, asked)


@pytest.mark.parametrize("id", ["short", "x" * 65, "with a space in it", "không-phải-ascii-00"])
async def test_an_id_that_cannot_be_one_is_refused(service: CredentialService, id: str) -> None:
    gate = await a_gate(service)

    with pytest.raises(InvalidScan) as refusal:
        await service.scanning.scan(keeper_of(CABLE_CAR), gate.id, a_scan("x", id=id))

    assert refusal.value.field == "id"

"""Each reason for which an officer is refused, by name; nothing has changed then."""

from dataclasses import replace
from datetime import timedelta

import pytest

from api.accounts.caller import Grant, Role, Scope, ScopeKind
from api.accounts.errors import NotAllowed
from api.accounts.identity_papers.numbers import IdentityPaperKind, identity_number_of
from api.accounts.identity_papers.repository import IdentityPaper, IdentityPaperRepository
from api.accounts.staff.grants import Grants
from api.alerts.composing.draft import Content, DraftKind, DraftState, Words
from api.alerts.composing.errors import (
    AlertEnded,
    AlertNotFound,
    AmbiguousReference,
    ComposingProblem,
    DraftChanged,
    DraftNotFound,
    ExpiresBeforeEffective,
    ExpiresTooLate,
    ForeignReference,
    InvalidArea,
    InvalidHazard,
    InvalidLevel,
    InvalidSlot,
    InvalidText,
    NotInThisState,
    OutsideProvince,
    SelfApproval,
    TextMissing,
)
from api.alerts.composing.repository import ALERT_DRAFTS
from api.alerts.repository import ALERTS
from api.context import Services
from api.kit.geo import Position
from api.kit.store import Store
from tests.alerts.composing.officers import (
    CIVIL_DEFENCE,
    CONTENT,
    HYDROMET,
    AlertDesk,
    a_desk,
    an_approver,
    both_in_one,
)
from tests.conftest import NOW, MovableClock

HANOI = ((21.0, 105.8), (21.0, 105.9), (21.1, 105.9), (21.0, 105.8))


def ring(*corners: tuple[float, float]) -> tuple[Position, ...]:
    return tuple(Position(*corner) for corner in corners)


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (replace(CONTENT, hazard="dragon"), InvalidHazard),
        (replace(CONTENT, level="6"), InvalidLevel),
        (replace(CONTENT, slots={"wind": "9"}), InvalidSlot),
        (replace(CONTENT, slots={"rain": "nhiều"}), InvalidSlot),
        (replace(CONTENT, slots={"rain": "nan"}), InvalidSlot),
        (replace(CONTENT, slots={"rain": "-1"}), InvalidSlot),
        (replace(CONTENT, communes=()), InvalidArea),
        (replace(CONTENT, communes=("00001",)), InvalidArea),
        (replace(CONTENT, polygons=(ring(*HANOI[:3]),)), InvalidArea),
        (replace(CONTENT, communes=(), polygons=(ring(*HANOI),)), OutsideProvince),
        (replace(CONTENT, words={"vi": Words(headline="x" * 161)}), InvalidText),
        (replace(CONTENT, words={"vi": Words(description=" ")}), InvalidText),
        (replace(CONTENT, words={"vi": Words(instruction="a\x00b")}), InvalidText),
        (replace(CONTENT, words={"Tiếng": Words()}), InvalidText),
        (replace(CONTENT, effective=CONTENT.expires), ExpiresBeforeEffective),
        (replace(CONTENT, onset=CONTENT.expires + timedelta(hours=1)), ExpiresBeforeEffective),
    ],
)
async def test_what_can_never_go_out_is_not_written(
    desk: AlertDesk, store: Store, content: Content, refusal: type[ComposingProblem]
) -> None:
    with pytest.raises(refusal):
        await desk.compose(content)

    assert await store[ALERT_DRAFTS].count({}) == 0


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (replace(CONTENT, slots={"rain": "120"}), InvalidSlot),
        (replace(CONTENT, expires=NOW), ExpiresBeforeEffective),
        (replace(CONTENT, expires=NOW + timedelta(days=15)), ExpiresTooLate),
        (replace(CONTENT, hazard="other", slots={}), TextMissing),
        (
            replace(
                CONTENT, hazard="other", slots={}, words={"en": Words("Dam", "It breaks.", "Run.")}
            ),
            TextMissing,
        ),
    ],
)
async def test_what_cannot_go_out_now_is_not_submitted(
    desk: AlertDesk, content: Content, refusal: type[ComposingProblem]
) -> None:
    draft = await desk.compose(content)

    with pytest.raises(refusal):
        await desk.submit(draft)

    assert await desk.kept(draft) == draft


async def test_nobody_approves_what_they_wrote(services: Services, desk: AlertDesk) -> None:
    desk.author = await both_in_one(services)
    waiting = await desk.submit(await desk.compose())

    with pytest.raises(SelfApproval):
        await desk.approve(waiting, desk.author)

    assert await desk.kept(waiting) == waiting


async def test_nobody_approves_what_they_edited(services: Services, desk: AlertDesk) -> None:
    editor = await both_in_one(services)
    draft = await desk.compose()
    edited = await services.composing.drafting.edit(
        editor, CIVIL_DEFENCE, draft.id, draft.digest, replace(CONTENT, level="4")
    )
    waiting = await desk.submit(edited)

    with pytest.raises(SelfApproval):
        await desk.approve(waiting, editor)

    assert await desk.kept(waiting) == waiting


async def register_paper(services: Services, person_id: str | None) -> None:
    """Let somebody register the one paper of these tests as their own."""
    assert person_id is not None
    number = identity_number_of(IdentityPaperKind.CCCD, "010183904417", NOW.date())
    papers = IdentityPaperRepository(services.store, services.sealer)
    await papers.put(IdentityPaper(person_id, person_id, number, NOW))


async def test_nobody_approves_what_they_wrote_under_another_account(
    services: Services, desk: AlertDesk
) -> None:
    await register_paper(services, desk.author.person_id)
    await register_paper(services, desk.approver.person_id)
    waiting = await desk.submit(await desk.compose())

    with pytest.raises(SelfApproval):
        await desk.approve(waiting)

    assert await desk.kept(waiting) == waiting


async def test_an_approver_of_another_agency_that_is_not_on_duty_may_not(
    services: Services, desk: AlertDesk
) -> None:
    waiting = await desk.submit(await desk.compose())

    with pytest.raises(NotAllowed):
        await desk.approve(waiting, await an_approver(services, HYDROMET))

    assert await desk.kept(waiting) == waiting


async def test_an_approver_whose_role_was_taken_back_meanwhile_may_not(
    services: Services, desk: AlertDesk, store: Store
) -> None:
    waiting = await desk.submit(await desk.compose())
    role = Grant(Role.ALERT_APPROVER, Scope(ScopeKind.AGENCY, CIVIL_DEFENCE))
    await Grants(store).take_back(desk.approver.person(), role)

    with pytest.raises(NotAllowed):
        await desk.approve(waiting)

    assert await desk.kept(waiting) == waiting
    assert await store[ALERTS].count({}) == 0


async def test_whoever_saw_another_digest_approves_nothing(desk: AlertDesk) -> None:
    draft = await desk.compose()
    waiting = await desk.submit(draft)

    with pytest.raises(DraftChanged):
        await desk.approve(replace(waiting, version=waiting.version + 1))

    assert await desk.kept(waiting) == waiting


async def test_any_edit_voids_the_waiting(services: Services, desk: AlertDesk) -> None:
    waiting = await desk.submit(await desk.compose())

    edited = await services.composing.drafting.edit(
        desk.author, CIVIL_DEFENCE, waiting.id, waiting.digest, CONTENT
    )

    assert edited.state is DraftState.EDITING
    assert edited.digest != waiting.digest
    with pytest.raises(DraftChanged):
        await desk.approve(waiting)
    with pytest.raises(NotInThisState):
        await desk.approve(edited)


async def test_what_was_issued_is_edited_and_thrown_away_no_more(
    services: Services, desk: AlertDesk
) -> None:
    issued = await desk.issue(await desk.compose())
    drafting = services.composing.drafting

    with pytest.raises(NotInThisState):
        await drafting.edit(desk.author, CIVIL_DEFENCE, issued.id, issued.digest, CONTENT)
    with pytest.raises(NotInThisState):
        await drafting.discard(desk.author, CIVIL_DEFENCE, issued.id, issued.digest)

    assert await desk.kept(issued) == issued


async def test_a_draft_of_another_agency_is_as_one_that_is_not_there(
    services: Services, desk: AlertDesk
) -> None:
    other = await a_desk(services, HYDROMET)
    draft = await other.compose()
    drafting = services.composing.drafting

    assert await drafting.get(desk.author, CIVIL_DEFENCE, draft.id) is None
    with pytest.raises(DraftNotFound):
        await drafting.edit(desk.author, CIVIL_DEFENCE, draft.id, draft.digest, CONTENT)


async def test_a_warning_of_another_agency_is_not_updated(
    services: Services, desk: AlertDesk
) -> None:
    other = await a_desk(services, HYDROMET)
    issued = await other.issue(await other.compose())

    with pytest.raises(ForeignReference):
        await desk.update(issued.alert_id, CONTENT)


async def test_a_warning_that_is_not_there_is_not_updated(desk: AlertDesk) -> None:
    with pytest.raises(AlertNotFound):
        await desk.update("a" * 26, CONTENT)


async def test_what_was_updated_already_is_updated_no_more(desk: AlertDesk) -> None:
    first = await desk.issue(await desk.compose())
    await desk.issue(await desk.update(first.alert_id, CONTENT))

    with pytest.raises(AmbiguousReference):
        await desk.update(first.alert_id, CONTENT)


@pytest.mark.parametrize("kind", [DraftKind.CANCEL, DraftKind.ALL_CLEAR])
async def test_an_update_that_waited_while_the_warning_was_ended_is_not_issued(
    desk: AlertDesk, kind: DraftKind
) -> None:
    first = await desk.issue(await desk.compose())
    waiting = await desk.submit(await desk.update(first.alert_id, CONTENT))
    await desk.issue(await desk.end(first.alert_id, kind))

    with pytest.raises((AlertEnded, AmbiguousReference)):
        await desk.approve(waiting)

    assert await desk.kept(waiting) == waiting


async def test_a_warning_that_has_expired_is_not_ended(
    desk: AlertDesk, clock: MovableClock
) -> None:
    first = await desk.issue(await desk.compose())
    clock.advance(hours=7)

    with pytest.raises(AlertEnded):
        await desk.end(first.alert_id, DraftKind.CANCEL)

"""What becomes of drafts when one who wrote on them is erased."""

from dataclasses import replace
from datetime import timedelta

import pytest

from api.alerts.composing.draft import DraftKind, DraftState
from api.alerts.composing.errors import ApprovalNeeded, DraftChanged
from api.alerts.composing.repository import DraftRepository
from api.alerts.repository import ALERTS
from api.context import Services
from api.kit.store import Store
from tests.alerts.composing.officers import CONTENT, MINOR, AlertDesk, an_author, seen


async def forget_author(services: Services, desk: AlertDesk) -> None:
    assert desk.author.person_id is not None
    await services.composing.data.erase(desk.author.person_id)


@pytest.mark.parametrize("is_submitted", [False, True])
async def test_open_drafts_of_a_forgotten_author_are_thrown_away(
    desk: AlertDesk, services: Services, store: Store, *, is_submitted: bool
) -> None:
    draft = await desk.compose()
    if is_submitted:
        draft = await desk.submit(draft)

    await forget_author(services, desk)

    kept = await desk.kept(draft)
    assert (kept.state, kept.editors) == (DraftState.DISCARDED, ())
    with pytest.raises(DraftChanged):
        await desk.approve(draft)
    assert await store[ALERTS].count({}) == 0


async def test_drafts_of_others_stay_open(desk: AlertDesk, services: Services) -> None:
    draft = await desk.compose()
    forgotten = AlertDesk(services, await an_author(services), desk.approver)

    await forget_author(services, forgotten)

    assert await desk.kept(draft) == draft


async def test_what_was_issued_stays_issued(desk: AlertDesk, services: Services) -> None:
    issued = await desk.issue(await desk.compose())

    await forget_author(services, desk)

    kept = await desk.kept(issued)
    assert (kept.state, kept.alert_id, kept.editors) == (DraftState.ISSUED, issued.alert_id, ())


async def test_an_approval_that_read_the_draft_before_it_was_forgotten_is_refused(
    desk: AlertDesk, services: Services, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = await desk.submit(await desk.compose())
    move = DraftRepository.move

    async def after_forgetting(self: DraftRepository, *moved: object, **how: object) -> object:
        monkeypatch.setattr(DraftRepository, "move", move)
        await forget_author(services, desk)
        return await move(self, *moved, **how)  # type: ignore[arg-type] # handed through

    monkeypatch.setattr(DraftRepository, "move", after_forgetting)

    with pytest.raises(DraftChanged):
        await desk.approve(waiting)

    assert await store[ALERTS].count({}) == 0


@pytest.mark.parametrize("kind", [DraftKind.CANCEL, DraftKind.ALL_CLEAR])
async def test_a_milder_update_does_not_let_one_person_end_a_severe_warning(
    desk: AlertDesk, services: Services, kind: DraftKind
) -> None:
    issued = await desk.issue(await desk.compose())
    later = replace(MINOR, effective=CONTENT.expires - timedelta(hours=2))
    milder = await desk.issue(await desk.update(issued.alert_id, later))

    end = await desk.end(milder.alert_id, kind)

    with pytest.raises(ApprovalNeeded):
        await services.composing.issuing.issue(desk.author, seen(end))

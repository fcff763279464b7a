"""Officers at once, and processes that die: one draft is one message, and nothing is half done."""

import asyncio
from dataclasses import replace
from datetime import datetime

import pytest

from api.alerts.composing.chain import Chains
from api.alerts.composing.draft import Draft, DraftState
from api.alerts.composing.errors import AmbiguousReference, ComposingProblem, DraftChanged
from api.alerts.composing.manuscript import Manuscript, Manuscripts
from api.alerts.composing.repository import ALERT_DRAFTS, DraftRepository
from api.alerts.intake import Arrival
from api.alerts.repository import ALERTS
from api.context import Services
from api.kit.store import Store
from tests.alerts.composing.officers import CIVIL_DEFENCE, CONTENT, AlertDesk, an_approver, seen


async def approve_at_once(desk: AlertDesk, services: Services, times: int = 6) -> list[object]:
    """Let as many approvers approve one draft at once; return what each was answered."""
    waiting = await desk.submit(await desk.compose())
    approvers = [await an_approver(services) for _ in range(times)]
    return await asyncio.gather(
        *(desk.approve(waiting, approver) for approver in approvers), return_exceptions=True
    )


def without_a_look_at_the_state(monkeypatch: pytest.MonkeyPatch, store: Store) -> None:
    """The control: a draft changes its state whatever it is."""
    drafts = store[ALERT_DRAFTS]

    async def move(
        _repository: DraftRepository,
        seen_draft: Draft,
        _sources: object,
        target: DraftState,
        _now: object,
        fields: object = None,
    ) -> Draft:
        assert isinstance(fields, dict) or fields is None
        stored = await drafts.update_one(
            {"_id": seen_draft.id}, {"$set": {"state": target.value, **(fields or {})}}
        )
        assert stored is not None
        return replace(seen_draft, state=target)

    monkeypatch.setattr(DraftRepository, "move", move)


async def test_of_many_approvers_one_issues(
    desk: AlertDesk, services: Services, store: Store
) -> None:
    answers = await approve_at_once(desk, services)

    issued = [one for one in answers if isinstance(one, Draft)]
    refused = {type(one).__name__ for one in answers if not isinstance(one, Draft)}
    assert len(issued) == 1
    assert refused <= {"DraftChanged", "NotInThisState"}
    assert await store[ALERTS].count({}) == 1


async def test_control_without_a_look_at_the_state_many_issue(
    desk: AlertDesk, services: Services, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_a_look_at_the_state(monkeypatch, store)

    answers = await approve_at_once(desk, services)

    assert len([one for one in answers if isinstance(one, Draft)]) > 1


async def approve_while_it_is_edited(
    desk: AlertDesk, services: Services, monkeypatch: pytest.MonkeyPatch
) -> tuple[object, Draft]:
    """Let somebody edit a draft in the moment between the approver's look and the transaction."""
    waiting = await desk.submit(await desk.compose())
    arrival = Manuscripts.arrival
    edits: list[Draft] = []

    async def edited_first(self: Manuscripts, manuscript: Manuscript, now: datetime) -> Arrival:
        edits.append(
            await services.composing.drafting.edit(
                desk.author, CIVIL_DEFENCE, waiting.id, waiting.digest, replace(CONTENT, level="5")
            )
        )
        return await arrival(self, manuscript, now)

    monkeypatch.setattr(Manuscripts, "arrival", edited_first)
    (answer,) = await asyncio.gather(desk.approve(waiting), return_exceptions=True)
    return answer, edits[0]


async def test_an_approval_that_an_edit_overtook_issues_nothing(
    desk: AlertDesk, services: Services, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer, edited = await approve_while_it_is_edited(desk, services, monkeypatch)

    assert isinstance(answer, DraftChanged)
    assert await desk.kept(edited) == edited
    assert await store[ALERTS].count({}) == 0


async def test_control_without_a_look_at_the_version_the_old_words_go_out(
    desk: AlertDesk, services: Services, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_a_look_at_the_state(monkeypatch, store)

    await approve_while_it_is_edited(desk, services, monkeypatch)

    assert await store[ALERTS].count({}) == 1


async def two_updates_at_once(desk: AlertDesk, services: Services) -> list[object]:
    """Compose two updates of one warning, and approve both at once."""
    first = await desk.issue(await desk.compose())
    waiting = [await desk.submit(await desk.update(first.alert_id, CONTENT)) for _ in range(2)]
    return await asyncio.gather(*(desk.approve(one) for one in waiting), return_exceptions=True)


async def test_of_two_updates_of_one_warning_one_is_issued(
    desk: AlertDesk, services: Services, store: Store
) -> None:
    answers = await two_updates_at_once(desk, services)

    assert sorted(type(one).__name__ for one in answers) == ["AmbiguousReference", "Draft"]
    assert await store[ALERTS].count({}) == 2


async def test_control_without_holding_the_chain_it_forks(
    desk: AlertDesk, services: Services, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hold(*_: object) -> None:
        """Hold nothing."""

    monkeypatch.setattr(Chains, "hold", hold)

    answers = await two_updates_at_once(desk, services)

    assert not any(isinstance(one, AmbiguousReference) for one in answers)
    assert await store[ALERTS].count({}) == 3


async def test_the_same_draft_begun_twice_with_one_key_is_one(
    desk: AlertDesk, services: Services, store: Store
) -> None:
    drafting = services.composing.drafting
    waiting = await desk.compose()

    drafts = await asyncio.gather(
        *(
            drafting.compose(
                desk.author, CIVIL_DEFENCE, waiting.purpose, CONTENT, "one-key-for-all-of-them"
            )
            for _ in range(4)
        )
    )

    assert len({draft.id for draft in drafts}) == 1
    assert await store[ALERT_DRAFTS].count({}) == 2


async def test_an_author_who_issues_alone_while_another_approves_issues_once(
    desk: AlertDesk, services: Services, store: Store
) -> None:
    waiting = await desk.submit(await desk.compose())
    alone = services.composing.issuing.issue_alone(
        desk.author, seen(waiting), "Phường Sa Pa", "Nước đã tràn vào thôn, không chờ được."
    )

    answers = await asyncio.gather(desk.approve(waiting), alone, return_exceptions=True)

    assert len([one for one in answers if isinstance(one, ComposingProblem)]) == 1
    assert await store[ALERTS].count({}) == 1

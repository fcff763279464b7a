"""From a draft to phones: who may do which step, and what one transaction leaves."""

import pytest

from api.alerts.composing.draft import DraftKind, DraftState
from api.alerts.composing.errors import ApprovalNeeded, ConfirmationWrong, ReasonMissing
from api.alerts.repository import ALERTS
from api.context import Services
from api.kit.audit_log import AUDIT_ROWS
from api.kit.jobs import JOBS
from api.kit.store import Store
from notifications.fan_outs import FAN_OUTS
from tests.alerts.composing.officers import (
    CONFIRMATION,
    MINOR,
    AlertDesk,
    a_desk,
    add_communes,
    an_administrator,
    an_approver,
    seen,
)
from tests.alerts.conftest import Phones
from tests.alerts.messages import BAC_HA

REASON = "Nước đã tràn vào thôn, không ai nghe máy."


async def test_a_severe_warning_that_a_second_person_approves_reaches_the_phones_of_the_commune(
    desk: AlertDesk, phones: Phones
) -> None:
    await phones.add("here", language="fr")
    await phones.add("elsewhere", BAC_HA)

    issued = await desk.issue(await desk.compose())

    told = await phones.told()
    assert (issued.state, issued.issued_by) == (DraftState.ISSUED, desk.approver.person_id)
    assert list(told) == ["here"]
    assert told["here"][0].title == (
        "Crue soudaine, risque de niveau 3 (élevé) : Quartier de Sa Pa"
    )


async def test_a_minor_warning_is_issued_by_its_author(desk: AlertDesk, services: Services) -> None:
    draft = await desk.compose(MINOR)

    issued = await services.composing.issuing.issue(desk.author, seen(draft))

    assert issued.state is DraftState.ISSUED
    assert await services.alerts.get(str(issued.alert_id)) is not None


async def test_a_severe_warning_is_not_issued_by_its_author(
    desk: AlertDesk, services: Services, store: Store
) -> None:
    draft = await desk.compose()

    with pytest.raises(ApprovalNeeded):
        await services.composing.issuing.issue(desk.author, seen(draft))

    assert await store[ALERTS].count({}) == 0
    assert await desk.kept(draft) == draft


async def test_an_approver_of_the_province_s_duty_approves_for_another_agency(
    services: Services,
) -> None:
    await add_communes(services)
    desk = await a_desk(services, "hydromet")
    waiting = await desk.submit(await desk.compose())

    issued = await desk.approve(waiting, await an_approver(services))

    assert issued.state is DraftState.ISSUED


async def test_the_confirmation_is_the_name_of_the_commune(
    desk: AlertDesk, services: Services, store: Store
) -> None:
    waiting = await desk.submit(await desk.compose())

    with pytest.raises(ConfirmationWrong) as refusal:
        await desk.approve(waiting, confirmation="Sa Pa")

    assert refusal.value.params == {"wanted": CONFIRMATION}
    assert await store[ALERTS].count({}) == 0


async def test_case_and_spaces_of_the_confirmation_do_not_matter(desk: AlertDesk) -> None:
    waiting = await desk.submit(await desk.compose())

    issued = await desk.approve(waiting, confirmation="  phường  SA PA ")

    assert issued.state is DraftState.ISSUED


async def test_the_same_approval_again_is_answered_and_does_nothing(
    desk: AlertDesk, store: Store
) -> None:
    waiting = await desk.submit(await desk.compose())
    first = await desk.approve(waiting)

    again = await desk.approve(waiting)

    assert again == first
    assert (await store[ALERTS].count({}), await store[AUDIT_ROWS].count({})) == (1, 1)


async def test_whoever_issues_alone_is_told_on_at_once(
    desk: AlertDesk, services: Services, store: Store
) -> None:
    await an_administrator(services)
    await an_administrator(services)
    draft = await desk.compose()

    issued = await services.composing.issuing.issue_alone(
        desk.author, seen(draft), CONFIRMATION, REASON
    )

    (row,) = await store[AUDIT_ROWS].find({})
    assert issued.break_glass_reason == REASON
    assert row["action"] == "alert.break_glass"
    assert row["details"]["administrators_told"] == 2
    assert await store[FAN_OUTS].count({}) == 2


async def test_without_a_reason_nobody_issues_alone(
    desk: AlertDesk, services: Services, store: Store
) -> None:
    draft = await desk.compose()

    with pytest.raises(ReasonMissing):
        await services.composing.issuing.issue_alone(desk.author, seen(draft), CONFIRMATION, "gấp")

    assert await store[ALERTS].count({}) == 0


@pytest.mark.parametrize(
    "step",
    [
        "api.kit.jobs.Jobs.enqueue",
        "api.kit.events.Events.publish",
        "api.kit.audit_log.AuditLog.append",
    ],
)
async def test_what_fails_half_way_leaves_the_draft_waiting(
    desk: AlertDesk, store: Store, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    waiting = await desk.submit(await desk.compose())

    async def fails(*_: object, **__: object) -> None:
        raise RuntimeError("the power is gone")

    monkeypatch.setattr(step, fails)

    with pytest.raises(RuntimeError):
        await desk.approve(waiting)

    assert await desk.kept(waiting) == waiting
    assert [await store[spec].count({}) for spec in (ALERTS, JOBS, AUDIT_ROWS)] == [0, 0, 0]


async def test_an_all_clear_is_told_to_those_who_were_warned_wherever_they_are_now(
    desk: AlertDesk, phones: Phones
) -> None:
    await phones.add("warned")
    issued = await desk.issue(await desk.compose())
    await phones.deliver()
    await phones.add("warned", BAC_HA)
    await phones.add("newcomer")

    await desk.issue(await desk.end(issued.alert_id, DraftKind.ALL_CLEAR))

    told = await phones.told()
    assert list(told) == ["warned"]
    assert [text.title for text in told["warned"]] == [
        "Lũ quét, rủi ro cấp 3 (lớn): Phường Sa Pa",
        "Hết nguy hiểm – Lũ quét: Phường Sa Pa",
    ]


async def test_a_cancel_is_told_to_those_who_were_warned(desk: AlertDesk, phones: Phones) -> None:
    await phones.add("warned")
    issued = await desk.issue(await desk.compose())
    await phones.deliver()
    await phones.add("newcomer")

    await desk.issue(await desk.end(issued.alert_id, DraftKind.CANCEL))

    told = await phones.told()
    assert [text.title for text in told["warned"]][1:] == ["Đã gỡ cảnh báo: Lũ quét"]
    assert "newcomer" not in told

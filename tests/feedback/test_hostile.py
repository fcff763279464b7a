"""What people try who mean no good, and what phones do that were long without a network."""

from datetime import timedelta

import httpx
import pytest

from api.context import Services
from api.feedback.duplicates.errors import InvalidMerge
from api.feedback.errors import ReportNotFound
from api.feedback.reports.records import Report, Visibility
from api.feedback.reports.repository import REPORTS
from api.feedback.reports.submitting import BY_ONE_DEVICE, FROM_ONE_ADDRESS
from api.kit.idempotency import IDEMPOTENCY_KEYS, Idempotency
from tests.accounts.families import person_id_of
from tests.accounts.people import SignedInPerson, new_key, signed_in
from tests.accounts.test_leaving import erase, leave
from tests.conftest import MovableClock
from tests.feedback.desk_play import SAID, DeskPlay
from tests.feedback.reporting import (
    SA_PA_WARD,
    WORDS,
    a_clerk,
    a_device,
    a_photo,
    a_report,
    agrees_to_photos,
    ask,
    do,
    step,
    submitted,
)


@pytest.fixture
async def person(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    return await signed_in(client, services)


async def stored(services: Services, code: str) -> dict[str, object]:
    (found,) = await services.store[REPORTS].find({"code": code})
    return found


async def test_a_private_report_is_not_there_for_others_whatever_they_do_with_its_code(
    client: httpx.AsyncClient, services: Services, person: SignedInPerson
) -> None:
    private = await submitted(client, person, visibility="PRIVATE")
    stranger = await signed_in(client, services, "stranger@example.com")
    other = await a_clerk(client, services, "environment")
    before = await stored(services, private["code"])
    at = {"code": private["code"], "idempotencyKey": new_key()}
    at_desk = {**at, "agencyId": "environment", "seenState": "RECEIVED"}

    tried = [
        await do(client, "JoinReport", at, stranger),
        await do(client, "LeaveReport", at, stranger),
        await do(client, "ConfirmFix", at, stranger),
        await do(client, "ReopenReport", {**at, **WORDS}, stranger),
        await do(client, "AcceptReport", at_desk, other),
        await do(client, "RerouteReport", {**at_desk, **WORDS, "toAgencyId": "water"}, other),
        await do(
            client,
            "MergeReports",
            {
                "agencyId": "environment",
                "leadCode": private["code"],
                "codes": [private["code"]],
                "idempotencyKey": new_key(),
            },
            other,
        ),
    ]

    assert [(one["__typename"], one["code"]) for one in tried] == [
        ("FeedbackError", "NOT_FOUND")
    ] * len(tried)
    assert await ask(client, "Report", {"code": private["code"]}) is None
    assert await ask(client, "MyReport", {"code": private["code"]}, stranger) is None
    assert await stored(services, private["code"]) == before


async def test_a_refused_report_is_not_there_for_strangers(play: DeskPlay) -> None:
    report = await play.refused(await play.reported())
    turn = play.services.feedback.reporter_turn

    with pytest.raises(ReportNotFound):
        await turn.confirm(play.neighbour, None, report.code, new_key())

    assert await play.now(report) == report


async def test_a_name_beside_a_report_carries_no_number(
    client: httpx.AsyncClient, services: Services, person: SignedInPerson
) -> None:
    clerk = await a_clerk(client, services)
    report = await submitted(client, person, displayName="Hà 0912 - 345 - 678")

    await step(client, clerk, "AcceptReport", report["code"], "RECEIVED")

    shown = await ask(client, "Report", {"code": report["code"]})
    assert shown["reportedBy"] == "Hà •••"


async def test_what_a_reporter_wrote_is_shown_once_a_clerk_has_gone_on(
    play: DeskPlay, client: httpx.AsyncClient
) -> None:
    report = await play.answered(await play.accepted(await play.reported()))
    await play.joined(report)
    reopened = await play.reopened(report)

    async def words() -> list[str | None]:
        shown = await ask(client, "Report", {"code": report.code})
        said = [one["words"] for one in shown["steps"] if one["move"] == "REOPEN"]
        return [one and one["text"] for one in said]

    unread = await words()
    await play.started(reopened)

    assert unread == [None]
    assert await words() == [SAID.text]


async def test_a_private_report_is_not_counted_under_a_public_one(play: DeskPlay) -> None:
    lead = await play.reported()
    private = await play.reported(play.neighbour, visibility=Visibility.PRIVATE)

    merged = await play.merged(lead, private)
    after = await play.unmerged(private)

    assert (merged.people, (await play.now(lead)).people, after.people) == (1, 1, 1)


async def test_neither_a_ring_nor_a_chain_is_merged(play: DeskPlay) -> None:
    one, two, three = [await play.reported() for _ in range(3)]
    await play.merged(one, two)

    for lead, member in ((two, one), (three, one), (two, three), (one, one), (three, two)):
        with pytest.raises(InvalidMerge):
            await play.merged(lead, member)

    assert [(await play.now(it)).lead_id for it in (one, two, three)] == [None, one.id, None]


async def test_a_thousand_codes_are_not_even_looked_up(
    play: DeskPlay, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead = await play.reported()
    looked_up: list[str] = []
    reports = play.services.feedback.reports
    coded = type(reports).coded

    async def noted(self: object, code: str) -> Report | None:
        looked_up.append(code)
        return await coded(reports, code)

    monkeypatch.setattr(type(reports), "coded", noted)
    merging = play.services.feedback.merging
    with pytest.raises(InvalidMerge):
        await merging.merge(play.clerk, SA_PA_WARD, lead.code, ["LC-7K3-943"] * 1_000, new_key())

    assert looked_up == [lead.code]


async def test_whoever_sends_too_much_uses_up_nothing_of_others(
    client: httpx.AsyncClient,
) -> None:
    noisy, quiet = await a_device(client, "noisy"), await a_device(client, "quiet")

    told = [
        (await do(client, "SubmitReport", a_report(device=noisy)))["__typename"]
        for _ in range(FROM_ONE_ADDRESS.times + 1)
    ]
    other = await do(client, "SubmitReport", a_report(device=quiet))

    assert told.count("SubmitReportSuccess") == BY_ONE_DEVICE.times
    assert other["__typename"] == "SubmitReportSuccess"


async def test_a_draft_that_is_sent_again_a_week_later_is_the_same_report(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    draft = a_report(device=await a_device(client))
    first = await do(client, "SubmitReport", draft)
    clock.advance(days=7)
    await services.store[IDEMPOTENCY_KEYS].delete_many({"kept_until": {"$lte": clock()}})

    again = await do(client, "SubmitReport", draft)
    other = await do(client, "SubmitReport", {**draft, "categoryCode": "street-light"})

    assert again["report"]["code"] == first["report"]["code"]
    assert other["code"] == "IDEMPOTENCY_KEY_REUSED"
    assert await services.store[REPORTS].count({}) == 1


async def test_a_draft_is_taken_up_to_its_last_moment(
    client: httpx.AsyncClient, clock: MovableClock
) -> None:
    device = await a_device(client)
    answers = [
        (await do(client, "SubmitReport", a_report(device=device, capturedAt=at)))["__typename"]
        for at in (
            (clock() - timedelta(days=30)).isoformat(),
            (clock() - timedelta(days=30, milliseconds=1)).isoformat(),
            (clock() + timedelta(minutes=5)).isoformat(),
            (clock() + timedelta(minutes=5, milliseconds=1)).isoformat(),
            "0001-01-01T00:00:00+14:00",
            "9999-12-31T23:59:59.999999-14:00",
        )
    ]

    assert answers == [
        "SubmitReportSuccess",
        "FeedbackError",
        "SubmitReportSuccess",
        "FeedbackError",
        "FeedbackError",
        "FeedbackError",
    ]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("🤷‍♂️ Hỏng\trồi\ufeff", "🤷♂️ Hỏng rồi"),
        ("a\u202ebc\u2066d", "abcd"),
        ("sâu <5 m\r\nrộng", "sâu <5 m\nrộng"),
        ("الطريق مكسور", "الطريق مكسور"),
        ("😀" * 2_000, "😀" * 2_000),
    ],
)
async def test_what_keyboards_leave_in_a_text_is_no_reason_to_refuse_it(
    client: httpx.AsyncClient, person: SignedInPerson, sent: str, kept: str
) -> None:
    report = await submitted(client, person, text=sent)

    assert report["text"]["text"] == kept


@pytest.mark.parametrize(
    "text",
    ["a" * 2_001, "a" * 10_000, "\u200b", "\u3164", "a" + "\u0301" * 50, "<script>x", "\ue000"],
)
async def test_what_nobody_means_is_refused(
    client: httpx.AsyncClient, services: Services, person: SignedInPerson, text: str
) -> None:
    refused = await do(client, "SubmitReport", a_report(text=text), person)

    assert (refused["code"], refused["field"]) == ("INVALID_TEXT", "text")
    assert await services.store[REPORTS].count({}) == 0


async def test_photos_of_others_are_in_no_report(
    client: httpx.AsyncClient, services: Services, clock: MovableClock, person: SignedInPerson
) -> None:
    thief = await signed_in(client, services, "thief@example.com")
    for one in (person, thief):
        await agrees_to_photos(client, one)
    photo = await a_photo(client, services, person, clock)

    refused = await do(client, "SubmitReport", a_report(photoIds=[photo]), thief)
    unknown = await do(client, "SubmitReport", a_report(photoIds=["x" * 26]), thief)

    assert (refused["code"], refused["message"]) == (unknown["code"], unknown["message"])
    assert refused["code"] == "INVALID_PHOTOS"
    assert await services.store[REPORTS].count({}) == 0


async def test_whoever_leaves_in_the_midst_leaves_no_key_and_the_agency_goes_on(
    client: httpx.AsyncClient, services: Services, clock: MovableClock, person: SignedInPerson
) -> None:
    clerk = await a_clerk(client, services)
    person_id = await person_id_of(services, person)
    keys = Idempotency(services.store, clock)
    before = await keys.count(person_id)
    report = await submitted(client, person)
    await step(client, clerk, "AcceptReport", report["code"], "RECEIVED")
    remembered = await keys.count(person_id) - before

    await leave(client, person)
    await erase(services, clock)

    answered = await step(client, clerk, "AnswerReport", report["code"], "ACCEPTED", **WORDS)
    assert remembered == 1
    assert await keys.count(person_id) == 0
    assert answered["report"]["state"] == "ANSWERED"

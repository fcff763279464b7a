"""Who is asked how satisfied they were, what counts, and until when it may be changed."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from api.accounts.caller import Grant, Role
from api.context import Services
from api.feedback.errors import FeedbackProblem
from api.feedback.life.closing import RATE
from api.feedback.reports.code import code_of
from api.feedback.reports.errors import InvalidText
from api.feedback.reports.records import Report
from api.feedback.satisfaction.errors import (
    AlreadyRated,
    InvalidReasons,
    OwnOffice,
    RatingIsFinal,
    RatingNotFound,
)
from api.feedback.satisfaction.rating import Said
from api.feedback.satisfaction.records import Grade, Reason
from api.feedback.satisfaction.repository import RATINGS
from api.health.appointments.records import AppointmentStatus
from api.kit.idempotency import IdempotencyKeyReused
from api.kit.jobs import JOBS
from api.kit.store import Store
from api.kit.transactions import transact
from tests.accounts.people import new_key, signed_in
from tests.conftest import NOW, MovableClock, send_raw
from tests.feedback.desk_play import DeskPlay
from tests.feedback.rating import (
    HOSPITAL,
    a_person,
    an_ended_visit,
    counts,
    gives,
    has_rated,
    rated,
    said,
    visited,
)
from tests.feedback.reporting import SA_PA_WARD, a_device, ask, do, submitted
from tests.health.appointments import an_appointment, put
from tests.health.places import FACILITY, a_clinic

THE_HOSPITAL = f"{HOSPITAL} 2026-05 interaction"
THE_WARD = f"agency:{SA_PA_WARD} 2026-05 interaction"


async def asked_of(play: DeskPlay, report: Report) -> list[str]:
    """Let the job run that asks, twice as after a crash, and return who may rate."""
    for _ in range(2):
        await play.services.feedback.satisfaction.inviting.handlers()[RATE]({"report": report.id})
    found = await play.services.store[RATINGS].find({"office": f"agency:{SA_PA_WARD}"})
    return sorted(one["rater"] for one in found)


def person(caller_id: str) -> str:
    return f"person:{caller_id}"


@pytest.mark.parametrize("end", ["confirmed", "closed", "refused"])
async def test_an_end_asks_for_a_rating(play: DeskPlay, end: str) -> None:
    report = await play.reported()
    if end == "refused":
        await play.refused(report)
    else:
        await play.fixed(await play.at_work(report))
    if end == "confirmed":
        await play.confirmed(report)
    if end == "closed":
        (close,) = await play.services.store[JOBS].find({"kind": "feedback.close"})
        play.wait(days=14)
        await play.services.feedback.closing.handlers()[close["kind"]](close["payload"])

    jobs = await play.services.store[JOBS].find({"kind": RATE})

    assert [job["payload"] for job in jobs] == [{"report": report.id}]
    assert await asked_of(play, report) == [person(play.reporter.person())]


async def test_nobody_is_asked_before_the_end(play: DeskPlay) -> None:
    report = await play.fixed(await play.at_work())

    assert await play.services.store[JOBS].find({"kind": RATE}) == []
    assert await asked_of(play, report) == []


async def test_who_joined_is_asked_too_and_a_mere_device_is_not(
    play: DeskPlay, client: httpx.AsyncClient
) -> None:
    report = await play.reported()
    await play.joined(report)
    joins = {"code": report.code, "device": await a_device(client), "idempotencyKey": new_key()}
    await do(client, "JoinReport", joins)
    await play.refused(report)

    raters = await asked_of(play, report)

    people = (play.reporter.person(), play.neighbour.person())
    assert raters == sorted(map(person, people))


async def test_a_device_that_reported_is_asked(client: httpx.AsyncClient, play: DeskPlay) -> None:
    device = await a_device(client)
    code = (await submitted(client, None, device=device))["code"]
    report = await play.services.feedback.reports.coded(code_of(code) or "")
    assert report is not None
    await play.refused(report)
    await asked_of(play, report)

    page = await ask(client, "MyRatings", {"device": device})
    (mine,) = [edge["node"] for edge in page["edges"]]
    given = await rated(client, "Rate", None, ratingId=mine["id"], device=device, grade="SATISFIED")

    assert (mine["reportCode"], mine["grade"]) == (code, None)
    assert given["grade"] == {"code": "SATISFIED", "name": "Satisfied"}


async def test_of_merged_reports_each_is_asked_once(play: DeskPlay) -> None:
    lead = await play.accepted(await play.reported())
    other = await play.accepted(await play.reported(play.neighbour))
    await play.joined(lead)
    merged = await play.merged(lead, other)
    ended = await play.fixed(await play.started(merged))
    await play.confirmed(ended)

    raters = await asked_of(play, await play.now(lead))

    people = (play.reporter.person(), play.neighbour.person())
    assert raters == sorted(map(person, people))


async def test_a_visit_that_is_over_asks_whoever_booked_it_once(
    services: Services, store: Store
) -> None:
    clinic = await a_clinic(store)
    booker = await a_person(services)
    arrived = {"status": AppointmentStatus.ARRIVED, "dependant_id": "a-mother", "language": "ko"}
    booked = an_appointment(clinic.slots[0], booker.person(), **arrived)
    appointment = await put(store, services.sealer, booked)
    leaving = services.health.queue.leaving

    await transact(store, lambda: leaving.seen(appointment))

    (rating,) = await store[RATINGS].find({})
    facts = {name: rating[name] for name in ("rater", "office", "subject", "language")}
    assert facts == {
        "rater": person(booker.person()),
        "office": f"facility:{FACILITY}",
        "subject": appointment.id,
        "language": "ko",
    }
    assert rating["dependant_id"] == "a-mother"


@pytest.mark.parametrize("end", ["missed", "sent_home"])
async def test_a_visit_that_was_none_asks_nobody(
    services: Services, store: Store, end: str
) -> None:
    clinic = await a_clinic(store)
    booked = an_appointment(clinic.slots[0], (await a_person(services)).person())
    appointment = await put(store, services.sealer, booked)

    await transact(store, lambda: getattr(services.health.queue.leaving, end)(appointment))

    assert await store[RATINGS].find({}) == []


async def test_a_walk_in_without_an_account_is_not_asked(services: Services, store: Store) -> None:
    clinic = await a_clinic(store)
    walks_in = {"status": AppointmentStatus.ARRIVED, "booker_id": None}
    appointment = await put(store, services.sealer, an_appointment(clinic.slots[0], **walks_in))

    await transact(store, lambda: services.health.queue.leaving.seen(appointment))

    assert await store[RATINGS].find({}) == []


async def test_a_rating_is_counted_with_its_reasons(services: Services) -> None:
    await has_rated(services, Grade.VERY_SATISFIED, Reason.ATTITUDE, Reason.WAITING)
    await has_rated(services, Grade.DISSATISFIED, Reason.WAITING)

    assert await counts(services) == {
        THE_HOSPITAL: {
            "total": 2,
            "grades.very_satisfied": 1,
            "grades.dissatisfied": 1,
            "praised.attitude": 1,
            "praised.waiting": 1,
            "criticised.waiting": 1,
        }
    }


async def test_the_last_one_within_seven_days_counts(
    services: Services, clock: MovableClock
) -> None:
    caller, rating = await has_rated(services, Grade.DISSATISFIED, Reason.COST)
    clock.advance(days=7, milliseconds=-1)
    await gives(services, caller, rating, said(Grade.SATISFIED, Reason.ATTITUDE))
    clock.advance(milliseconds=1)

    with pytest.raises(RatingIsFinal):
        await gives(services, caller, rating, said(Grade.NEUTRAL))

    assert await counts(services) == {
        THE_HOSPITAL: {"total": 1, "grades.satisfied": 1, "praised.attitude": 1}
    }


async def test_after_thirty_days_it_is_too_late(services: Services, clock: MovableClock) -> None:
    caller = await a_person(services)
    late, in_time = [await an_ended_visit(services, caller) for _ in range(2)]
    clock.advance(days=30, milliseconds=-1)
    await gives(services, caller, in_time, said())
    clock.advance(milliseconds=1)

    with pytest.raises(RatingIsFinal):
        await gives(services, caller, late, said())

    assert await counts(services) == {THE_HOSPITAL: {"total": 1, "grades.satisfied": 1}}


async def test_the_same_key_counts_once_and_takes_no_other_rating(services: Services) -> None:
    caller = await a_person(services)
    rating, key = await an_ended_visit(services, caller), new_key()
    for _ in range(2):
        await gives(services, caller, rating, said(), key)

    with pytest.raises(IdempotencyKeyReused):
        await gives(services, caller, rating, said(Grade.NEUTRAL), key)

    assert await counts(services) == {THE_HOSPITAL: {"total": 1, "grades.satisfied": 1}}


async def test_nobody_rates_for_another(services: Services) -> None:
    rating = await an_ended_visit(services, await a_person(services))

    with pytest.raises(RatingNotFound):
        await gives(services, await a_person(services), rating, said())

    assert await counts(services) == {}


@pytest.mark.parametrize("role", [Role.CLERK, Role.GATEKEEPER])
async def test_whoever_works_there_does_not_rate_it(services: Services, role: Role) -> None:
    clerk = await a_person(services, Grant(role, HOSPITAL))
    rating = await an_ended_visit(services, clerk)
    ticket = services.feedback.satisfaction.tickets.issue(rating)

    with pytest.raises(OwnOffice):
        await gives(services, clerk, rating, said())
    with pytest.raises(OwnOffice):
        await services.feedback.satisfaction.giving.give_by_ticket(ticket, said())

    assert await counts(services) == {}


@pytest.mark.parametrize(
    ("what", "refusal"),
    [
        (said(Grade.NEUTRAL, Reason.PAPERWORK), InvalidReasons),
        (said(Grade.NEUTRAL, Reason.COST, Reason.COST), InvalidReasons),
        (said(words="<b>"), InvalidText),
        (said(words="a" * 501), InvalidText),
    ],
)
async def test_what_is_not_offered_is_refused_and_changes_nothing(
    services: Services, what: Said, refusal: type[FeedbackProblem]
) -> None:
    caller = await a_person(services)
    rating = await an_ended_visit(services, caller)

    with pytest.raises(refusal):
        await gives(services, caller, rating, what)

    assert await counts(services) == {}


async def test_a_ticket_counts_once(services: Services) -> None:
    satisfaction = services.feedback.satisfaction
    ticket = satisfaction.tickets.issue(await an_ended_visit(services, await a_person(services)))
    for _ in range(2):
        await satisfaction.giving.give_by_ticket(ticket, said(Grade.SATISFIED))

    with pytest.raises(AlreadyRated):
        await satisfaction.giving.give_by_ticket(ticket, said(Grade.DISSATISFIED))

    assert await counts(services) == {THE_HOSPITAL: {"total": 1, "grades.satisfied": 1}}


async def test_a_ticket_that_is_none_rates_nothing(services: Services) -> None:
    rating = await an_ended_visit(services, await a_person(services))
    other = services.feedback.satisfaction.tickets.issue("a" * 26)
    giving = services.feedback.satisfaction.giving

    for ticket in (rating, f"{rating}.", f"{rating}.{other.partition('.')[2]}", other, "é", ""):
        with pytest.raises(RatingNotFound):
            await giving.give_by_ticket(ticket, said())

    assert await counts(services) == {}


async def test_a_ticket_ends_after_thirty_days(services: Services, clock: MovableClock) -> None:
    satisfaction = services.feedback.satisfaction
    ticket = satisfaction.tickets.issue(await an_ended_visit(services, await a_person(services)))
    clock.advance(days=30)

    with pytest.raises(RatingIsFinal):
        await satisfaction.giving.give_by_ticket(ticket, said())

    assert await counts(services) == {}


async def test_the_month_turns_at_midnight_in_vietnam(
    services: Services, clock: MovableClock
) -> None:
    clock.now = datetime(2026, 5, 31, 16, 59, 59, 999000, tzinfo=UTC)
    caller, rating = await has_rated(services, Grade.NEUTRAL)
    clock.advance(milliseconds=1)
    await has_rated(services, Grade.VERY_SATISFIED)

    await gives(services, caller, rating, said(Grade.SATISFIED))

    assert await counts(services) == {
        f"{HOSPITAL} 2026-05 interaction": {"total": 1, "grades.satisfied": 1},
        f"{HOSPITAL} 2026-06 interaction": {"total": 1, "grades.very_satisfied": 1},
    }


async def test_what_an_app_sends_and_sees(client: httpx.AsyncClient, services: Services) -> None:
    mai = await signed_in(client, services)
    rating = await visited(services, mai)
    what = {"grade": "NEUTRAL", "reasons": ["COST", "WAITING"], "words": "Chờ lâu."}

    given = await rated(client, "Rate", mai, ratingId=rating, **what)
    page = await ask(client, "MyRatings", {}, mai)

    assert given == page["edges"][0]["node"]
    assert given | {"office": None, "appointmentId": None} == {
        "id": rating,
        "kind": "VISIT",
        "reportCode": None,
        "appointmentId": None,
        "office": None,
        "askedAt": NOW.isoformat(),
        "openUntil": (NOW + timedelta(days=7)).isoformat(),
        "grade": {"code": "NEUTRAL", "name": "Neither satisfied nor dissatisfied"},
        "reasons": [
            {"code": "WAITING", "name": "How long I waited"},
            {"code": "COST", "name": "What it cost"},
        ],
        "words": "Chờ lâu.",
        "ratedAt": NOW.isoformat(),
    }
    assert given["office"]["id"] == HOSPITAL.id


async def test_an_app_rates_by_a_ticket_and_is_not_told_which_visit(
    client: httpx.AsyncClient, services: Services
) -> None:
    rating = await an_ended_visit(services, await a_person(services))
    ticket = services.feedback.satisfaction.tickets.issue(rating)

    given = await rated(client, "Rate", None, ticket=ticket, grade="VERY_SATISFIED")

    assert (given["grade"]["code"], given["appointmentId"]) == ("VERY_SATISFIED", None)


async def test_ticket_and_id_together_or_neither_are_nothing(
    client: httpx.AsyncClient, services: Services
) -> None:
    mai = await signed_in(client, services)
    ticket = services.feedback.satisfaction.tickets.issue(await visited(services, mai))
    values = {"grade": "SATISFIED", "idempotencyKey": new_key()}

    neither = await do(client, "Rate", values, mai)
    stranger = await do(client, "Rate", {**values, "ticket": ticket, "ratingId": "x"}, mai)

    assert (neither["code"], stranger["code"]) == ("NOT_FOUND", "NOT_FOUND")
    assert await counts(services) == {}


@pytest.mark.parametrize(
    ("language", "best", "reason"),
    [
        ("vi", "Rất hài lòng", "Tốc độ giải quyết"),
        ("en", "Very satisfied", "How fast it went"),
        ("zh-Hans", "非常满意", "处理速度"),
        ("fr", "Très satisfait", "La rapidité"),
        ("ko", "매우 만족", "처리 속도"),
        ("ja", "とても満足", "対応の速さ"),
    ],
)
async def test_what_is_asked_in_six_languages(
    client: httpx.AsyncClient, language: str, best: str, reason: str
) -> None:
    forms = (await ask(client, "RatingForms", {}, language=language))["forms"]

    assert [form["kind"] for form in forms] == ["REPORT", "VISIT", "OFFICE"]
    assert forms[0]["grades"][0] == {"code": "VERY_SATISFIED", "name": best}
    assert forms[0]["reasons"][0] == {"code": "SPEED", "name": reason}
    assert [len(form["grades"]) for form in forms] == [4, 4, 4]


async def test_a_month_that_is_none_is_refused(client: httpx.AsyncClient) -> None:
    reply = await send_raw(client, "feedback/SatisfactionResults", {"month": "2026-13"})

    assert reply.json()["errors"][0]["extensions"]["code"] == "INVALID_MONTH"

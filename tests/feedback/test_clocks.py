"""Who is told when, before and after a deadline; and that the history says what was missed."""

import httpx

from api.context import Services
from api.feedback.clocks.escalating import CLOCK
from api.kit.jobs import JOBS
from notifications.fan_outs import FAN_OUTS
from tests.accounts.exporting import run_jobs
from tests.accounts.families import caller_of
from tests.conftest import NOW, MovableClock
from tests.feedback.desk_play import SAID, DeskPlay
from tests.feedback.reporting import a_clerk, ask
from tests.feedback.test_working_days import at


async def told_clerks(services: Services, sentence: str) -> int:
    """Return how many clerks were told so."""
    found = await services.store[FAN_OUTS].find({})
    english = [text for one in found for text in one["texts"] if text["language"] == "en"]
    return sum(sentence in text["body"] for text in english)


async def test_terms_begin_when_it_comes(play: DeskPlay) -> None:
    report = await play.reported()  # on Friday 1 May, a holiday

    assert report.due.accept == at("2026-05-04T17:00")
    assert report.due.answer == at("2026-05-08T17:00")
    assert report.due.fix == at("2026-05-08T17:00")


async def test_before_at_and_after_the_end_of_a_time(
    play: DeskPlay, client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    await a_clerk(client, services, "province-office")
    report = await play.reported()
    began = NOW
    steps: list[tuple[int, int, int]] = []

    async def look(level: int) -> None:
        await run_jobs(services, clock)
        now = await play.now(report)
        assert now.level == level
        before, after = [
            await told_clerks(services, text) for text in ("Its time ends", "Its time ended")
        ]
        steps.append((level, before, after))

    clock.now = began + (report.due.accept - began) * 0.75
    await look(1)
    clock.now = report.due.accept
    await look(2)
    clock.now = at("2026-05-06T17:00")
    await look(3)

    # Two clerks of the ward; from the end on the province's office besides.
    assert steps == [(1, 2, 0), (2, 2, 3), (3, 2, 6)]
    shown = await ask(client, "Report", {"code": report.code})
    assert [step["move"] for step in shown["steps"]] == ["RECEIVE", "ESCALATE"]


async def test_nobody_is_told_that_a_time_will_end_which_has_ended(
    play: DeskPlay, services: Services, clock: MovableClock
) -> None:
    report = await play.reported()
    clock.now = report.due.accept

    await run_jobs(services, clock)

    before, after = [
        await told_clerks(services, text) for text in ("Its time ends", "Its time ended")
    ]
    assert (before, after) == (0, 4)  # two clerks, of both levels


async def test_a_time_is_noted_as_missed_once_also_when_the_worker_died_right_after(
    play: DeskPlay, services: Services, clock: MovableClock
) -> None:
    report = await play.reported()
    clock.now = report.due.accept
    await run_jobs(services, clock)
    noted = await play.now(report)
    jobs = await services.store[JOBS].find({"kind": CLOCK})
    rung = [job["payload"] for job in jobs if job["payload"]["level"] == "breach"]

    for payload in rung:
        await services.feedback.clocks.handlers()[CLOCK](payload)

    assert len(rung) == 1
    assert noted.steps == 2
    assert await play.now(report) == noted


async def test_what_was_done_in_time_tells_nobody(
    play: DeskPlay, services: Services, clock: MovableClock
) -> None:
    report = await play.at_work()
    await play.fixed(report)

    clock.now = at("2026-05-08T17:00")
    await run_jobs(services, clock)

    assert (await play.now(report)).level == 0
    assert await told_clerks(services, "Its time") == 0


async def test_sent_on_it_has_clocks_again(
    play: DeskPlay, client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    other = await caller_of(services, await a_clerk(client, services, "environment"))
    report = await play.accepted(await play.reported())
    turn = play.services.feedback.agency_turn
    sent_on = await turn.reroute(
        play.clerk, play.seen(report), "environment", SAID, "key-of-sending-it-on"
    )

    clock.now = report.due.accept
    await run_jobs(services, clock)
    await run_jobs(services, clock)

    now = await play.now(sent_on)
    assert now.level == 2
    accepted = await turn.accept(other, play.seen(now, "environment"), "key-of-accepting-it")
    assert accepted.accepted_at == clock()


async def test_danger_to_life_tells_the_clerks_at_once(
    play: DeskPlay, client: httpx.AsyncClient, services: Services
) -> None:
    await a_clerk(client, services, "electricity")

    await play.reported(category="power", answers=(("fallen", "yes"),))

    assert await told_clerks(services, "Danger to life") == 1


async def test_clocks_stop_with_the_job_that_finds_it_done(
    play: DeskPlay, services: Services, clock: MovableClock
) -> None:
    report = await play.refused(await play.reported())
    clock.now = at("2026-05-30T17:00")

    await run_jobs(services, clock)

    jobs = await services.store[JOBS].find({"kind": CLOCK})
    assert {job["state"] for job in jobs} == {"done"}
    assert len(jobs) == 3
    assert (await play.now(report)).level == 0

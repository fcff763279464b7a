"""Telling those who follow: the bill for SMS has an end, and what is told does not."""

from api.accounts.sign_in.addresses import address_of
from api.accounts.sign_in.send_caps import NOTICES_TO_ONE_ADDRESS, SEND_COUNTS, SendCaps
from api.accounts.sign_in.ways_in import WayIn, WayKind, WaysIn
from api.context import Services
from tests.accounts.exporting import run_jobs
from tests.accounts.people import MAI
from tests.conftest import NOW
from tests.feedback.desk_play import DeskPlay
from tests.feedback.reporting import written_to

MAIL = "mai@example.com"


async def sms_used_up(services: Services) -> None:
    caps = SendCaps(services.store, services.sealer, abroad_per_day=100, in_all_per_day=100)
    for _ in range(NOTICES_TO_ONE_ADDRESS[0].most):
        await caps.count_notice(address_of(MAI), NOW)


async def counted(services: Services) -> set[int]:
    found = await services.store[SEND_COUNTS].find({})
    return {one["count"] for one in found}


async def test_an_sms_is_counted(play: DeskPlay, services: Services) -> None:
    await play.accepted(await play.reported())
    await services.store[SEND_COUNTS].delete_many({})

    await run_jobs(services, play.clock)

    assert len(await written_to(services, MAI)) == 1
    assert await counted(services) == {1}


async def test_where_the_sms_of_a_number_are_used_up_it_is_a_letter(
    play: DeskPlay, services: Services
) -> None:
    ways = WaysIn(services.store, services.sealer)
    await ways.add(play.reporter.person(), WayIn(WayKind.EMAIL, MAIL, NOW))
    await play.accepted(await play.reported())
    await services.store[SEND_COUNTS].delete_many({})
    await sms_used_up(services)

    await run_jobs(services, play.clock)

    assert await written_to(services, MAI) == []
    assert await written_to(services, MAIL) == ["Ủy ban nhân dân phường Sa Pa đã thụ lý."]
    assert await counted(services) == {NOTICES_TO_ONE_ADDRESS[0].most}


async def test_where_there_is_no_other_way_others_are_told_all_the_same(
    play: DeskPlay, services: Services
) -> None:
    report = await play.reported()
    await play.joined(report)
    await play.accepted(report)
    await sms_used_up(services)

    await run_jobs(services, play.clock)

    assert await written_to(services, MAI) == []
    assert len(await written_to(services, "neighbour@example.com")) == 1

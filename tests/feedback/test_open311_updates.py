"""Updates that agencies' systems and apps send: never more than people may do."""

import httpx
import pytest

from api.accounts.errors import NotAllowed
from api.context import Services
from api.feedback.agencies.staff import system_caller
from api.feedback.open311.api_keys import OPERATOR
from api.feedback.reports.records import ReportState, Visibility
from api.kit.audit_log import AUDIT_ROWS
from tests.accounts.people import new_key
from tests.feedback.desk_play import SAID, DeskPlay
from tests.feedback.open311_apps import BOTH, an_app, an_app_report, refused
from tests.feedback.reporting import SA_PA_WARD


@BOTH
async def test_a_repair_is_never_said_without_proof(
    client: httpx.AsyncClient, play: DeskPlay, agency_key: str, form: str
) -> None:
    report = await play.at_work()
    system = an_app(client, form, agency_key)

    for number, status in enumerate(("fixed", "closed", "Fixed", "no_further_action", "nonsense")):
        said = system.post_update(
            update_id=str(number), service_request_id=report.code, status=status
        )
        assert (await refused(said))[0] == 400

    now = await play.now(report)
    assert (now.state, now.steps) == (report.state, report.steps)


async def test_an_update_that_is_sent_twice_is_one_step(
    client: httpx.AsyncClient, play: DeskPlay, agency_key: str
) -> None:
    report = await play.reported()
    system = an_app(client, "xml", agency_key)
    update = {"update_id": "7", "service_request_id": report.code, "status": "investigating"}

    first = await system.post_update(**update)
    again = await system.post_update(**update)

    assert first == again == {"update_id": f"{report.code}.2"}
    assert (await play.now(report)).steps == 2


async def test_the_step_is_the_systems_in_the_audit_log(
    client: httpx.AsyncClient, play: DeskPlay, services: Services, agency_key: str
) -> None:
    report = await play.reported()
    await an_app(client, "json", agency_key).post_update(
        update_id="1", service_request_id=report.code, status="investigating"
    )

    (row,) = await services.store[AUDIT_ROWS].find({"subject": report.id})
    assert row["actor"] == f"system:{agency_key.split('.')[1]}"
    assert row["scope"] == f"agency:{SA_PA_WARD}"


async def test_words_are_needed_where_a_clerk_needs_them(
    client: httpx.AsyncClient, play: DeskPlay, agency_key: str
) -> None:
    report = await play.accepted(await play.reported())
    system = an_app(client, "json", agency_key)
    update = {"service_request_id": report.code, "status": "open"}

    missing = await refused(system.post_update(update_id="1", **update))
    await system.post_update(update_id="2", description="Mai dọn, gọi 0912345678.", **update)

    row = await system.request(report.code)
    assert missing == (400, "The parameter description is missing.")
    assert (row["status"], row["status_notes"]) == ("open", "Mai dọn, gọi •••.")


async def test_it_acts_for_its_own_agency_only(
    client: httpx.AsyncClient, play: DeskPlay, services: Services, key: str
) -> None:
    keys = services.feedback.open311.keys
    elsewhere = (await keys.create(OPERATOR, "elsewhere", "construction")).key
    report = await play.reported()
    update = {"update_id": "1", "service_request_id": report.code, "status": "investigating"}

    of_others = await refused(an_app(client, "json", elsewhere).post_update(**update))
    of_an_app = await refused(an_app(client, "json", key).post_update(**update))

    now = await play.now(report)
    assert of_others[0] == 409
    assert of_an_app[0] == 400
    assert (now.state, now.steps) == (report.state, 1)


async def test_a_private_report_of_another_agency_is_not_there(
    client: httpx.AsyncClient, play: DeskPlay, services: Services
) -> None:
    keys = services.feedback.open311.keys
    elsewhere = an_app(
        client, "json", (await keys.create(OPERATOR, "elsewhere", "construction")).key
    )
    private = await play.reported(visibility=Visibility.PRIVATE)

    refusals = [
        await refused(
            elsewhere.post_update(update_id="1", service_request_id=code, status="investigating")
        )
        for code in (private.code, "LC-AAA-AAA")
    ]

    assert refusals[0] == refusals[1]
    assert refusals[0][0] == 404


async def test_a_key_that_is_ended_acts_no_more(
    client: httpx.AsyncClient, play: DeskPlay, services: Services, agency_key: str
) -> None:
    report = await play.reported()
    await services.feedback.open311.keys.revoke(OPERATOR, agency_key.split(".")[1])

    said = an_app(client, "json", agency_key).post_update(
        update_id="1", service_request_id=report.code, status="investigating"
    )

    assert (await refused(said))[0] == 403
    assert (await play.now(report)).steps == 1


async def test_a_key_that_was_ended_meanwhile_holds_no_more(
    play: DeskPlay, services: Services
) -> None:
    """The key was read before; only what is checked with the write can see that it has ended."""
    report = await play.reported()
    keys, turn = services.feedback.open311.keys, services.feedback.agency_turn
    made = await keys.create(OPERATOR, "System of Sa Pa", SA_PA_WARD)
    agency = services.feedback.agencies.agency(SA_PA_WARD)
    caller = system_caller(made.holder.id, agency)
    await keys.revoke(OPERATOR, made.holder.id)

    with pytest.raises(NotAllowed):
        await turn.accept(caller, play.seen(report), new_key())

    assert (await play.now(report)).steps == 1


async def test_a_key_of_another_agency_holds_nothing_here(
    play: DeskPlay, services: Services
) -> None:
    report = await play.reported()
    keys, turn = services.feedback.open311.keys, services.feedback.agency_turn
    made = await keys.create(OPERATOR, "elsewhere", "construction")
    caller = system_caller(made.holder.id, services.feedback.agencies.agency(SA_PA_WARD))

    with pytest.raises(NotAllowed):
        await turn.accept(caller, play.seen(report), new_key())

    assert (await play.now(report)).steps == 1


@BOTH
async def test_what_is_mended_is_confirmed(
    client: httpx.AsyncClient, play: DeskPlay, key: str, form: str
) -> None:
    app = an_app(client, form, key)
    report = await an_app_report(app, play)
    await play.fixed(await play.at_work(report))

    await app.post_update(update_id="1", service_request_id=report.code, status="closed")

    assert (await play.now(report)).state is ReportState.CONFIRMED
    updates = await app.updates(service_request_id=report.code)
    assert [one["status"] for one in updates][-2:] == ["fixed", "closed"]


@BOTH
async def test_what_is_not_settled_is_opened_again(
    client: httpx.AsyncClient, play: DeskPlay, key: str, form: str
) -> None:
    app = an_app(client, form, key)
    report = await an_app_report(app, play)
    await play.fixed(await play.at_work(report))
    update = {"service_request_id": report.code, "status": "reopen"}

    missing = await refused(app.post_update(update_id="1", **update))
    first = await app.post_update(update_id="2", description="Vẫn còn rác.", **update)
    again = await app.post_update(update_id="2", description="Vẫn còn rác.", **update)

    row = await app.request(report.code)
    assert missing == (400, "The parameter description is missing.")
    assert first == again
    assert (await play.now(report)).state is ReportState.REOPENED
    assert (row["status"], row["status_notes"]) == ("open", "Opened again")


async def test_nothing_is_said_of_what_others_reported(
    client: httpx.AsyncClient, play: DeskPlay, services: Services, key: str
) -> None:
    keys = services.feedback.open311.keys
    other = an_app(client, "json", (await keys.create(OPERATOR, "other", None)).key)
    of_an_app = await an_app_report(an_app(client, "json", key), play)
    of_a_person = await play.reported()
    private = await play.reported(visibility=Visibility.PRIVATE)

    refusals = [
        await refused(other.post_update(update_id=code, service_request_id=code, status="closed"))
        for code in (of_an_app.code, of_a_person.code, private.code, "LC-AAA-AAA")
    ]

    assert [status for status, _ in refusals] == [403, 403, 404, 404]
    assert refusals[2] == refusals[3]


async def test_before_the_agency_did_anything_there_is_nothing_to_say(
    client: httpx.AsyncClient, play: DeskPlay, key: str
) -> None:
    app = an_app(client, "json", key)
    report = await an_app_report(app, play)

    said = app.post_update(update_id="1", service_request_id=report.code, status="closed")

    assert (await refused(said))[0] == 409
    assert (await play.now(report)).steps == 1


@BOTH
async def test_what_a_reporter_writes_is_published_once_the_agency_has_gone_on(
    client: httpx.AsyncClient, play: DeskPlay, form: str
) -> None:
    app = an_app(client, form)
    report = await play.reopened(await play.answered(await play.at_work()))

    unread = [await app.updates(service_request_id=report.code), await app.updates()]
    await play.started(report)
    read = await app.updates()

    assert [rows[-1]["description"] for rows in unread] == ["Opened again"] * 2
    assert [one["description"] for one in read if one["status"] == "reopen"] == [SAID.text]


async def test_what_goes_on_under_another_says_under_which(
    client: httpx.AsyncClient, play: DeskPlay
) -> None:
    lead, other = await play.reported(), await play.reported(play.neighbour)
    await play.merged(lead, other)

    rows = await an_app(client, "json").updates(service_request_id=other.code)

    said = f"Others reported the same. It goes on under {lead.code}."
    assert (rows[-1]["status"], rows[-1]["description"]) == ("duplicate", said)


@BOTH
async def test_an_app_hears_in_all_lists_that_its_own_was_refused_and_nobody_else_does(
    client: httpx.AsyncClient, play: DeskPlay, key: str, agency_key: str, form: str
) -> None:
    app = an_app(client, form, key)
    report = await play.refused(await an_app_report(app, play))
    named = {"service_request_id": report.code}

    own = [await app.updates(api_key=key), await app.updates(api_key=key, **named)]
    (row,) = await app.requests(api_key=key, **named)
    others = [
        await app.updates(),
        await app.updates(api_key=agency_key),
        await app.requests(**named),
    ]

    assert [rows[-1]["update_id"] for rows in own] == [f"{report.code}.2"] * 2
    assert (row["status"], others) == ("closed", [[], [], []])

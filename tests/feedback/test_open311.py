"""Open311 from outside: a client that knows only the specification files, pages and follows, in XML and in JSON."""

from dataclasses import replace
from typing import Any

import httpx
import pytest

from api.accounts.errors import NotAllowed
from api.context import Services
from api.feedback.agencies.staff import system_caller
from api.feedback.open311.api_keys import API_KEYS, OPERATOR
from api.feedback.reports.records import Report, ReportState, Visibility
from api.feedback.reports.repository import REPORTS
from api.feedback.reports.submitting import BY_ONE_DEVICE
from api.kit.audit_log import AUDIT_ROWS
from tests.accounts.people import new_key
from tests.conftest import MovableClock
from tests.feedback.desk_play import DeskPlay
from tests.feedback.open311_client import GeoReportClient, GeoReportRefusal, Row
from tests.feedback.reporting import HANOI, SA_PA, SA_PA_WARD

AT_SA_PA = {"lat": str(SA_PA["latitude"]), "long": str(SA_PA["longitude"])}
A_REQUEST = {"service_code": "waste", "description": "Rác chất đống ba ngày nay.", **AT_SA_PA}
BOTH = pytest.mark.parametrize("form", ["xml", "json"])


@pytest.fixture
async def key(services: Services) -> str:
    return (await services.feedback.open311.keys.create(OPERATOR, "Sa Pa Fix", None)).key


@pytest.fixture
async def agency_key(services: Services) -> str:
    keys = services.feedback.open311.keys
    return (await keys.create(OPERATOR, "System of Sa Pa", SA_PA_WARD)).key


def an_app(http: httpx.AsyncClient, form: str, key: str | None = None) -> GeoReportClient:
    return GeoReportClient(http, "/open311/v2", form, key)


@pytest.fixture(params=["xml", "json"])
def app_client(
    request: pytest.FixtureRequest, client: httpx.AsyncClient, key: str
) -> GeoReportClient:
    return an_app(client, request.param, key)


async def refused(asked: Any) -> tuple[int, str]:  # noqa: ANN401 - a call of the client
    """Return status and words of a refusal; its only error has the status as its code."""
    with pytest.raises(GeoReportRefusal) as caught:
        await asked
    (error,) = caught.value.errors
    assert error["code"] == caught.value.status
    return caught.value.status, error["description"]


async def test_a_request_is_filed_paged_and_followed(
    app_client: GeoReportClient,
    client: httpx.AsyncClient,
    play: DeskPlay,
    agency_key: str,
) -> None:
    endpoint = (await app_client.discovery())["endpoints"][0]
    services = {one["service_code"]: one for one in await app_client.services()}
    asked = await app_client.definition("waste")
    filed = await app_client.post_request(A_REQUEST, kind="hazardous")
    number = filed["service_request_id"]
    for _ in range(3):
        play.wait(minutes=1)
        await app_client.post_request({**A_REQUEST, "device_id": f"phone at {play.clock()}"})
    pages = [
        [it["service_request_id"] for it in await app_client.requests(page=page, page_size="3")]
        for page in ("1", "2")
    ]

    system = an_app(client, app_client.form, agency_key)
    play.wait(hours=1)
    await system.post_update(update_id="1", service_request_id=number, status="investigating")
    play.wait(hours=1)
    await system.post_update(update_id="2", service_request_id=number, status="in_progress")
    report = await play.services.feedback.reading.shown(number)
    assert report is not None
    play.wait(hours=1)
    await play.fixed(report)

    followed = await app_client.request(number)
    updates = await app_client.updates(service_request_id=number)
    assert endpoint["url"].endswith("/open311/v2")
    assert endpoint["formats"] == ["text/xml", "application/json"]
    assert services["waste"] == {
        "service_code": "waste",
        "service_name": "Rubbish",
        "description": "Uncollected, dumped, or an overflowing bin.",
        "metadata": True,
        "type": "realtime",
        "keywords": services["waste"]["keywords"],
        "group": "Province of Lào Cai",
    }
    assert [
        (it["code"], it["datatype"], it["required"], it["order"]) for it in asked["attributes"]
    ] == [("kind", "singlevaluelist", False, 1)]
    assert "hazardous" in [one["key"] for one in asked["attributes"][0]["values"]]
    assert [len(page) for page in pages] == [3, 1]
    assert pages[1] == [number]
    assert len({*pages[0], *pages[1]}) == 4
    assert followed == {
        "service_request_id": number,
        "status": "closed",
        "status_notes": "Fixed, with proof",
        "service_name": "Rubbish",
        "service_code": "waste",
        "description": "Rác chất đống ba ngày nay.",
        "agency_responsible": followed["agency_responsible"],
        "service_notice": None,
        "requested_datetime": "2026-05-01T09:30:00Z",
        "updated_datetime": "2026-05-01T12:33:00Z",
        "expected_datetime": followed["expected_datetime"],
        "address": None,
        "address_id": "03006",
        "zipcode": None,
        "lat": 22.3364,
        "long": 103.8438,
        "media_url": None,
    }
    assert [(it["update_id"], it["status"], it["updated_datetime"]) for it in updates] == [
        (f"{number}.1", "open", "2026-05-01T09:30:00Z"),
        (f"{number}.2", "investigating", "2026-05-01T10:33:00Z"),
        (f"{number}.3", "in_progress", "2026-05-01T11:33:00Z"),
        (f"{number}.4", "fixed", "2026-05-01T12:33:00Z"),
    ]
    assert updates[-1]["media_url"].startswith("http")


async def test_both_formats_tell_the_same(client: httpx.AsyncClient, play: DeskPlay) -> None:
    await play.at_work()
    xml, json = an_app(client, "xml"), an_app(client, "json")

    told = [
        [
            await one.discovery(),
            await one.services(),
            await one.definition("landslide"),
            await one.requests(),
            await one.updates(),
        ]
        for one in (xml, json)
    ]

    assert told[0] == told[1]


@BOTH
async def test_answers_are_in_the_readers_language(client: httpx.AsyncClient, form: str) -> None:
    korean = replace(an_app(client, form), language="ko")

    (waste,) = [it for it in await korean.services() if it["service_code"] == "waste"]

    assert waste["service_name"] == "쓰레기"


async def test_words_are_shown_once_a_clerk_accepted_them_and_masked(
    app_client: GeoReportClient, play: DeskPlay
) -> None:
    text = "Gọi 0912 345 678 hoặc a@example.com"
    filed = await app_client.post_request({**A_REQUEST, "description": text})
    number = filed["service_request_id"]

    before = (await app_client.request(number))["description"]
    report = await play.services.feedback.reading.shown(number)
    assert report is not None
    await play.accepted(report)
    after = (await app_client.request(number))["description"]

    assert (before, after) == (None, "Gọi ••• hoặc •••")


async def test_what_tells_of_a_person_is_kept_nowhere(
    app_client: GeoReportClient, services: Services
) -> None:
    told = {
        "email": "lan@example.com",
        "first_name": "Lan",
        "last_name": "Nguyễn",
        "phone": "0912345678",
        "account_id": "account-of-lan",
        "device_id": "phone-of-lan",
    }
    await app_client.post_request({**A_REQUEST, **told})

    (report,) = await services.store[REPORTS].find({})
    found = await services.feedback.reports.get(report["_id"])
    assert found is not None
    assert found.content is not None
    assert found.visibility.name == "ANONYMOUS"
    assert found.content.display_name is None
    kept = str([report, found.content.text, found.content.answers])
    assert not [value for value in told.values() if value in kept]


async def test_private_and_refused_reports_are_shown_to_nobody(
    app_client: GeoReportClient, play: DeskPlay
) -> None:
    private = await play.reported(visibility=Visibility.PRIVATE)
    refusal = await play.refused(await play.reported())

    listed = await app_client.requests()
    named = await app_client.requests(service_request_id=f"{private.code},{refusal.code}")
    updates = await app_client.updates()
    statuses = [await refused(app_client.request(it.code)) for it in (private, refusal)]

    assert (listed, named, updates) == ([], [], [])
    assert [status for status, _ in statuses] == [404, 404]


@BOTH
async def test_an_app_is_told_that_its_own_request_was_refused(
    client: httpx.AsyncClient, play: DeskPlay, key: str, form: str
) -> None:
    app = an_app(client, form, key)
    number = (await app.post_request(A_REQUEST))["service_request_id"]
    report = await play.services.feedback.reading.shown(number)
    assert report is not None
    await play.refused(report)

    row = await app.request(number, api_key=key)

    assert (row["status"], row["description"]) == ("closed", None)
    assert row["status_notes"] == "It insults, advertises or deceives."
    assert (await refused(app.request(number)))[0] == 404


async def test_filters(app_client: GeoReportClient, play: DeskPlay) -> None:
    waste = await play.reported()
    play.wait(days=1)
    tree = await play.reported(category="fallen-tree")
    mended = await play.fixed(await play.at_work(tree))
    far = {"lat": "21.70", "long": "104.87", "radius": "5000"}

    async def codes(**asked: str) -> list[str]:
        return [it["service_request_id"] for it in await app_client.requests(**asked)]

    assert await codes() == [mended.code, waste.code]
    assert await codes(service_code="waste") == [waste.code]
    assert await codes(service_code="waste,fallen-tree") == [mended.code, waste.code]
    assert await codes(status="closed") == [mended.code]
    assert await codes(status="open,closed") == [mended.code, waste.code]
    assert await codes(start_date="2026-05-02T00:00:00Z") == [mended.code]
    assert await codes(end_date="2026-05-02T00:00:00+07:00") == [waste.code]
    assert await codes(end_date="2026-05-01T09:29:59Z") == []
    assert await codes(**AT_SA_PA, radius="100") == [mended.code, waste.code]
    assert await codes(**far) == []
    assert await codes(service_request_id=f"{waste.code},LC-AAA-AAA", status="closed") == [
        waste.code
    ]


async def test_without_dates_it_is_the_last_90_days(
    app_client: GeoReportClient, play: DeskPlay
) -> None:
    old = await play.reported()
    play.wait(days=90, seconds=1)
    new = await play.reported()

    now = [it["service_request_id"] for it in await app_client.requests()]
    then = await app_client.requests(
        start_date="2026-05-01T00:00:00Z", end_date="2026-07-30T00:00:00Z"
    )

    assert now == [new.code]
    assert [it["service_request_id"] for it in then] == [old.code]


async def test_the_same_form_again_is_the_same_request(
    app_client: GeoReportClient, services: Services, clock: MovableClock
) -> None:
    first = await app_client.post_request(A_REQUEST)
    clock.advance(hours=1)
    again = await app_client.post_request(A_REQUEST)
    other = await app_client.post_request({**A_REQUEST, "description": "Một đống khác."})

    assert first == again
    assert first["service_request_id"] != other["service_request_id"]
    assert await services.store[REPORTS].count({}) == 2


async def test_updates_are_paged_over_more_than_is_read_at_once(
    app_client: GeoReportClient, play: DeskPlay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.feedback.open311.update_search._BATCH", 2)
    report = await play.fixed(await play.at_work())

    pages = [
        [it["update_id"] for it in await app_client.updates(page=page, page_size="3")]
        for page in ("1", "2", "3")
    ]

    ids = [f"{report.code}.{number}" for number in range(1, 5)]
    assert pages == [ids[:3], ids[3:], []]


async def test_a_token_is_the_number(app_client: GeoReportClient) -> None:
    number = (await app_client.post_request(A_REQUEST))["service_request_id"]

    assert await app_client.token(number) == {"service_request_id": number, "token": number}
    assert (await refused(app_client.token("no-such-token")))[0] == 404


class TestKeys:
    @BOTH
    async def test_nothing_is_posted_without_a_key_that_holds(
        self, client: httpx.AsyncClient, services: Services, key: str, form: str
    ) -> None:
        keys = services.feedback.open311.keys
        ended = await keys.create(OPERATOR, "ended", None)
        await keys.revoke(OPERATOR, ended.holder.id)
        wrong = [None, "", "nonsense", key[:-1], f"{key}0", ended.key, key.replace("311", "cap")]

        refusals = [
            await refused(an_app(client, form, one).post_request(A_REQUEST)) for one in wrong
        ]

        said = "This needs an api_key of the province that is valid for it."
        assert set(refusals) == {(403, said)}
        assert await services.store[REPORTS].count({}) == 0

    async def test_only_a_hash_is_kept_and_both_ends_are_in_the_audit_log(
        self, services: Services
    ) -> None:
        keys = services.feedback.open311.keys
        made = await keys.create(OPERATOR, "Sa Pa Fix", SA_PA_WARD)
        await keys.revoke(OPERATOR, made.holder.id)
        await keys.revoke(OPERATOR, made.holder.id)

        (kept,) = await services.store[API_KEYS].find({})
        rows = await services.store[AUDIT_ROWS].find({}, sort=[("number", 1)])
        assert made.key.rpartition(".")[2] not in str(kept)
        assert [(row["actor"], row["action"], row["subject"]) for row in rows] == [
            ("operator", "open311_key.made", made.holder.id),
            ("operator", "open311_key.ended", made.holder.id),
        ]

    async def test_each_device_of_an_app_has_its_own_limit(
        self, client: httpx.AsyncClient, key: str
    ) -> None:
        app = an_app(client, "json", key)

        async def post(number: int, device: str) -> Row:
            text = f"Đống rác thứ {number}"
            return await app.post_request({**A_REQUEST, "description": text, "device_id": device})

        for number in range(BY_ONE_DEVICE.times):
            await post(number, "one")

        assert (await refused(post(99, "one")))[0] == 429
        assert (await post(100, "two"))["service_request_id"]

    async def test_guessing_keys_ends_soon(self, client: httpx.AsyncClient) -> None:
        app = an_app(client, "json", "nonsense")

        statuses = [(await refused(app.post_request(A_REQUEST)))[0] for _ in range(35)]

        assert statuses[0] == 403
        assert statuses[-1] == 429


class TestUpdatesOfAgencies:
    @BOTH
    async def test_a_repair_is_never_said_without_proof(
        self, client: httpx.AsyncClient, play: DeskPlay, agency_key: str, form: str
    ) -> None:
        report = await play.at_work()
        system = an_app(client, form, agency_key)

        for number, status in enumerate(
            ("fixed", "closed", "Fixed", "no_further_action", "nonsense")
        ):
            said = system.post_update(
                update_id=str(number), service_request_id=report.code, status=status
            )
            assert (await refused(said))[0] == 400

        now = await play.now(report)
        assert (now.state, now.steps) == (report.state, report.steps)

    async def test_an_update_that_is_sent_twice_is_one_step(
        self, client: httpx.AsyncClient, play: DeskPlay, agency_key: str
    ) -> None:
        report = await play.reported()
        system = an_app(client, "xml", agency_key)
        update = {"update_id": "7", "service_request_id": report.code, "status": "investigating"}

        first = await system.post_update(**update)
        again = await system.post_update(**update)

        assert first == again == {"update_id": f"{report.code}.2"}
        assert (await play.now(report)).steps == 2

    async def test_the_step_is_the_systems_in_the_audit_log(
        self, client: httpx.AsyncClient, play: DeskPlay, services: Services, agency_key: str
    ) -> None:
        report = await play.reported()
        await an_app(client, "json", agency_key).post_update(
            update_id="1", service_request_id=report.code, status="investigating"
        )

        (row,) = await services.store[AUDIT_ROWS].find({"subject": report.id})
        assert row["actor"] == f"system:{agency_key.split('.')[1]}"
        assert row["scope"] == f"agency:{SA_PA_WARD}"

    async def test_words_are_needed_where_a_clerk_needs_them(
        self, client: httpx.AsyncClient, play: DeskPlay, agency_key: str
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
        self, client: httpx.AsyncClient, play: DeskPlay, services: Services, key: str
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
        self, client: httpx.AsyncClient, play: DeskPlay, services: Services
    ) -> None:
        keys = services.feedback.open311.keys
        elsewhere = an_app(
            client, "json", (await keys.create(OPERATOR, "elsewhere", "construction")).key
        )
        private = await play.reported(visibility=Visibility.PRIVATE)

        refusals = [
            await refused(
                elsewhere.post_update(
                    update_id="1", service_request_id=code, status="investigating"
                )
            )
            for code in (private.code, "LC-AAA-AAA")
        ]

        assert refusals[0] == refusals[1]
        assert refusals[0][0] == 404

    async def test_a_key_that_is_ended_acts_no_more(
        self, client: httpx.AsyncClient, play: DeskPlay, services: Services, agency_key: str
    ) -> None:
        report = await play.reported()
        await services.feedback.open311.keys.revoke(OPERATOR, agency_key.split(".")[1])

        said = an_app(client, "json", agency_key).post_update(
            update_id="1", service_request_id=report.code, status="investigating"
        )

        assert (await refused(said))[0] == 403
        assert (await play.now(report)).steps == 1

    async def test_a_key_that_was_ended_meanwhile_holds_no_more(
        self, play: DeskPlay, services: Services
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
        self, play: DeskPlay, services: Services
    ) -> None:
        report = await play.reported()
        keys, turn = services.feedback.open311.keys, services.feedback.agency_turn
        made = await keys.create(OPERATOR, "elsewhere", "construction")
        caller = system_caller(made.holder.id, services.feedback.agencies.agency(SA_PA_WARD))

        with pytest.raises(NotAllowed):
            await turn.accept(caller, play.seen(report), new_key())

        assert (await play.now(report)).steps == 1


class TestUpdatesOfApps:
    @BOTH
    async def test_what_is_mended_is_confirmed(
        self, client: httpx.AsyncClient, play: DeskPlay, key: str, form: str
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
        self, client: httpx.AsyncClient, play: DeskPlay, key: str, form: str
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
        self, client: httpx.AsyncClient, play: DeskPlay, services: Services, key: str
    ) -> None:
        keys = services.feedback.open311.keys
        other = an_app(client, "json", (await keys.create(OPERATOR, "other", None)).key)
        of_an_app = await an_app_report(an_app(client, "json", key), play)
        of_a_person = await play.reported()
        private = await play.reported(visibility=Visibility.PRIVATE)

        refusals = [
            await refused(
                other.post_update(update_id=code, service_request_id=code, status="closed")
            )
            for code in (of_an_app.code, of_a_person.code, private.code, "LC-AAA-AAA")
        ]

        assert [status for status, _ in refusals] == [403, 403, 404, 404]
        assert refusals[2] == refusals[3]

    async def test_before_the_agency_did_anything_there_is_nothing_to_say(
        self, client: httpx.AsyncClient, play: DeskPlay, key: str
    ) -> None:
        app = an_app(client, "json", key)
        report = await an_app_report(app, play)

        said = app.post_update(update_id="1", service_request_id=report.code, status="closed")

        assert (await refused(said))[0] == 409
        assert (await play.now(report)).steps == 1


async def an_app_report(app: GeoReportClient, play: DeskPlay) -> Report:
    """Let an app report something and return the report."""
    number = (await app.post_request(A_REQUEST))["service_request_id"]
    report = await play.services.feedback.reading.shown(number)
    assert report is not None
    return report


async def test_nothing_outside_of_the_province(app_client: GeoReportClient) -> None:
    there = {"lat": str(HANOI["latitude"]), "long": str(HANOI["longitude"])}

    status, words = await refused(app_client.post_request({**A_REQUEST, **there}))

    assert status == 400
    assert words == "This place lies outside the province of Lào Cai. Report it where it lies."

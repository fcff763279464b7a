"""The desk of the province's office, as its app sees it."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from api.accounts.caller import ANONYMOUS, Caller, Grant, Role, Scope, ScopeKind
from api.accounts.errors import NotAllowed, NotSignedIn
from api.context import Services
from api.feedback.agencies.agency import PROVINCE_OFFICE
from api.feedback.channels.errors import (
    InvalidSource,
    IssueNotFound,
    NotAWebhook,
    SourceNotFound,
    TooManySources,
)
from api.feedback.channels.issues.reading import IssueQuery
from api.feedback.channels.sources import managing
from api.feedback.channels.sources.repository import CHANNEL_SOURCES
from api.feedback.reports.repository import REPORTS
from api.kit.audit_log import AUDIT_ROWS
from api.kit.ids import new_id
from tests.accounts.families import caller_of
from tests.accounts.people import SignedInPerson, new_key, signed_in
from tests.conftest import MovableClock, send
from tests.feedback.channels.office import SA_PA, STORIES, Office, an_office
from tests.feedback.reporting import SA_PA as POSITION
from tests.feedback.reporting import a_clerk, submitted


@pytest.fixture
async def clerk(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    return await a_clerk(client, services, PROVINCE_OFFICE)


@pytest.fixture
async def office(clerk: SignedInPerson, services: Services, clock: MovableClock) -> Office:
    return await an_office(services, clock, await caller_of(services, clerk))


async def do(
    client: httpx.AsyncClient,
    clerk: SignedInPerson,
    operation: str,
    **values: Any,  # noqa: ANN401
) -> dict[str, Any]:
    """Send a mutation and return its result."""
    data = await send(client, f"channels/{operation}", {"input": values}, headers=clerk.headers)
    (result,) = data.values()
    return dict(result)


async def ask(
    client: httpx.AsyncClient,
    clerk: SignedInPerson,
    operation: str,
    **variables: Any,  # noqa: ANN401
) -> Any:  # noqa: ANN401 - whatever the field gives
    data = await send(client, f"channels/{operation}", variables, headers=clerk.headers)
    (result,) = data.values()
    return result


async def audited(office: Office) -> list[str]:
    """Return what is in the audit log of the channels, the oldest first."""
    rows = await office.services.store[AUDIT_ROWS].find({}, sort=[("number", 1)])
    return [row["action"] for row in rows if row["action"].startswith("channel.")]


async def test_an_issue_is_shown_with_its_items_and_what_was_reported_nearby(
    client: httpx.AsyncClient, services: Services, clerk: SignedInPerson, office: Office
) -> None:
    reporter = await signed_in(client, services, "reporter@example.com")
    near = await submitted(client, reporter)
    await submitted(client, reporter, visibility="PRIVATE")
    await submitted(client, reporter, categoryCode="flooding")
    for story in STORIES:
        await office.took(story, title="Rác ở Sa Pa")

    issues = await ask(client, clerk, "ChannelIssues", topic="WASTE", place=SA_PA)
    issue_id = issues["edges"][0]["node"]["id"]
    issue = await ask(client, clerk, "ChannelIssue", id=issue_id)

    assert (issue["headline"], issue["topicName"], issue["itemCount"]) == (
        "Rác ở Sa Pa",
        "Waste",
        2,
    )
    assert issue["place"]["name"] == {"text": "Sa Pa Ward", "language": "en"}
    assert issue["moods"] == {"negative": 2, "neutral": 0, "positive": 0, "unknown": 0}
    texts = {edge["node"]["text"] for edge in issue["items"]["edges"]}
    assert texts == set(STORIES)
    assert [one["code"] for one in issue["nearbyReports"]] == [near["code"]]
    assert issue["linkedReports"] == []


async def test_a_report_is_linked_once(
    client: httpx.AsyncClient, services: Services, clerk: SignedInPerson, office: Office
) -> None:
    reporter = await signed_in(client, services, "reporter@example.com")
    code = (await submitted(client, reporter))["code"]
    await office.took(STORIES[0])
    (issue,) = await office.issues()

    results = [
        await do(client, clerk, "LinkIssueToReport", issueId=issue.id, code=code) for _ in range(2)
    ]

    linked = [[one["code"] for one in it["issue"]["linkedReports"]] for it in results]
    assert linked == [[code], [code]]
    assert (await audited(office)).count("channel.link_report") == 1
    shown = await ask(client, clerk, "ChannelIssue", id=issue.id)
    assert shown["nearbyReports"] == []


@pytest.mark.parametrize("visibility", ["PRIVATE", None])
async def test_a_report_that_not_everybody_may_see_is_not_there(
    client: httpx.AsyncClient,
    services: Services,
    clerk: SignedInPerson,
    office: Office,
    visibility: str | None,
) -> None:
    code = "LC-222-222"
    if visibility is not None:
        reporter = await signed_in(client, services, "reporter@example.com")
        code = (await submitted(client, reporter, visibility=visibility))["code"]
    await office.took(STORIES[0])
    (issue,) = await office.issues()

    result = await do(client, clerk, "LinkIssueToReport", issueId=issue.id, code=code)

    assert (result["__typename"], result["code"]) == ("FeedbackError", "NOT_FOUND")
    assert (await office.issues())[0].reports == ()


def a_made_report(issue_id: str, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "issueId": issue_id,
        "categoryCode": "waste",
        "position": POSITION,
        "accuracy": 100.0,
        "text": "Theo phản ánh trên mạng, rác chất đống ba ngày.",
        "language": "vi",
        "fields": [],
        "idempotencyKey": new_key(),
        **changes,
    }


async def test_a_report_is_made_of_an_issue_once(
    client: httpx.AsyncClient, clerk: SignedInPerson, office: Office
) -> None:
    await office.took(STORIES[0])
    (issue,) = await office.issues()
    values = a_made_report(issue.id)

    results = [await do(client, clerk, "MakeReportFromIssue", **values) for _ in range(2)]

    codes = [one["report"]["code"] for one in results]
    assert codes[0] == codes[1]
    assert [one["code"] for one in results[0]["issue"]["linkedReports"]] == codes[:1]
    assert results[0]["report"]["state"] == "RECEIVED"
    document = await office.services.store[REPORTS].find_one({"code": codes[0]})
    assert document is not None
    assert (document["visibility"], document["commune_code"]) == ("anonymous", SA_PA)
    assert (await audited(office)).count("channel.make_report") == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"categoryCode": "nothing"}, "NOT_FOUND"),
        ({"position": {"latitude": 21.0285, "longitude": 105.8542}}, "OUTSIDE_PROVINCE"),
        ({"text": " "}, "INVALID_TEXT"),
        ({"issueId": "a" * 26}, "NOT_FOUND"),
    ],
)
async def test_of_a_report_that_is_refused_nothing_is_left(
    client: httpx.AsyncClient,
    clerk: SignedInPerson,
    office: Office,
    changes: dict[str, Any],
    code: str,
) -> None:
    await office.took(STORIES[0])
    (issue,) = await office.issues()

    result = await do(client, clerk, "MakeReportFromIssue", **a_made_report(issue.id, **changes))

    assert (result["__typename"], result["code"]) == ("FeedbackError", code)
    assert await office.services.store[REPORTS].count({}) == 0
    assert (await office.issues())[0].reports == ()


async def test_a_dismissed_issue_is_linked_to_nothing(
    client: httpx.AsyncClient, services: Services, clerk: SignedInPerson, office: Office
) -> None:
    reporter = await signed_in(client, services, "reporter@example.com")
    code = (await submitted(client, reporter))["code"]
    await office.took(STORIES[0])
    (issue,) = await office.issues()
    dismissed = [await do(client, clerk, "DismissIssue", issueId=issue.id) for _ in range(2)]

    linked = await do(client, clerk, "LinkIssueToReport", issueId=issue.id, code=code)
    made = await do(client, clerk, "MakeReportFromIssue", **a_made_report(issue.id))

    assert [one["issue"]["state"] for one in dismissed] == ["DISMISSED"] * 2
    assert (linked["code"], made["code"]) == ("ISSUE_CLOSED", "ISSUE_CLOSED")
    assert await office.services.store[REPORTS].count({}) == 1
    assert (await audited(office)).count("channel.dismiss_issue") == 1


async def test_a_source_is_added_once_and_shown(
    client: httpx.AsyncClient, clerk: SignedInPerson, office: Office
) -> None:
    values = {
        "name": "Báo Lào Cai",
        "url": "https://paper.example.vn/rss",
        "idempotencyKey": new_key(),
    }

    added = [await do(client, clerk, "AddFeedSource", **values) for _ in range(2)]

    shown = (await ask(client, clerk, "ChannelSources"))["sources"]
    assert added[0] == added[1]
    assert {(one["name"], one["kind"], one["isFailing"]) for one in shown} == {
        ("Tổng đài", "WEBHOOK", False),
        ("Báo Lào Cai", "FEED", False),
    }
    assert len(shown) == 2
    assert await audited(office) == ["channel.add_source", "channel.add_source"]


async def test_a_system_s_secret_is_told_to_whoever_asks_again_with_the_key(
    client: httpx.AsyncClient, clerk: SignedInPerson, office: Office
) -> None:
    values = {"name": "Tổng đài 2", "idempotencyKey": new_key()}
    added = [await do(client, clerk, "AddWebhookSource", **values) for _ in range(2)]
    turned = await do(client, clerk, "RotateSourceSecret", sourceId=added[0]["source"]["id"])

    assert added[0] == added[1]
    assert len(added[0]["secret"]) == 43
    assert turned["secret"] != added[0]["secret"]
    documents = await office.services.store[CHANNEL_SOURCES].find({})
    assert not [one for one in documents if added[0]["secret"] in str(one)]


@pytest.mark.parametrize(
    "url",
    [
        "http://paper.example.vn/rss",
        "https://10.0.0.1/rss",
        "https://intranet/rss",
        "https://user@paper.example.vn/rss",
        "ftp://paper.example.vn/rss",
        "file:///etc/passwd",
        "",
    ],
)
async def test_an_address_that_is_not_one_to_call_is_refused(office: Office, url: str) -> None:
    sources = office.services.feedback.channels.sources

    with pytest.raises(InvalidSource):
        await sources.add_feed(office.clerk, "Báo", url, new_key())

    assert len(await sources.all(office.clerk)) == 1


@pytest.mark.parametrize("name", ["", "   ", "a" * 101, "<b>Báo</b>", "Báo\u202e"])
async def test_a_name_that_cannot_be_read_is_refused(office: Office, name: str) -> None:
    with pytest.raises(InvalidSource):
        await office.services.feedback.channels.sources.add_webhook(office.clerk, name, new_key())


async def test_there_are_so_many_sources_at_most(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(managing, "SOURCES_AT_MOST", 1)

    with pytest.raises(TooManySources):
        await office.services.feedback.channels.sources.add_webhook(office.clerk, "B", new_key())


async def test_what_is_not_there_is_told_so(office: Office) -> None:
    channels, unknown = office.services.feedback.channels, new_id()
    feed = await channels.sources.add_feed(
        office.clerk, "Báo", "https://paper.example.vn/rss", new_key()
    )

    with pytest.raises(SourceNotFound):
        await channels.sources.pause(office.clerk, unknown)
    with pytest.raises(SourceNotFound):
        await channels.sources.rotate(office.clerk, unknown)
    with pytest.raises(NotAWebhook):
        await channels.sources.rotate(office.clerk, feed.id)
    with pytest.raises(IssueNotFound):
        await channels.acting.dismiss(office.clerk, unknown)
    assert await channels.issues.one(office.clerk, unknown) is None


Act = Callable[[Services, Caller], Awaitable[object]]
ACTS: dict[str, Act] = {
    "sources": lambda it, who: it.feedback.channels.sources.all(who),
    "add_feed": lambda it, who: it.feedback.channels.sources.add_feed(
        who, "Báo", "https://a.example.vn/rss", new_key()
    ),
    "add_webhook": lambda it, who: it.feedback.channels.sources.add_webhook(who, "B", new_key()),
    "rotate": lambda it, who: it.feedback.channels.sources.rotate(who, new_id()),
    "pause": lambda it, who: it.feedback.channels.sources.pause(who, new_id()),
    "resume": lambda it, who: it.feedback.channels.sources.resume(who, new_id()),
    "issues": lambda it, who: it.feedback.channels.issues.page(who, IssueQuery(), 10, None),
    "issue": lambda it, who: it.feedback.channels.issues.one(who, new_id()),
    "dismiss": lambda it, who: it.feedback.channels.acting.dismiss(who, new_id()),
    "link": lambda it, who: it.feedback.channels.acting.link(who, new_id(), "LC-222-222"),
    "digests": lambda it, who: it.feedback.channels.watch.digests(who, 10, None),
    "spikes": lambda it, who: it.feedback.channels.watch.spikes(who, 10, None),
}
OF_ANOTHER = Caller(
    "somebody", "s", frozenset({Grant(Role.CLERK, Scope(ScopeKind.AGENCY, "police"))})
)


@pytest.mark.parametrize("act", ACTS)
async def test_the_channels_are_for_the_office_alone(office: Office, act: str) -> None:
    with pytest.raises(NotSignedIn):
        await ACTS[act](office.services, ANONYMOUS)
    with pytest.raises(NotAllowed):
        await ACTS[act](office.services, OF_ANOTHER)


async def test_a_digest_and_a_spike_are_listed(
    client: httpx.AsyncClient, clerk: SignedInPerson, office: Office
) -> None:
    for _ in range(7):
        await office.took(f"Đường ngập rồi ở Sa Pa, đoạn {next(office.numbers)}.")
    office.wait(minutes=10)
    await office.run_jobs()
    office.wait(hours=24)
    await office.run_jobs()
    again = await signed_in(client, office.services, clerk.address)

    digests = (await ask(client, again, "ChannelDigests"))["edges"]
    spikes = (await ask(client, again, "ChannelSpikes"))["edges"]

    (digest,) = [one["node"] for one in digests if one["node"]["itemCount"]]
    assert (digest["itemCount"], digest["topics"]) == (
        7,
        [{"topic": "FLOODING", "topicName": "Flooding", "count": 7}],
    )
    assert [(one["place"]["key"], one["count"]) for one in digest["places"]] == [(SA_PA, 7)]
    assert [one["count"] for one in digest["topIssues"]] == [7]
    assert digest["moods"]["negative"] == 7
    assert {(one["node"]["count"], one["node"]["issue"] is None) for one in spikes} == {
        (7, True),
        (7, False),
    }

"""Polling agencies' feeds on loopback: what is new once, what fails later, where it may lead."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from api.alerts.errors import AgencyKeyNotFound, FeedNotFound, InvalidFeed
from api.alerts.polling.feeds import ALERT_FEEDS, POLL, PolledFeed
from api.alerts.polling.polling import MESSAGES_A_POLL, pause_seconds
from api.alerts.repository import ALERTS
from api.context import Services
from api.kit.jobs import JOBS
from api.kit.store import Store
from notifications.fan_outs import FAN_OUTS
from tests.accounts.exporting import run_jobs
from tests.alerts.messages import SENDER, alert, info
from tests.alerts.signing import a_signer
from tests.alerts.test_feed import entry, feed
from tests.conftest import MovableClock

PAUSE = 60


@dataclass(slots=True)
class Site:
    """An agency's web site: `pages` by path; `asked` keeps each request, its headers in lower case."""

    address: str = ""
    pages: dict[str, bytes] = field(default_factory=dict[str, bytes])
    statuses: dict[str, str] = field(default_factory=dict[str, str])
    headers: list[str] = field(default_factory=list[str])
    asked: list[str] = field(default_factory=list[str])

    def paths(self) -> list[str]:
        return [request.split()[1] for request in self.asked]

    def answer(self, request: str) -> bytes:
        self.asked.append(request.lower())
        path = request.split()[1]
        status = self.statuses.get(path, "200 OK" if path in self.pages else "404 Not Found")
        body = b"" if status.startswith("3") else self.pages.get(path, b"")
        lines = [f"HTTP/1.1 {status}", f"content-length: {len(body)}", "connection: close"]
        return "\r\n".join([*lines, *self.headers, "", ""]).encode() + body


@asynccontextmanager
async def standing() -> AsyncGenerator[Site]:
    site = Site()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await reader.readuntil(b"\r\n\r\n")
            writer.write(site.answer(request.decode()))
            await writer.drain()
        finally:
            writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    async with server:
        site.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield site


@pytest.fixture
async def site() -> AsyncGenerator[Site]:
    async with standing() as made:
        yield made


@pytest.fixture
async def agency_id(services: Services) -> str:
    return (await services.alerts.keys.create("Civil Defence", [SENDER])).agency.key_id


@pytest.fixture
async def polled(services: Services, site: Site, agency_id: str) -> PolledFeed:
    site.pages["/feed"] = feed(link("urn:1", "/1.cap"))
    site.pages["/1.cap"] = alert()
    return await services.alerts.feeds.add(agency_id, f"{site.address}/feed", (), PAUSE)


def link(name: str, path: str, updated: str = "2026-05-01T09:00:00Z") -> str:
    return (
        f"<entry><id>{name}</id><updated>{updated}</updated>"
        '<link rel="alternate" type="text/html" href="/page.html"/>'
        f'<link rel="alternate" type="application/cap+xml" href="{path}"/></entry>'
    )


async def poll(services: Services, clock: MovableClock, times: int = 1) -> None:
    """Let the pause pass, jitter and all, and run what is due."""
    for _ in range(times):
        clock.advance(seconds=PAUSE * 1.3)
        await run_jobs(services, clock)


async def identifiers(store: Store) -> list[str]:
    return sorted(found["identifier"] for found in await store[ALERTS].find({}))


async def outcomes(services: Services, polled: PolledFeed) -> list[tuple[str, str | None]]:
    found = await services.alerts.feeds.messages(polled.id, 50)
    return sorted((one.entry, one.code) for one in found)


async def now_of(services: Services, polled: PolledFeed) -> PolledFeed:
    found = await services.alerts.feeds.get(polled.id)
    assert found is not None
    return found


async def test_what_a_feed_leads_to_is_taken_once(
    services: Services, store: Store, clock: MovableClock, site: Site, polled: PolledFeed
) -> None:
    await poll(services, clock, times=3)

    assert await identifiers(store) == ["flood-1"]
    assert site.paths() == ["/feed", "/1.cap", "/feed", "/feed"]
    assert await outcomes(services, polled) == [("urn:1", None)]


async def test_what_a_feed_holds_is_taken_once_and_what_is_new_is_added(
    services: Services, store: Store, clock: MovableClock, site: Site, polled: PolledFeed
) -> None:
    site.pages["/feed"] = feed(entry("urn:a", alert(identifier="a")))
    await poll(services, clock)

    site.pages["/feed"] = feed(
        entry("urn:a", alert(identifier="a")), entry("urn:b", alert(identifier="b"))
    )
    await poll(services, clock)

    assert await identifiers(store) == ["a", "b"]
    assert await outcomes(services, polled) == [("urn:a", None), ("urn:b", None)]


async def test_an_rss_feed_is_read_by_its_enclosures(
    services: Services, store: Store, clock: MovableClock, site: Site, polled: PolledFeed
) -> None:
    site.pages["/feed"] = (
        b'<rss version="2.0"><channel><title>t</title><item><guid>g</guid>'
        b"<link>/page.html</link>"
        b'<enclosure url="/1.cap" type="application/cap+xml" length="1"/></item></channel></rss>'
    )

    await poll(services, clock)

    assert await identifiers(store) == ["flood-1"]


async def test_the_version_that_is_here_is_not_asked_for_again(
    services: Services, clock: MovableClock, site: Site, polled: PolledFeed
) -> None:
    site.headers = ['etag: "v1"', "last-modified: Fri, 01 May 2026 09:00:00 GMT"]
    await poll(services, clock)
    site.statuses["/feed"] = "304 Not Modified"

    await poll(services, clock)

    last = site.asked[-1]
    assert 'if-none-match: "v1"' in last
    assert "if-modified-since: fri, 01 may 2026 09:00:00 gmt" in last
    after = await now_of(services, polled)
    assert (after.failures, after.version.etag, after.succeeded_at) == (0, '"v1"', clock.now)


async def test_a_link_that_fails_is_tried_again_although_the_feed_stays_the_same(
    services: Services, store: Store, clock: MovableClock, site: Site, polled: PolledFeed
) -> None:
    site.headers = ['etag: "v1"']
    site.statuses["/1.cap"] = "503 Service Unavailable"
    await poll(services, clock)
    assert (await now_of(services, polled)).last_error == "SOURCE_NOT_READABLE"

    del site.statuses["/1.cap"]
    await poll(services, clock)

    assert await identifiers(store) == ["flood-1"]
    assert "if-none-match" not in site.asked[2]
    assert (await now_of(services, polled)).last_error is None


async def test_a_broken_message_is_refused_once_and_holds_nothing_back(
    services: Services, store: Store, clock: MovableClock, site: Site, polled: PolledFeed
) -> None:
    site.pages["/feed"] = feed(
        link("urn:broken", "/broken.cap"),
        entry("urn:foreign", alert(sender="somebody@else.example")),
        "<entry><id>urn:nothing</id></entry>",
        link("urn:1", "/1.cap"),
    )
    site.pages["/broken.cap"] = alert(info(severity="Bad"))

    await poll(services, clock, times=2)

    assert await identifiers(store) == ["flood-1"]
    assert await outcomes(services, polled) == [
        ("urn:1", None),
        ("urn:broken", "VALUE_NOT_ALLOWED"),
        ("urn:foreign", "SENDER_NOT_ALLOWED"),
        ("urn:nothing", "ENTRY_WITHOUT_MESSAGE"),
    ]
    assert site.paths().count("/broken.cap") == 1


async def test_what_must_be_signed_must_be_so_in_a_feed_too(
    services: Services, store: Store, clock: MovableClock, site: Site, polled: PolledFeed
) -> None:
    signer = a_signer()
    await services.alerts.certificates.add(polled.agency_id, signer.pem)
    await services.alerts.keys.require_signature(polled.agency_id, is_required=True)
    site.pages["/feed"] = feed(link("urn:1", "/1.cap"), link("urn:2", "/2.cap"))
    site.pages["/2.cap"] = signer.sign(alert(identifier="signed"))

    await poll(services, clock)

    assert await identifiers(store) == ["signed"]
    assert await outcomes(services, polled) == [("urn:1", "SIGNATURE_REQUIRED"), ("urn:2", None)]


@pytest.mark.parametrize(
    "target",
    [
        "http://localhost:1/x.cap",
        "http://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "//evil.example/x.cap",
        "ftp://127.0.0.1/x",
    ],
)
async def test_a_link_leads_nowhere_but_to_the_hosts_that_were_named(
    services: Services,
    store: Store,
    clock: MovableClock,
    site: Site,
    polled: PolledFeed,
    target: str,
) -> None:
    site.pages["/feed"] = feed(link("urn:evil", target), link("urn:1", "/1.cap"))

    await poll(services, clock)

    assert await identifiers(store) == ["flood-1"]
    assert (await now_of(services, polled)).last_error == "SOURCE_NOT_READABLE"


async def test_a_link_to_a_host_that_was_named_is_followed(
    services: Services, store: Store, clock: MovableClock, site: Site, polled: PolledFeed
) -> None:
    other = site.address.replace("127.0.0.1", "localhost")
    site.pages["/feed"] = feed(link("urn:1", f"{other}/1.cap"))
    await services.alerts.feeds.add(polled.agency_id, polled.url, ["localhost"], PAUSE)

    await poll(services, clock)

    assert await identifiers(store) == ["flood-1"]


async def test_a_redirect_leaves_the_hosts_no_more_than_a_link(
    services: Services, store: Store, clock: MovableClock, site: Site, polled: PolledFeed
) -> None:
    site.statuses["/1.cap"] = "302 Found"
    site.headers = [f"location: {site.address.replace('127.0.0.1', 'localhost')}/2.cap"]
    site.pages["/2.cap"] = alert()

    await poll(services, clock)

    assert await identifiers(store) == []
    assert "/2.cap" not in site.paths()


async def test_more_messages_than_a_poll_takes_wait_for_the_next(
    services: Services, store: Store, clock: MovableClock, site: Site, polled: PolledFeed
) -> None:
    count = MESSAGES_A_POLL + 1
    site.headers = ['etag: "v1"']
    site.pages["/feed"] = feed(
        *(entry(f"urn:{n}", alert(info(areas=""), identifier=f"m{n}")) for n in range(count))
    )

    await poll(services, clock)
    assert await store[ALERTS].count({}) == MESSAGES_A_POLL
    await poll(services, clock)

    assert await store[ALERTS].count({}) == count


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (b"nonsense", "NOT_WELL_FORMED"),
        (b'<!DOCTYPE feed [<!ENTITY e SYSTEM "file:///etc/passwd">]><feed/>', "FORBIDDEN_XML"),
        (b"<feed>" + b"x" * (1 << 20) + b"</feed>", "TOO_LARGE"),
    ],
    ids=["no XML", "XXE", "large"],
)
async def test_a_broken_feed_is_a_failure_by_name(
    services: Services,
    clock: MovableClock,
    site: Site,
    polled: PolledFeed,
    document: bytes,
    code: str,
) -> None:
    site.pages["/feed"] = document

    await poll(services, clock)

    after = await now_of(services, polled)
    assert (after.failures, after.last_error, after.succeeded_at) == (1, code, None)


async def test_an_empty_feed_is_none(
    services: Services, clock: MovableClock, site: Site, polled: PolledFeed
) -> None:
    site.pages["/feed"] = feed()

    await poll(services, clock)

    assert (await now_of(services, polled)).succeeded_at == clock.now


def test_the_pause_doubles_up_to_an_hour_and_is_jittered() -> None:
    pauses = [[pause_seconds(60, failures) for _ in range(200)] for failures in (0, 1, 3, 30)]

    for found, middle in zip(pauses, (60, 120, 480, 3_600), strict=True):
        assert middle * 0.8 <= min(found) < max(found) <= middle * 1.2
    assert 0.8 * 86_400 <= pause_seconds(86_400, 5) <= 1.2 * 86_400


async def test_administrators_are_told_once_of_a_dead_feed_and_again_when_it_dies_again(
    services: Services, store: Store, clock: MovableClock, site: Site, polled: PolledFeed
) -> None:
    await services.accounts.staff.administrators.appoint("mai@example.com", "en")
    site.pages["/feed"] = feed()
    site.statuses["/feed"] = "500 Oops"
    told: list[int] = []

    async def hours_later(hours: float) -> None:
        clock.advance(hours=hours)
        await run_jobs(services, clock)
        told.append(await store[FAN_OUTS].count({}))

    await hours_later(0.5)
    await hours_later(0.75)
    await hours_later(2)
    del site.statuses["/feed"]
    await hours_later(2)
    site.statuses["/feed"] = "500 Oops"
    await hours_later(2)

    assert told == [0, 1, 1, 1, 2]


async def test_a_removed_feed_is_not_asked_again(
    services: Services, store: Store, clock: MovableClock, site: Site, polled: PolledFeed
) -> None:
    await services.alerts.feeds.remove(polled.id)

    await poll(services, clock, times=2)

    assert (site.asked, await services.alerts.feeds.list()) == ([], [])
    assert await store[JOBS].count({"kind": POLL, "state": "open"}) == 0
    with pytest.raises(FeedNotFound):
        await services.alerts.feeds.remove(polled.id)


async def test_adding_a_feed_again_starts_no_second_chain(
    services: Services, store: Store, clock: MovableClock, site: Site, polled: PolledFeed
) -> None:
    again = await services.alerts.feeds.add(polled.agency_id, polled.url, (), 30)

    await poll(services, clock)

    assert (again.id, again.pause_seconds, site.paths()) == (polled.id, 30, ["/feed", "/1.cap"])
    assert await store[JOBS].count({"kind": POLL, "state": "open"}) == 1


async def test_a_revoked_agencys_feed_is_not_read(
    services: Services, clock: MovableClock, site: Site, polled: PolledFeed
) -> None:
    await services.alerts.keys.revoke(polled.agency_id)

    await poll(services, clock)

    assert site.asked == []
    assert (await now_of(services, polled)).last_error == "AGENCY_KEY_NOT_FOUND"


@pytest.mark.parametrize(
    ("url", "hosts", "pause"),
    [
        ("ftp://agency.example/feed", (), 60),
        ("https://user:secret@agency.example/feed", (), 60),
        ("https:///feed", (), 60),
        ("https://agency.example:port/feed", (), 60),
        ("https://agency.example/a feed", (), 60),
        ("https://agency.example/feed", ("*",), 60),
        ("https://agency.example/feed", (), 1),
        ("https://agency.example/feed", (), 100_000),
    ],
)
async def test_what_is_no_feed_is_refused(
    services: Services, store: Store, agency_id: str, url: str, hosts: tuple[str, ...], pause: int
) -> None:
    with pytest.raises(InvalidFeed):
        await services.alerts.feeds.add(agency_id, url, hosts, pause)

    assert await store[ALERT_FEEDS].count({}) == 0


async def test_a_feed_is_an_agencys(services: Services) -> None:
    with pytest.raises(AgencyKeyNotFound):
        await services.alerts.feeds.add("a" * 26, "https://agency.example/feed", (), 60)

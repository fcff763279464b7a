"""Atom feeds: each message in them stands alone."""

import pytest

from api.alerts.errors import AlertErrorCode, AlertProblem
from api.alerts.feed import ENTRIES_AT_MOST
from api.alerts.repository import ALERTS
from api.context import Services
from api.kit.store import Store
from tests.alerts.messages import alert, info


def feed(*entries: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom">'
        f"<id>urn:feed</id><title>Warnings</title>{''.join(entries)}</feed>"
    ).encode()


def entry(name: str, message: bytes) -> str:
    inner = message.decode().removeprefix('<?xml version="1.0" encoding="UTF-8"?>')
    return f'<entry><id>{name}</id><content type="application/cap+xml">{inner}</content></entry>'


LINK = '<entry><id>urn:link</id><link href="https://laocai.example/1.cap"/></entry>'


async def test_every_message_of_a_feed_is_imported(services: Services, store: Store) -> None:
    document = feed(*(entry(f"urn:{n}", alert(identifier=n)) for n in ("a", "b", "c")))

    outcomes = await services.alerts.import_document(document, "feed")

    assert [outcome.entry for outcome in outcomes] == ["urn:a", "urn:b", "urn:c"]
    imported = [outcome.imported.identifier for outcome in outcomes if outcome.imported]
    assert imported == ["a", "b", "c"]
    assert await store[ALERTS].count({}) == 3


async def test_a_broken_message_does_not_hold_back_the_warning_beside_it(
    services: Services, store: Store
) -> None:
    broken = alert(info(severity="Bad"), identifier="broken")
    document = feed(entry("urn:1", broken), LINK, entry("urn:2", alert()))

    outcomes = await services.alerts.import_document(document, "feed")

    assert [outcome.problem.code if outcome.problem else None for outcome in outcomes] == [
        AlertErrorCode.VALUE_NOT_ALLOWED,
        AlertErrorCode.ENTRY_WITHOUT_MESSAGE,
        None,
    ]
    assert [found["identifier"] for found in await store[ALERTS].find({})] == ["flood-1"]


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (feed(), AlertErrorCode.FEED_EMPTY),
        (feed(LINK * (ENTRIES_AT_MOST + 1)), AlertErrorCode.TOO_MANY),
        (feed(LINK)[:-3], AlertErrorCode.NOT_WELL_FORMED),
        (b"<!DOCTYPE feed>" + feed(LINK)[38:], AlertErrorCode.FORBIDDEN_XML),
        (b"<rss/>", AlertErrorCode.NOT_CAP),
    ],
)
async def test_a_broken_feed_is_refused_whole(
    services: Services, store: Store, document: bytes, code: AlertErrorCode
) -> None:
    with pytest.raises(AlertProblem) as refused:
        await services.alerts.import_document(document, "feed")

    assert refused.value.code is code
    assert await store[ALERTS].count({}) == 0

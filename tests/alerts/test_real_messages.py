"""Real messages of other countries: each imports, or is refused, as their README says."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from api.alerts.errors import AlertProblem
from api.alerts.intake import Delivery
from api.alerts.repository import ALERT_MESSAGES, ALERTS
from api.context import Services
from api.kit.geo import Position
from api.kit.jobs import JOBS
from api.kit.store import Store
from tests.alerts.conftest import REAL_MESSAGES, active_identifiers, needs_real_messages
from tests.conftest import MovableClock

pytestmark = needs_real_messages


def real(name: str) -> bytes:
    return (REAL_MESSAGES / name).read_bytes()


async def contents(store: Store, alert_id: str) -> dict[str, Any]:
    document = await store[ALERT_MESSAGES].get(alert_id)
    assert document is not None
    message: dict[str, Any] = document["message"]
    return message


@pytest.mark.parametrize(
    ("name", "identifier", "delivery", "languages"),
    [
        ("australia.cap", "tag:www.rfs.nsw.gov.au2011-10-06:40184", "EXPIRED", ["en-AU", "en-AU"]),
        ("canada.cap", "2.49.0.1.124.6bddbc91.2012", "EXPIRED", ["en-CA", "fr-CA"]),
        (
            "iceland_met_office.cap",
            "is-IMO-2a4c2db8-07fd-4a0f-b372-9667280d46d1",
            "EXPIRED",
            ["is-IS", "en-US"],
        ),
        ("mexico.xml", "avisossmn-ciclontropical-4063", "EXPIRED", ["es-419"]),
        ("taiwan.cap", "WRA_ReservoirWarn_201405142010", "EXPIRED", ["zh-tw"]),
        ("ph.cap", "103ff55e-b538-49a2-a94a-64470ddea2cc", "NOT_ACTUAL", ["en-US"]),
        ("wcatwc-warning.cap", "PAAQ-2-lqw6d6", "EXPIRED", ["en-US"]),
        (
            "no_info_tag.cap",
            "1017033100951096-517189320160225203219800_Cancel",
            "TAKES_BACK",
            [],
        ),
    ],
)
async def test_it_imports_whole(
    services: Services,
    store: Store,
    name: str,
    identifier: str,
    delivery: str,
    languages: list[str],
) -> None:
    (outcome,) = await services.alerts.import_document(real(name), name)

    assert outcome.imported is not None
    assert (outcome.imported.identifier, outcome.imported.delivery.name) == (identifier, delivery)
    message = await contents(store, outcome.imported.id)
    assert [info["language"] for info in message["infos"]] == languages


@pytest.mark.parametrize(
    ("name", "code", "element", "line"),
    [
        ("invalid.cap", "ELEMENT_MISSING", "scope", 9),
        ("invalid_xmlns.cap", "WRONG_NAMESPACE", "alert", 2),
    ],
)
async def test_it_is_refused_whole(
    services: Services, store: Store, name: str, code: str, element: str, line: int
) -> None:
    with pytest.raises(AlertProblem) as refused:
        await services.alerts.import_document(real(name), name)

    problem = refused.value
    assert (problem.code.name, problem.element, problem.line) == (code, element, line)
    assert [await store[spec].count({}) for spec in (ALERTS, ALERT_MESSAGES, JOBS)] == [0, 0, 0]


async def test_the_feed_of_links_names_each_of_its_alerts_and_takes_none_for_a_message(
    services: Services, store: Store
) -> None:
    outcomes = await services.alerts.import_document(real("us_nws_weather.atom"), "feed")

    codes = [outcome.problem.code.name for outcome in outcomes if outcome.problem]
    assert codes == ["ENTRY_WITHOUT_MESSAGE", "ENTRY_WITHOUT_MESSAGE"]
    assert [outcome.imported for outcome in outcomes] == [None, None]
    assert all("alerts.weather.gov" in str(outcome.entry) for outcome in outcomes)
    assert await store[ALERTS].count({}) == 0


async def test_canada_speaks_two_languages_about_one_event(
    services: Services, store: Store, clock: MovableClock
) -> None:
    clock.now = datetime(2012, 5, 2, 23, 30, tzinfo=UTC)

    (outcome,) = await services.alerts.import_document(real("canada.cap"), "canada")

    assert outcome.imported is not None
    assert outcome.imported.delivery is Delivery.WARNS
    view = await services.alerts.get(outcome.imported.id)
    assert view is not None
    assert view.bulletin.by_language(lambda info: info.headline) == {
        "en": "severe thunderstorm watch",
        "fr": "veille d'orages violents",
    }
    # Its own numbering of places is not ours.
    assert view.bulletin.reach.homes(services.communes) == frozenset()
    message = await contents(store, outcome.imported.id)
    assert len(message["references"]) == 2


async def test_mexicos_polygon_holds_where_it_is_drawn(
    services: Services, clock: MovableClock
) -> None:
    clock.now = datetime(2018, 10, 20, 12, 30, tzinfo=UTC)
    await services.alerts.import_document(real("mexico.xml"), "mexico")

    inside = await services.alerts.active(Position(16.75, -93.1), 20, None)
    outside = await services.alerts.active(Position(19.43, -99.13), 20, None)

    assert [view.record.identifier for view in inside.items] == ["avisossmn-ciclontropical-4063"]
    assert outside.items == ()


async def test_a_reference_to_another_senders_message_is_counted_and_left_alone(
    services: Services,
) -> None:
    (outcome,) = await services.alerts.import_document(real("wcatwc-warning.cap"), "alaska")

    assert outcome.imported is not None
    assert (outcome.imported.foreign_references, outcome.imported.ended) == (1, ())


async def test_importing_all_twice_adds_nothing(services: Services, store: Store) -> None:
    names = ["australia.cap", "canada.cap", "ph.cap", "no_info_tag.cap"]
    for name in names:
        await services.alerts.import_document(real(name), name)

    again = [(await services.alerts.import_document(real(name), name))[0] for name in names]

    assert [outcome.imported and outcome.imported.is_replay for outcome in again] == [True] * 4
    assert await store[ALERTS].count({}) == 4


async def test_none_of_them_is_active_today(services: Services, client: httpx.AsyncClient) -> None:
    names = [path.name for path in sorted(REAL_MESSAGES.glob("*.cap"))]
    for name in names:
        with suppress(AlertProblem):
            await services.alerts.import_document(real(name), name)

    assert await active_identifiers(client, None) == []

"""Relays of a commune, and an endpoint that is one."""

from collections.abc import AsyncGenerator
from typing import Any

import httpx
import pytest

from api.alerts.relays.records import RelayOutcome
from api.alerts.relays.telling import RELAYING
from api.context import Services
from api.kit.jobs import JOBS
from api.kit.store import Store
from tests.accounts.people import SignedInPerson, new_key
from tests.accounts.staff import an_administrator
from tests.alerts.messages import SA_PA_CODE, area, geocode, info, polygon
from tests.conftest import send
from tests.health.fhir.receiver import Receiver, a_receiver

SENT_LATER = "2026-05-01T16:10:00+07:00"
IN_SA_PA = area(polygon(), geocode("VN-COMMUNE", SA_PA_CODE))
SEVERE = info(areas=IN_SA_PA, instruction="Lên chỗ cao ngay.")


@pytest.fixture
async def receiver() -> AsyncGenerator[Receiver]:
    async with a_receiver() as made:
        yield made


@pytest.fixture
async def administrator(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    return await an_administrator(client, services)


async def add(
    client: httpx.AsyncClient,
    person: SignedInPerson,
    url: str,
    key: str | None = None,
    **changes: Any,  # noqa: ANN401
) -> Any:  # noqa: ANN401
    wanted = {
        "kind": "LOUDSPEAKER",
        "name": "Loa thôn Cát Cát",
        "commune": SA_PA_CODE,
        "url": url,
        "idempotencyKey": key or new_key(),
        **changes,
    }
    data = await send(client, "alerts/AddRelay", {"input": wanted}, headers=person.headers)
    return data["addRelay"]


async def outcomes(store: Store, services: Services) -> list[RelayOutcome]:
    jobs = await store[JOBS].find({"kind": RELAYING})
    notices = sorted({job["payload"]["notice_id"] for job in jobs})
    return await services.relays.repository.outcomes_of(notices)

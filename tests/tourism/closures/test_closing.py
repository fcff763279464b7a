"""Editors close ways and lift closures; nobody else does."""

import httpx

from api.context import Services
from tests.accounts.people import SignedInPerson
from tests.accounts.staff import noted
from tests.conftest import MovableClock
from tests.tourism.closures.ways_to_close import closed, edit, listed
from tests.tourism.content import ids


async def test_a_road_is_closed_until_it_is_lifted(
    client: httpx.AsyncClient, services: Services, editor: SignedInPerson, clock: MovableClock
) -> None:
    closure = await closed(client, editor)

    assert ids(await listed(client)) == [closure["id"]]
    assert closure == {
        "id": closure["id"],
        "way": "ROAD",
        "wayId": "QL4D",
        "wayName": {"text": "National road 4D", "language": "en"},
        "area": None,
        "reason": {"text": "Landslide.", "language": "en"},
        "reasons": [
            {"text": "Sạt lở đất.", "language": "vi"},
            {"text": "Landslide.", "language": "en"},
        ],
        "starts": clock().isoformat(),
        "ends": None,
        "liftedAt": None,
        "source": "Sở Xây dựng Lào Cai",
        "version": 1,
    }

    clock.advance(minutes=10)
    values = {"id": closure["id"], "expectedVersion": 1, "idempotencyKey": "lift-closure-once"}
    lifted = await edit(client, "LiftClosure", values, editor)

    assert lifted["closure"]["liftedAt"] == clock().isoformat()
    assert ids(await listed(client)) == []
    assert ids(await listed(client, at=clock.after(-60).isoformat())) == [closure["id"]]
    (entry,) = await noted(services, "closure.lift")
    assert entry.details == {"way": "ROAD", "id": "QL4D", "version": 2}

"""Trails as readers see them."""

import httpx
import pytest

from tests.conftest import send
from tests.tourism.content import ids, nodes
from tests.tourism.trails.walks import listed, refused, trail

VALLEY = "T001"
ABOVE_CAT_CAT = {"latitude": 22.3295, "longitude": 103.8345}


@pytest.mark.usefixtures("shipped_trails")
async def test_a_sketch_says_that_it_is_one(client: httpx.AsyncClient) -> None:
    found = await trail(client, VALLEY)
    print(found)
    assert found is not None
    assert found["lineKind"] == "SKETCH"
    assert found["lineAccuracy"] == 1000.0
    assert found["lineRemark"] == (
        "A sketch that only joins places on the way, good to 1 km: do not find your way by it."
    )

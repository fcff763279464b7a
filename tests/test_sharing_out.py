"""Tests of a file run in one process: what they share is made once (tests/sharing_out.py)."""

import os
from typing import cast

import pytest

DISTRIBUTED = os.environ.get("PYTEST_XDIST_WORKER")


@pytest.mark.skipif(
    DISTRIBUTED is None, reason="the tests run in one process (`make test` takes several)"
)
def test_the_group_of_a_test_is_known_to_who_deals_them_out(request: pytest.FixtureRequest) -> None:
    if not request.config.getoption("loadgroup"):
        pytest.skip("the tests are dealt out without groups (`make test` gives --dist loadgroup)")

    node = cast("pytest.Item", request.node)  # pyright: ignore[reportUnknownMemberType] - no type before pytest 9.2
    assert node.nodeid.endswith("@tests/test_sharing_out.py")

"""The world of the authorization matrix."""

import pytest

from tests.contract.kept_world import KeptWorld, world_kept_in


@pytest.fixture(scope="session")
def kept_world(tmp_path_factory: pytest.TempPathFactory) -> KeptWorld:
    """A world that tests enter by a copy; it is made once."""
    return world_kept_in(tmp_path_factory.mktemp("world"))

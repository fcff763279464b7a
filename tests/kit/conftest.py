"""A Redis for the tests that need one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.free_ports import free_port
from tests.kit.redis_server import COMMAND, WHY_NOT, RedisServer


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisServer]:
    if COMMAND is None:
        pytest.skip(WHY_NOT)
    server = RedisServer(free_port(), tmp_path)
    yield server
    server.kill()

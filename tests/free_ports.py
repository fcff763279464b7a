"""Ports for servers that bind them seconds later, in processes of their own.

One that the kernel hands out for port 0 it may hand out again meanwhile, to any connection: those below 32,768 it never does.
"""

import os
import socket
from collections.abc import Iterator
from typing import Final

_FIRST: Final = 10_000
_LANES: Final = 40
_PORTS_IN_A_LANE: Final = 500


def free_port() -> int:
    """Return a port that is free now, and that no other test of this run is given."""
    return next(port for port in _PORTS if _is_free(port))


def _ports_of_this_process() -> Iterator[int]:
    """Yield the ports of this worker of pytest-xdist, once each; another run beside this one begins elsewhere."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw-1").removeprefix("gw")
    first = _FIRST + (int(worker) + 1) % _LANES * _PORTS_IN_A_LANE
    for number in range(_PORTS_IN_A_LANE):
        yield first + (os.getpid() + number) % _PORTS_IN_A_LANE


_PORTS: Final = _ports_of_this_process()


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True

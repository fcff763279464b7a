"""Ports that tests give to processes are handed out once, and never those that the kernel hands out."""

import socket

import pytest

from tests import free_ports
from tests.free_ports import free_port

FIRST_OF_THE_KERNEL = 32_768


def test_each_is_given_once_and_lies_below_those_of_the_kernel() -> None:
    ports = [free_port() for _ in range(10)]

    assert len(set(ports)) == 10
    assert max(ports) < FIRST_OF_THE_KERNEL


def test_one_that_somebody_listens_on_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    free = free_port()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        monkeypatch.setattr(free_ports, "_PORTS", iter((listening.getsockname()[1], free)))

        assert free_port() == free

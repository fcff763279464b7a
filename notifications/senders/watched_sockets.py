"""The sockets that libcurl wants watched (CURLMOPT_SOCKETFUNCTION), on the event loop."""

import asyncio
import os
import socket
from collections.abc import Callable
from contextlib import suppress

import pycurl


class WatchedSockets:
    """Calls `act` with descriptor and CSELECT bits whenever one of them is ready."""

    def __init__(self, act: Callable[[int, int], None]) -> None:
        self._act = act
        self._loop = asyncio.get_running_loop()
        self._wanted: dict[int, int] = {}
        self._heard: dict[int, float] = {}
        self._inodes: dict[int, int] = {}

    def watch(self, events: int, descriptor: int, *_: object) -> None:
        """Watch for `events` and for nothing else."""
        if events == pycurl.POLL_REMOVE:
            self._unwatch(descriptor)
            return
        watched = self._wanted.get(descriptor, 0)
        if events & pycurl.POLL_IN and not watched & pycurl.POLL_IN:
            self._loop.add_reader(descriptor, self._hear, descriptor)
        if events & pycurl.POLL_OUT and not watched & pycurl.POLL_OUT:
            self._loop.add_writer(descriptor, self._act, descriptor, pycurl.CSELECT_OUT)
        self._stop(descriptor, watched & ~events)
        if descriptor not in self._wanted:
            self._inodes[descriptor] = os.fstat(descriptor).st_ino
            self._heard[descriptor] = self._loop.time()
        self._wanted[descriptor] = events

    def shut_silent(self, since: float) -> None:
        """End the connections from which nothing came after `since` (the loop's clock), idle ones too.

        libcurl finds them ended, and begins what waits on them anew where it may. Left alone, a dead one
        would hold up whatever is put on it next.
        """
        for descriptor in [it for it, heard in self._heard.items() if heard <= since]:
            del self._heard[descriptor]
            _shut(descriptor, self._inodes[descriptor])

    def close(self) -> None:
        for descriptor in list(self._wanted):
            self._unwatch(descriptor)

    def _hear(self, descriptor: int) -> None:
        self._heard[descriptor] = self._loop.time()
        self._act(descriptor, pycurl.CSELECT_IN)

    def _unwatch(self, descriptor: int) -> None:
        self._stop(descriptor, self._wanted.pop(descriptor, 0))

    def _stop(self, descriptor: int, events: int) -> None:
        if events & pycurl.POLL_IN:
            self._loop.remove_reader(descriptor)
        if events & pycurl.POLL_OUT:
            self._loop.remove_writer(descriptor)


def _shut(descriptor: int, inode: int) -> None:
    with suppress(OSError):  # it is no socket, as libcurl's own bell, or it ended meanwhile
        if os.fstat(descriptor).st_ino != inode:
            return  # libcurl closed it, and the number is somebody else's now
        connection = socket.socket(fileno=descriptor)
        try:
            connection.shutdown(socket.SHUT_RDWR)
        finally:
            connection.detach()  # libcurl closes it

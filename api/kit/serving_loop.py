"""An event loop on which some things go first: those for which others wait outside of it.

Asyncio runs what is ready in the order in which it came. With hundreds of requests under way each answer
from a thread waits for all of them, twice: until it is looked at, and until its task goes on. For a
transaction, which has the one writer of the store meanwhile, that is paid at every step.
"""

import asyncio
import sys
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any, Final

SWITCH_SECONDS: Final = 0.0005
"""So long a thread waits for the interpreter while another one has it, at every step and at every statement of it."""


class ServingLoop(asyncio.SelectorEventLoop):
    """`asyncio.Runner(loop_factory=ServingLoop)`, or `run_serving`."""

    # Of asyncio's own loop, which has no other way.
    _ready: deque[asyncio.Handle]
    _write_to_self: Callable[[], None]

    def call_first_threadsafe(self, callback: Callable[..., object], *args: Any) -> None:  # noqa: ANN401
        """Call it next, from any thread; the tasks that it wakes go on next, too."""
        self._ready.appendleft(asyncio.Handle(self._call_first, (callback, args), self))
        self._write_to_self()

    def _call_first(self, callback: Callable[..., object], args: tuple[Any, ...]) -> None:
        waiting = len(self._ready)
        callback(*args)
        self._ready.rotate(len(self._ready) - waiting)


def run_serving(main: Coroutine[Any, Any, None]) -> None:
    """Run it as `asyncio.run` does, on this loop, and let the process's threads take short turns."""
    sys.setswitchinterval(SWITCH_SECONDS)
    with asyncio.Runner(loop_factory=ServingLoop) as runner:
        runner.run(main)

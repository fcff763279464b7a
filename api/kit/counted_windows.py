"""Counting in this process what subjects take of their allowances.

It counts in windows that follow each other, and weighs the one before by how much of it the last
`seconds` still cover: two numbers a subject, whatever the allowance.
"""

from collections import OrderedDict, defaultdict
from dataclasses import dataclass
from math import floor
from typing import Final

from api.kit.clock import Clock

SUBJECTS_AT_MOST: Final = 50_000


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many `times` in `seconds`."""

    times: int
    seconds: int


class WindowsAway(Exception):
    """Whatever counts for all processes did not: it is away, slow, or gives no sound answer."""


@dataclass(slots=True)
class _Window:
    """`earlier`: what was counted in the window before the one that began at `began`."""

    began: float
    count: int = 0
    earlier: int = 0

    def move_on(self, now: float, seconds: int) -> None:
        """Begin the window that `now` lies in."""
        windows = floor((now - self.began) / seconds)
        if windows > 0:
            self.earlier = self.count if windows == 1 else 0
            self.count = 0
            self.began += windows * seconds


class MemoryWindows:
    """Counts in this process. A step takes the same time however many subjects there are.

    Of each kind the subjects that were seen last are kept, so that a flood of one kind makes no
    other kind forget. (The memory storage of `limits` looks through all subjects at each step.)
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kinds: defaultdict[tuple[str, Allowance], OrderedDict[str, _Window]] = defaultdict(
            OrderedDict
        )

    def take(self, kind: str, subject: str, allowance: Allowance) -> float | None:
        """Count one, and return None; or count nothing, and return the seconds until one is free."""
        now = self._clock().timestamp()
        window = self._window(self._kinds[kind, allowance], subject, now)
        window.move_on(now, allowance.seconds)
        left = allowance.seconds - (now - window.began)
        if window.earlier * left // allowance.seconds + window.count < allowance.times:
            window.count += 1
            return None
        return left % (allowance.seconds / window.earlier) if window.earlier else left

    def _window(self, windows: "OrderedDict[str, _Window]", subject: str, now: float) -> _Window:
        window = windows.setdefault(subject, _Window(now))
        windows.move_to_end(subject)
        if len(windows) > SUBJECTS_AT_MOST:
            windows.popitem(last=False)
        return window

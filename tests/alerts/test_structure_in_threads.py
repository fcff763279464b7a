"""The first messages after a start may come at once: libxml2 must not be set up by two threads.

Without the lock about one fresh process in four refuses them for no fault of theirs, or dies.
"""

from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field
from threading import Barrier, BrokenBarrierError, Lock

import pytest
from lxml import etree

from api.alerts import cap_structure
from api.alerts.cap_structure import check_structure
from api.alerts.cap_xml import Element, parsed
from tests.alerts.messages import alert

MEET_WITHIN_SECONDS, DO_NOT_MEET_FOR_SECONDS = 10.0, 0.3


@dataclass(slots=True)
class WatchedCompiler:
    """Compiles schemas, and notes whether two were ever under way at once."""

    patience_seconds: float
    real: type[etree.XMLSchema] = etree.XMLSchema
    meeting: Barrier = field(default_factory=lambda: Barrier(2))
    met: bool = False

    def __call__(self, schema: Element) -> etree.XMLSchema:
        with suppress(BrokenBarrierError):
            self.meeting.wait(self.patience_seconds)
            self.met = True
        return self.real(schema)


@pytest.mark.parametrize(
    ("lock", "meet"), [(Lock(), False), (nullcontext(), True)], ids=["lock", "control without"]
)
def test_one_schema_is_compiled_at_a_time(
    monkeypatch: pytest.MonkeyPatch, lock: AbstractContextManager[object], meet: bool
) -> None:
    check_structure(parsed(alert()))  # set up, so that the control does not crash
    compiler = WatchedCompiler(MEET_WITHIN_SECONDS if meet else DO_NOT_MEET_FOR_SECONDS)
    monkeypatch.setattr(cap_structure, "_COMPILING", lock)
    monkeypatch.setattr(etree, "XMLSchema", compiler)
    roots = [parsed(alert()) for _ in range(2)]

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(check_structure, roots))

    assert compiler.met is meet

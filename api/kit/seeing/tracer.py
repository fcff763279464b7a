"""Spans, as whoever makes them sees it. Off by default, and then it costs a call that does nothing."""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from enum import StrEnum, auto
from typing import ClassVar, Protocol

Attributes = Mapping[str, str | int | float | bool]
_NO_ATTRIBUTES: Attributes = {}


class SpanKind(StrEnum):
    """In OpenTelemetry's words: who began what, seen from this process."""

    SERVER = auto()
    INTERNAL = auto()
    CLIENT = auto()
    CONSUMER = auto()


class Tracer(Protocol):
    is_on: bool

    def span(
        self, name: str, kind: SpanKind, attributes: Attributes = _NO_ATTRIBUTES
    ) -> AbstractContextManager[object]:
        """Return a span around a block, child of the one around it. What is raised marks it failed."""
        ...

    def within(
        self, name: str, kind: SpanKind, attributes: Attributes = _NO_ATTRIBUTES
    ) -> AbstractContextManager[object]:
        """Return a span as `span` does, but none where no other is around it.

        For what is done all the time: a worker looks into the store several times a second.
        """
        ...

    def continued(
        self,
        name: str,
        kind: SpanKind,
        parent: str | None,
        attributes: Attributes = _NO_ATTRIBUTES,
        *,
        trace_id: str | None = None,
    ) -> AbstractContextManager[object]:
        """Return a span that goes on from a `traceparent` (W3C) of elsewhere.

        Without one that is well-formed it begins a trace, with this id when one is given.
        """
        ...

    def traceparent(self) -> str | None:
        """Return what lets another process go on from here; None outside of a span, or when off."""
        ...

    def close(self) -> None:
        """Send what is left. May wait for the collector, for some seconds."""
        ...


class NoTracer:
    """Traces nothing."""

    is_on: bool = False
    _nothing: ClassVar[AbstractContextManager[object]] = nullcontext()

    def span(
        self, name: str, kind: SpanKind, attributes: Attributes = _NO_ATTRIBUTES
    ) -> AbstractContextManager[object]:
        return self._nothing

    def within(
        self, name: str, kind: SpanKind, attributes: Attributes = _NO_ATTRIBUTES
    ) -> AbstractContextManager[object]:
        return self._nothing

    def continued(
        self,
        name: str,
        kind: SpanKind,
        parent: str | None,
        attributes: Attributes = _NO_ATTRIBUTES,
        *,
        trace_id: str | None = None,
    ) -> AbstractContextManager[object]:
        return self._nothing

    def traceparent(self) -> str | None:
        return None

    def close(self) -> None:
        pass

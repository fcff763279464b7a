"""Figures of requests, by the published operation: how many, how long, and what was refused."""

from collections.abc import Generator, Iterable
from contextlib import contextmanager
from time import perf_counter

from prometheus_client import Counter, Gauge, Histogram

from api.kit.seeing import Seeing
from api.kit.seeing.tracer import SpanKind, Tracer

OTHER = "other"
"""Stands for every operation that we have not published: its sender chose its name."""
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class RequestMeters:
    """`published`: the names that may become a label."""

    def __init__(self, seeing: Seeing, published: Iterable[str]) -> None:
        self.tracer: Tracer = seeing.tracer
        registry = seeing.registry
        self._published = frozenset(published)
        self._seconds = Histogram(
            "laocai_graphql_seconds",
            "How long an operation over HTTP ran, from its document to its answer.",
            ["operation"],
            buckets=_BUCKETS,
            registry=registry,
        )
        self._errors = Counter(
            "laocai_graphql_errors",
            "What operations answered in `errors`, by its stable code.",
            ["operation", "code"],
            registry=registry,
        )
        self._refused = Counter(
            "laocai_graphql_refused",
            "Requests and subscriptions refused before they ran, by the stable code.",
            ["code"],
            registry=registry,
        )
        self._subscriptions = Gauge(
            "laocai_subscriptions_open", "Subscriptions going on.", ["operation"], registry=registry
        )
        self._connections = Gauge(
            "laocai_websocket_connections_open", "WebSocket connections.", registry=registry
        )
        self._children = {name: self._seconds.labels(name) for name in (OTHER,)}

    def label(self, operation: str | None) -> str:
        return operation if operation and operation in self._published else OTHER

    @contextmanager
    def running(
        self, operation: str | None, traceparent: str | None, trace_id: str
    ) -> Generator[None]:
        """Time an operation, and trace it as part of what its sender traces."""
        name = self.label(operation)
        seconds = self._children.get(name)
        if seconds is None:
            seconds = self._children[name] = self._seconds.labels(name)
        began = perf_counter()
        try:
            if self.tracer.is_on:
                attributes = {"graphql.operation.name": name}
                with self.tracer.continued(
                    f"GraphQL {name}", SpanKind.SERVER, traceparent, attributes, trace_id=trace_id
                ):
                    yield
            else:
                yield
        finally:
            seconds.observe(perf_counter() - began)

    def failed(self, operation: str | None, codes: Iterable[str]) -> None:
        name = self.label(operation)
        for code in codes:
            self._errors.labels(name, code).inc()

    def refused(self, code: str) -> None:
        self._refused.labels(code).inc()

    @contextmanager
    def connected(self) -> Generator[None]:
        with self._connections.track_inprogress():
            yield

    def subscribed(self, operation: str | None, by: int) -> None:
        """Note that a subscription began (1) or ended (-1)."""
        self._subscriptions.labels(self.label(operation)).inc(by)

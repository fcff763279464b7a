"""Spans by OpenTelemetry, sent over OTLP/HTTP: needs the extra `tracing` (pyproject.toml)."""

import secrets
from collections.abc import Generator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.id_generator import IdGenerator
from opentelemetry.sdk.trace.sampling import TraceIdRatioBased
from opentelemetry.trace import Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from typing_extensions import override

from api.kit.seeing.tracer import Attributes, SpanKind

_TRACEPARENT = "traceparent"
_KINDS = {
    SpanKind.SERVER: trace.SpanKind.SERVER,
    SpanKind.INTERNAL: trace.SpanKind.INTERNAL,
    SpanKind.CLIENT: trace.SpanKind.CLIENT,
    SpanKind.CONSUMER: trace.SpanKind.CONSUMER,
}
_wanted_trace_id: ContextVar[int | None] = ContextVar("wanted_trace_id", default=None)
_format = TraceContextTextMapPropagator()
_ROOT = Context()


class OtelTracer:
    """`share` of all traces is kept, decided by the trace id alone.

    So every process decides alike, and a phone cannot have itself traced by saying that it is.
    """

    is_on: bool = True

    def __init__(self, service: str, version: str, processor: SpanProcessor, share: float) -> None:
        # Made by hand: what a host has in its environment may name people or places.
        resource = Resource({"service.name": service, "service.version": version})
        self._provider = TracerProvider(
            sampler=TraceIdRatioBased(share),
            resource=resource,
            id_generator=_Ids(),
            shutdown_on_exit=False,
        )
        self._provider.add_span_processor(processor)
        self._tracer = self._provider.get_tracer("laocai")

    def span(
        self, name: str, kind: SpanKind, attributes: Attributes | None = None
    ) -> AbstractContextManager[object]:
        return self._span(name, kind, attributes or {}, None)

    def within(
        self, name: str, kind: SpanKind, attributes: Attributes | None = None
    ) -> AbstractContextManager[object]:
        if not trace.get_current_span().get_span_context().is_valid:
            return nullcontext()
        return self._span(name, kind, attributes or {}, None)

    @contextmanager
    def continued(
        self,
        name: str,
        kind: SpanKind,
        parent: str | None,
        attributes: Attributes | None = None,
        *,
        trace_id: str | None = None,
    ) -> Generator[object]:
        context = _format.extract({_TRACEPARENT: parent} if parent else {}, _ROOT)
        wanted = _wanted_trace_id.set(int(trace_id, 16) if trace_id else None)
        try:
            with self._span(name, kind, attributes or {}, context) as span:
                yield span
        finally:
            _wanted_trace_id.reset(wanted)

    def traceparent(self) -> str | None:
        carrier: dict[str, str] = {}
        _format.inject(carrier)
        return carrier.get(_TRACEPARENT)

    def close(self) -> None:
        self._provider.shutdown()

    @contextmanager
    def _span(
        self, name: str, kind: SpanKind, attributes: Attributes, context: Context | None
    ) -> Generator[object]:
        with self._tracer.start_as_current_span(
            name,
            context,
            _KINDS[kind],
            attributes=_plain(attributes),
            record_exception=False,  # its words may hold what somebody wrote
            set_status_on_exception=False,
        ) as span:
            try:
                yield span
            except Exception as error:
                span.set_attribute("error.type", type(error).__name__)
                span.set_status(Status(StatusCode.ERROR))
                raise


class _Ids(IdGenerator):
    """Random ids, but for a trace that has its id already: that of the request's log lines."""

    @override
    def generate_span_id(self) -> int:
        return secrets.randbits(64) or 1

    @override
    def generate_trace_id(self) -> int:
        return _wanted_trace_id.get() or secrets.randbits(128) or 1


def _plain(attributes: Attributes) -> Mapping[str, str | int | float | bool]:
    return dict(attributes)


def otlp_tracer(service: str, version: str, url: str, share: float) -> OtelTracer:
    """Return one that sends to an OTLP/HTTP collector in the background.

    When that is away spans are lost, and nothing waits. Raises ImportError without the extra.
    """
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    exporter = OTLPSpanExporter(endpoint=url, timeout=10)
    return OtelTracer(service, version, BatchSpanProcessor(exporter), share)

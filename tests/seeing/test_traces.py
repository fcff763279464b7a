"""From a phone to the store and on to the worker: one trace, and nobody in it."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import httpx
import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from api.context import Services
from api.kit.job_meters import JobMeters
from api.kit.job_runner import JobRunner
from api.kit.jobs import Jobs
from api.kit.seeing import Seeing
from api.kit.seeing.otel_tracer import OtelTracer
from api.kit.seeing.tracer import NoTracer, SpanKind
from api.kit.store import Store
from api.main import create_app
from api.settings import Settings
from api.wiring import services_on
from tests.conftest import MovableClock, document

TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
FROM_A_PHONE = f"00-{TRACE}-{PARENT}-01"


@dataclass(frozen=True, slots=True)
class Traced:
    """The product with a tracer whose spans lie in memory."""

    client: httpx.AsyncClient
    services: Services
    seeing: Seeing
    exporter: InMemorySpanExporter

    def spans(self) -> tuple[ReadableSpan, ...]:
        return self.exporter.get_finished_spans()

    def named(self, name: str) -> ReadableSpan:
        (span,) = (one for one in self.spans() if one.name == name)
        return span


@pytest.fixture
def exporter() -> Iterator[InMemorySpanExporter]:
    kept = InMemorySpanExporter()
    yield kept
    kept.shutdown()


@pytest.fixture
def tracer(exporter: InMemorySpanExporter) -> Iterator[OtelTracer]:
    made = OtelTracer("laocai-test", "1", SimpleSpanProcessor(exporter), share=1.0)
    yield made
    made.close()


@pytest.fixture
async def traced(
    store: Store,
    settings: Settings,
    clock: MovableClock,
    tracer: OtelTracer,
    exporter: InMemorySpanExporter,
) -> AsyncIterator[Traced]:
    seeing = Seeing(tracer=tracer)
    async with services_on(store, settings, clock, seeing) as services:
        app = create_app(settings, seeing=seeing)
        app.state.services = services
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            yield Traced(client, services, seeing, exporter)


def trace_of(span: ReadableSpan) -> int:
    context = span.get_span_context()
    assert context is not None
    return context.trace_id


def id_of(span: ReadableSpan) -> int:
    context = span.get_span_context()
    assert context is not None
    return context.span_id


async def ask(traced: Traced, query: str, **headers: str) -> httpx.Response:
    return await traced.client.post("/graphql", json={"query": query}, headers=headers)


async def test_what_a_phone_traces_goes_on_to_the_store(traced: Traced) -> None:
    answer = await ask(traced, document("alerts/ActiveAlerts"), traceparent=FROM_A_PHONE)

    operation = traced.named("GraphQL ActiveAlerts")
    field = traced.named("activeAlerts")
    assert answer.headers["trace-id"] == TRACE
    assert operation.parent is not None
    assert f"{operation.parent.span_id:016x}" == PARENT
    assert {f"{trace_of(span):032x}" for span in traced.spans()} == {TRACE}
    assert field.parent is not None
    assert field.parent.span_id == id_of(operation)
    in_store = [span for span in traced.spans() if span.name.startswith("store ")]
    assert id_of(field) in {span.parent.span_id for span in in_store if span.parent}


async def test_a_request_without_one_is_found_under_the_id_it_was_told(traced: Traced) -> None:
    answer = await ask(traced, document("alerts/ActiveAlerts"))

    operation = traced.named("GraphQL ActiveAlerts")
    assert operation.parent is None
    assert f"{trace_of(operation):032x}" == answer.headers["trace-id"]


async def test_what_a_worker_looks_at_all_the_time_is_not_traced(traced: Traced) -> None:
    assert await traced.services.jobs.is_any_due(["a.kind"]) is False

    assert traced.spans() == ()


async def test_a_job_goes_on_from_what_asked_for_it(
    traced: Traced, store: Store, clock: MovableClock, tracer: OtelTracer
) -> None:
    async def nothing(_: object) -> None:
        return

    with tracer.span("who asks", SpanKind.SERVER):
        await Jobs(traced.services.store, clock, tracer).enqueue("a.kind", {})
    runner = JobRunner(store, clock, {"a.kind": nothing}, meters=traced.seeing.once(JobMeters))

    assert await runner.run_due() == 1

    asking, job = traced.named("who asks"), traced.named("job a.kind")
    assert trace_of(job) == trace_of(asking)
    assert job.parent is not None
    assert job.parent.span_id == id_of(asking)


async def test_nothing_that_a_person_wrote_is_in_a_span(traced: Traced) -> None:
    address = "nobody-at-all@example.vn"
    query = """mutation RequestCode($input: RequestCodeInput!) {
      requestCode(input: $input) { __typename } }"""
    variables = {"input": {"address": address, "idempotencyKey": "0123456789abcdef"}}

    answer = await traced.client.post("/graphql", json={"query": query, "variables": variables})
    await ask(traced, "query Nguyen_Van_A { __typename }", authorization="Bearer a-token-of-mine")

    assert answer.json()["data"]["requestCode"]["__typename"] == "RequestCodeSuccess"
    told = "".join(span.to_json() for span in traced.spans())
    assert "GraphQL RequestCode" in told
    assert all(
        word not in told for word in (address, "example.vn", "Nguyen", "a-token", "0123456789")
    )


async def test_what_fails_is_marked_without_its_words(traced: Traced, tracer: OtelTracer) -> None:
    with pytest.raises(ValueError, match="0912"), tracer.span("fails", SpanKind.INTERNAL):
        raise ValueError("0912345678 is no number")

    span = traced.named("fails")
    assert span.status.status_code.name == "ERROR"
    assert span.attributes is not None
    assert span.attributes["error.type"] == "ValueError"
    assert "0912345678" not in span.to_json()


@pytest.mark.parametrize(
    "parent",
    ["", "00-zz-1-01", f"00-{'0' * 32}-{PARENT}-01", "x" * 10_000, f"ff-{TRACE}-{PARENT}-01"],
)
async def test_a_parent_that_is_none_begins_a_trace(traced: Traced, parent: str) -> None:
    answer = await ask(traced, document("alerts/ActiveAlerts"), traceparent=parent)

    operation = traced.named("GraphQL ActiveAlerts")
    assert answer.status_code == 200
    assert operation.parent is None
    assert f"{trace_of(operation):032x}" == answer.headers["trace-id"]


def test_a_phone_cannot_have_itself_traced(exporter: InMemorySpanExporter) -> None:
    none = OtelTracer("laocai-test", "1", SimpleSpanProcessor(exporter), share=0.0)

    with none.continued("GraphQL X", SpanKind.SERVER, FROM_A_PHONE):
        pass

    assert exporter.get_finished_spans() == ()


async def test_off_as_it_is_by_default_nothing_is_traced_or_kept_with_a_job(
    services: Services, store: Store
) -> None:
    await services.jobs.enqueue("a.kind", {}, id="a-job")

    from api.kit.jobs import JOBS

    kept = await store[JOBS].get("a-job")
    assert isinstance(services.seeing.tracer, NoTracer)
    assert kept is not None
    assert "trace" not in kept

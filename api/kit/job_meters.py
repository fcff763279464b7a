"""Figures and spans of the jobs that this process runs. Kinds are names of ours."""

from collections.abc import Awaitable, Callable
from time import perf_counter

from prometheus_client import Counter, Histogram

from api.kit.jobs import LeasedJob
from api.kit.seeing import Seeing
from api.kit.seeing.tracer import SpanKind

_BUCKETS = (0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0)


class JobMeters:
    """Made once a process, for all runners."""

    def __init__(self, seeing: Seeing) -> None:
        self._tracer = seeing.tracer
        self._seconds = Histogram(
            "laocai_job_seconds",
            "How long a job ran, whatever came of it.",
            ["kind"],
            buckets=_BUCKETS,
            registry=seeing.registry,
        )
        self._ended = Counter(
            "laocai_jobs",
            "Runs of jobs: done, failed (to be tried again) or parked (given up).",
            ["kind", "result"],
            registry=seeing.registry,
        )

    async def run(self, job: LeasedJob, work: Callable[[], Awaitable[None]]) -> None:
        """Time the work, and trace it as part of what asked for it."""
        began = perf_counter()
        attributes = {"laocai.job.attempt": job.attempt}
        try:
            with self._tracer.continued(
                f"job {job.kind}", SpanKind.CONSUMER, job.trace, attributes
            ):
                await work()
        finally:
            self._seconds.labels(job.kind).observe(perf_counter() - began)

    def ended(self, job: LeasedJob, result: str) -> None:
        self._ended.labels(job.kind, result).inc()

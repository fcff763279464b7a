"""What this process lets be seen of itself, as the settings say."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager

from api.kit.seeing import Seeing
from api.kit.seeing.disk import watch_the_disk
from api.kit.seeing.door import metrics_door
from api.kit.seeing.loop_lag import watching_the_loop
from api.kit.seeing.registry import version_of_product
from api.settings import Settings


def seeing_of(settings: Settings, process: str) -> Seeing:
    """Return it for the process `process`, such as `worker`.

    Raises SystemExit when traces are asked for and what makes them is not installed.
    """
    if settings.traces_url is None:
        return Seeing()
    try:
        from api.kit.seeing.otel_tracer import otlp_tracer

        tracer = otlp_tracer(
            f"laocai-{process}", version_of_product(), settings.traces_url, settings.traces_share
        )
    except ImportError as error:
        raise SystemExit(
            "LAOCAI_TRACES_URL needs OpenTelemetry: uv pip install 'laocai[tracing]'"
        ) from error
    return Seeing(tracer=tracer)


@asynccontextmanager
async def seen_outside(
    settings: Settings, seeing: Seeing, port: int | None
) -> AsyncGenerator[None]:
    """Tell figures on `port` while the block lasts, and send the traces that are left at its end.

    Raises OSError when the port is taken.
    """
    async with AsyncExitStack() as opened:
        opened.callback(seeing.tracer.close)
        if port is not None:
            watch_the_disk(settings.data_folder, seeing.registry)
            await opened.enter_async_context(watching_the_loop(seeing.registry))
            opened.enter_context(metrics_door(settings.metrics_host, port, seeing.registry))
        yield

"""What this process lets be seen of itself, as the settings say."""

from api.kit.seeing import Seeing
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

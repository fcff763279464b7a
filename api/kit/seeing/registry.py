"""A registry with what every process tells: memory, processor, files, collector, and its version."""

from functools import cache
from importlib.metadata import PackageNotFoundError, version

from prometheus_client import (
    CollectorRegistry,
    GCCollector,
    Info,
    ProcessCollector,
    disable_created_metrics,
)

# Else each counter and histogram is told twice as long, with when it began, which nobody asks for.
disable_created_metrics()  # type: ignore[no-untyped-call]


def new_registry() -> CollectorRegistry:
    registry = CollectorRegistry(auto_describe=True)
    ProcessCollector(registry=registry)
    GCCollector(registry=registry)
    build = Info("laocai_build", "What is running.", registry=registry)
    build.info({"version": version_of_product()})
    return registry


@cache
def version_of_product() -> str:
    """Return the version of the installed package; `unknown` for a checkout that is not installed."""
    try:
        return version("laocai")
    except PackageNotFoundError:
        return "unknown"

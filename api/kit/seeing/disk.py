"""How much room is left where the process keeps its files, asked of the system when it is scraped."""

import shutil
from pathlib import Path

from prometheus_client import CollectorRegistry, Gauge


def watch_the_disk(folder: Path, registry: CollectorRegistry) -> None:
    """Tell it of the file system under `folder`; a folder that is not there yet has -1."""
    free = Gauge(
        "laocai_data_free_bytes",
        "Room left on the file system of the data folder.",
        registry=registry,
    )
    size = Gauge(
        "laocai_data_size_bytes",
        "Size of the file system of the data folder.",
        registry=registry,
    )
    free.set_function(lambda: _usage(folder)[0])
    size.set_function(lambda: _usage(folder)[1])


def _usage(folder: Path) -> tuple[float, float]:
    try:
        usage = shutil.disk_usage(folder)
    except OSError:
        return -1.0, -1.0
    return float(usage.free), float(usage.total)

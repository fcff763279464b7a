"""One process of the product, forked with its imports made: `api` or `worker`, settings from the environment.

A machine that is busy with many of them is no Redis that is away.
"""

import sys

from api.main import serve
from api.settings import Settings
from api.worker import run

REDIS_SECONDS = 60.0


def wait_longer_for_redis() -> None:
    """Import it only where it is needed: that takes a while."""
    from api.kit import redis_windows

    setattr(redis_windows, "REDIS_SECONDS", REDIS_SECONDS)  # noqa: B010 - it is final in the product


if __name__ == "__main__":
    settings = Settings()
    if settings.limits_url:
        wait_longer_for_redis()
    {"api": serve, "worker": run}[sys.argv[1]](settings)

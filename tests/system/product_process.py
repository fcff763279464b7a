"""One process of the product, forked with its imports made: `api` or `worker`, settings from the environment."""

import sys

from api.main import serve
from api.settings import Settings
from api.worker import run

if __name__ == "__main__":
    {"api": serve, "worker": run}[sys.argv[1]](Settings())

"""Settings alone choose the engine."""

import subprocess
import sys
from pathlib import Path

from api.kit.store.mongo import MongoStore
from api.kit.store.opening import store_for
from api.kit.store.sqlite import SqliteStore
from tests.store.conftest import ROOT


def test_without_a_url_the_store_is_embedded(tmp_path: Path) -> None:
    store = store_for(None, "laocai", "motor", tmp_path / "laocai.db")

    assert isinstance(store, SqliteStore)


def test_with_a_url_the_store_is_mongodb(tmp_path: Path) -> None:
    store = store_for("mongodb://127.0.0.1", "laocai", "pymongo", tmp_path / "laocai.db")

    assert isinstance(store, MongoStore)


def test_the_embedded_store_loads_no_driver() -> None:
    program = (
        "import sys; from api.kit.store.opening import store_for;"
        " sys.exit(bool({'motor', 'pymongo', 'bson'} & sys.modules.keys()))"
    )

    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0

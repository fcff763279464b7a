"""GET /metrics: on a port of its own, only there, and also while the event loop hangs."""

import asyncio
import socket
import time
from http.client import HTTPConnection
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import ValidationError

from api.kit.seeing import Seeing
from api.kit.seeing.door import metrics_door
from api.main import create_app
from api.settings import Settings
from tests.seeing.conftest import Seen, Told


def asked(port: int, path: str) -> tuple[int, str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def test_both_processes_tell_what_every_process_tells(told: Told) -> None:
    for text in told.texts:
        families = {family.name: family for family in text_string_to_metric_families(text)}

        assert families["process_resident_memory_bytes"].samples[0].value > 0
        assert families["laocai_loop_lag_seconds"].type == "histogram"
        assert families["laocai_data_free_bytes"].samples[0].value > 0
        (build,) = families["laocai_build_info"].samples
        assert build.labels["version"]


def test_the_live_state_is_told_by_the_worker_alone(told: Told) -> None:
    api, worker = told.texts

    assert "laocai_outbox_depth" in worker
    assert "laocai_outbox_depth" not in api
    assert "laocai_graphql_seconds" in api
    assert "laocai_graphql_seconds" not in worker


async def test_the_public_port_tells_no_figures(seen: Seen) -> None:
    answer = await seen.client.get("/metrics")

    assert answer.status_code == 404
    assert "laocai_" not in answer.text


def test_nothing_but_metrics_is_answered_and_nothing_but_get() -> None:
    with metrics_door("127.0.0.1", 0, Seeing().registry) as port:
        assert asked(port, "/metrics")[0] == 200
        assert asked(port, "/metrics?name[]=up")[0] == 200
        assert asked(port, "/")[0] == 404
        assert asked(port, "/metrics/../settings")[0] == 404
        assert httpx.post(f"http://127.0.0.1:{port}/metrics", trust_env=False).status_code == 501


def test_who_says_nothing_keeps_nobody_waiting() -> None:
    with (
        metrics_door("127.0.0.1", 0, Seeing().registry) as port,
        socket.create_connection(("127.0.0.1", port)),
    ):
        status, _ = asked(port, "/metrics")

    assert status == 200


async def test_it_answers_while_the_event_loop_is_blocked() -> None:
    with metrics_door("127.0.0.1", 0, Seeing().registry) as port:
        asking = asyncio.create_task(asyncio.to_thread(asked, port, "/metrics"))
        await asyncio.sleep(0)
        ends = time.monotonic() + 60
        # Nothing of the loop runs in here: only the thread that asks, and the one that answers.
        answered: list[tuple[int, str]] = []
        while not answered and time.monotonic() < ends:
            answered = [asked(port, "/metrics")]

        assert answered[0][0] == 200
        assert (await asking)[0] == 200


def test_a_port_that_is_taken_stops_the_start() -> None:
    with (
        metrics_door("127.0.0.1", 0, Seeing().registry) as port,
        pytest.raises(OSError, match="in use"),
        metrics_door("127.0.0.1", port, Seeing().registry),
    ):
        pass


async def test_an_app_whose_port_is_taken_does_not_start(settings: Settings) -> None:
    with metrics_door("127.0.0.1", 0, Seeing().registry) as port:
        app = create_app(settings.model_copy(update={"metrics_port": port}))

        with pytest.raises(OSError, match="in use"):
            async with app.router.lifespan_context(app):
                pass


def test_without_a_setting_no_process_tells_anything() -> None:
    settings = Settings(_env_file=None)  # type: ignore[call-arg]

    assert settings.metrics_port is None
    assert settings.worker_metrics_port is None
    assert settings.metrics_host == "127.0.0.1"
    assert settings.traces_url is None


@pytest.mark.parametrize("port", [0, -1, 65_536])
def test_a_port_that_is_none_is_refused(port: int, tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="metrics_port"):
        Settings(metrics_port=port, data_folder=tmp_path, _env_file=None)  # type: ignore[call-arg]

"""What was accepted survives kill -9 of every process, at the worst moments we can choose."""

import re
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.system.running_product import ROOT, RunningProduct, running_product, wait_until

SAMPLE = ROOT / "api" / "alerts" / "samples" / "sa_pa_flash_flood.cap.xml"


@pytest.fixture
def product(tmp_path: Path) -> Iterator[RunningProduct]:
    with running_product(tmp_path) as running:
        yield running


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningProduct]:
    """The product for tests that leave it running."""
    with running_product(tmp_path_factory.mktemp("standing")) as running:
        yield running


def warning_of_now() -> bytes:
    now = datetime.now(UTC).replace(microsecond=0)
    text = SAMPLE.read_text(encoding="utf-8")
    for element, value in (
        ("identifier", uuid.uuid4().hex),
        ("sent", now.isoformat()),
        ("effective", now.isoformat()),
        ("onset", now.isoformat()),
        ("expires", (now + timedelta(hours=1)).isoformat()),
    ):
        text = re.sub(rf"<{element}>.*?</{element}>", f"<{element}>{value}</{element}>", text)
    return text.encode()


def phone_in_sa_pa(product: RunningProduct) -> str:
    registration = {
        "idempotencyKey": uuid.uuid4().hex,
        "registration": f"{uuid.uuid4().hex}{uuid.uuid4().hex}",
        "platform": "ANDROID",
        "language": "ko",
        "position": {"position": {"latitude": 22.3364, "longitude": 103.8438}, "consent": True},
    }
    answer = product.send("accounts/RegisterDevice", {"input": registration})["registerDevice"]
    device_id: str = answer["device"]["id"]
    return device_id


def post(product: RunningProduct, message: bytes) -> None:
    made = product.command("alerts", "agency", "add", "Test", "--sender", "demo@laocai.example")
    reply = product.client.post(
        "/cap/v1/alerts",
        content=message,
        headers={
            "authorization": f"Bearer {made.stdout.split()[-1]}",
            "content-type": "application/cap+xml",
        },
    )
    assert reply.status_code == 201, reply.text


def received(product: RunningProduct, device: str) -> list[dict[str, Any]]:
    reply = product.client.get("/dev/recorder.json", params={"device": device})
    found: list[dict[str, Any]] = reply.json()["recordings"]
    return found


def test_a_warning_accepted_before_everything_is_killed_arrives_once_after_the_next_start(
    product: RunningProduct,
) -> None:
    device = phone_in_sa_pa(product)

    post(product, warning_of_now())
    product.kill()
    product.start()

    wait_until(lambda: len(received(product, device)) > 0)
    assert [push["language"] for push in received(product, device)] == ["ko"]
    assert product.stop() == 0


def test_killed_processes_come_back_by_themselves_and_carry_on(standing: RunningProduct) -> None:
    device = phone_in_sa_pa(standing)
    post(standing, warning_of_now())

    standing.kill_children()

    wait_until(lambda: standing.answers() and len(received(standing, device)) == 1)


def test_a_second_run_on_the_same_port_is_refused_and_the_first_goes_on(
    standing: RunningProduct,
) -> None:
    second = standing.command("run")

    assert second.returncode == 1
    assert "already" in second.stdout
    assert standing.answers()


def test_a_broken_message_is_refused_by_the_command_with_its_reason(
    standing: RunningProduct, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.cap"
    broken.write_bytes(warning_of_now().replace(b"<severity>Extreme", b"<severity>Terrible"))
    before = standing.send("alerts/ActiveAlerts", {})

    refused = standing.command("alerts", "import", str(broken))

    assert refused.returncode == 1
    assert "severity" in refused.stderr
    assert standing.send("alerts/ActiveAlerts", {}) == before

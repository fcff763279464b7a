"""What tests of pushes, SMS and e-mail may ask for besides."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from api.kit.sealing import KeyFile, Sealer
from api.kit.store import Store
from notifications.senders.fcm import FcmSender
from notifications.texts import Texts
from tests.conftest import MovableClock
from tests.notifications.fake_fcm import FakeFcm
from tests.notifications.fcm_sending import sender_to


@pytest.fixture
def sealer(tmp_path: Path) -> Sealer:
    return Sealer(KeyFile(tmp_path / "keys.json"))


@pytest.fixture
def texts(store: Store, sealer: Sealer, clock: MovableClock) -> Texts:
    return Texts(store, sealer, clock)


@pytest.fixture
def aws_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Credentials as boto3 finds them, and nothing else of this machine."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIATEST")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "no-config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "no-credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
async def fcm(tmp_path: Path) -> AsyncGenerator[FakeFcm]:
    async with FakeFcm().serving(tmp_path) as fake:
        yield fake


@pytest.fixture
async def sender(fcm: FakeFcm, tmp_path: Path, clock: MovableClock) -> AsyncGenerator[FcmSender]:
    built = sender_to(fcm, tmp_path, clock)
    yield built
    await built.close()

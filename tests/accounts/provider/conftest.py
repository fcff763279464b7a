from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from api.settings import Settings
from tests.accounts.local_issuer import (
    CLIENT_ID,
    CLIENT_SECRET,
    REDIRECT,
    LocalIssuer,
    running_issuer,
)
from tests.conftest import ROOT, MovableClock


@pytest.fixture
async def issuer(clock: MovableClock) -> AsyncIterator[LocalIssuer]:
    async with running_issuer(clock) as running:
        yield running


@pytest.fixture
def settings(tmp_path: Path, issuer: LocalIssuer) -> Settings:
    return Settings(
        data_folder=tmp_path,
        contract_folder=ROOT / "graphql",
        oidc_issuer=issuer.url,
        oidc_client_id=CLIENT_ID,
        oidc_client_secret=SecretStr(CLIENT_SECRET),
        oidc_redirect_uris=[REDIRECT],
        _env_file=None,  # type: ignore[call-arg] # pydantic-settings takes it, its stub does not say so
    )

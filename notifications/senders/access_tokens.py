"""OAuth access tokens of the Firebase project, from firebase-admin's app and its credential."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import firebase_admin  # pyright: ignore[reportMissingTypeStubs]
import google.auth.exceptions
from firebase_admin import credentials  # pyright: ignore[reportMissingTypeStubs]

from api.kit.clock import Clock
from api.kit.ids import new_id

RENEWED_BEFORE_END = timedelta(minutes=5)
FETCH_SECONDS_AT_MOST = 20.0
FAILURE_REMEMBERED_FOR = timedelta(seconds=2)

_firebase: Any = firebase_admin  # it has no types


class AccessTokenUnavailable(Exception):
    """The token endpoint gave none in time."""


class AccessTokens:
    """One valid token at any time, fetched once however many ask."""

    def __init__(self, credentials_file: Path, clock: Clock) -> None:
        """Read the service account. Raises OSError or ValueError when the file is not one."""
        self._app = _firebase.initialize_app(
            credentials.Certificate(str(credentials_file)), name=new_id()
        )
        self._clock = clock
        self._fetching = asyncio.Lock()
        self._token = ""
        self._renew_at = datetime.min.replace(tzinfo=UTC)
        self._failing_until = self._renew_at

    @property
    def project_id(self) -> str:
        return str(self._app.project_id)

    def current(self) -> str | None:
        """Return the token that is there, if it is good for some minutes."""
        return self._token if self._clock() < self._renew_at else None

    async def get(self) -> str:
        """Return a token that is good for some minutes. Raises AccessTokenUnavailable."""
        async with self._fetching:
            if self._clock() < self._failing_until:
                raise AccessTokenUnavailable
            if self._clock() >= self._renew_at:
                await self._fetch()
            return self._token

    def discard(self, token: str) -> None:
        """Forget `token`, which was refused."""
        if token == self._token:
            self._renew_at = self._clock()

    def close(self) -> None:
        _firebase.delete_app(self._app)

    async def _fetch(self) -> None:
        try:
            fetched = await asyncio.wait_for(
                asyncio.to_thread(self._app.credential.get_access_token), FETCH_SECONDS_AT_MOST
            )
        except (google.auth.exceptions.GoogleAuthError, TimeoutError) as error:
            self._failing_until = self._clock() + FAILURE_REMEMBERED_FOR
            raise AccessTokenUnavailable from error
        self._token = str(fetched.access_token)
        expires_at: datetime = fetched.expiry.replace(tzinfo=UTC)
        self._renew_at = expires_at - RENEWED_BEFORE_END

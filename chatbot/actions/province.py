"""The province's GraphQL API, as any phone uses it: published documents over HTTP."""

from __future__ import annotations

import asyncio
import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import aiohttp
import structlog

import kept_connections
from dialogue.province import ProvinceUnreachable, SignInNeeded

OPERATIONS = Path(__file__).resolve().parents[2] / "graphql" / "operations"
_TIMEOUT = aiohttp.ClientTimeout(total=float(os.environ.get("LAOCAI_BOT_API_TIMEOUT_SECONDS", "4")))
_log = structlog.get_logger()


@cache
def _document(operation: str) -> str:
    return (OPERATIONS / f"{operation}.graphql").read_text(encoding="utf-8")


class ApiProvince:
    """The API, asked under the ticket of the message that is being answered.

    What it has told for this message it is not asked again, until something is done there.
    """

    def __init__(self, ticket: str | None) -> None:
        self._authorization = {"Authorization": f"Bearer {ticket}"} if ticket else {}
        self._told: dict[str, dict[str, Any]] = {}

    async def ask(
        self, operation: str, variables: dict[str, Any], *, language: str
    ) -> dict[str, Any]:
        """Send the document `operation` ("tourism/Places") and return its `data`.

        Raises SignInNeeded; and ProvinceUnreachable on a time-out, a refused connection, and any other answer
        with errors.
        """
        if not _document(operation).startswith("query"):
            self._told.clear()
            return await self._asked(operation, variables, language)
        question = json.dumps([operation, variables, language])
        if question not in self._told:
            self._told[question] = await self._asked(operation, variables, language)
        return self._told[question]

    async def _asked(
        self, operation: str, variables: dict[str, Any], language: str
    ) -> dict[str, Any]:
        headers = {"Accept-Language": language, **self._authorization}
        body = {"query": _document(operation), "variables": variables}
        try:
            async with kept_connections.session().post(
                f"{os.environ['LAOCAI_API_URL']}/graphql",
                json=body,
                headers=headers,
                timeout=_TIMEOUT,
            ) as response:
                answer, status = await response.json(), response.status
        except (aiohttp.ClientError, asyncio.TimeoutError, ValueError) as error:
            _log.warning("api unreachable", operation=operation, reason=type(error).__name__)
            raise ProvinceUnreachable from error
        return _data(answer, status, operation)


def _data(answer: dict[str, Any], status: int, operation: str) -> dict[str, Any]:
    codes = {(error.get("extensions") or {}).get("code") for error in answer.get("errors") or []}
    if "NOT_SIGNED_IN" in codes:
        raise SignInNeeded
    if status != 200 or codes or not answer.get("data"):
        _log.warning("api answered with errors", operation=operation, status=status)
        raise ProvinceUnreachable
    return answer["data"]

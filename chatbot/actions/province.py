"""The province's GraphQL API, as any phone uses it: published documents over HTTP."""

from __future__ import annotations

import asyncio
import os
from functools import cache
from pathlib import Path
from typing import Any

import aiohttp
import structlog

OPERATIONS = Path(__file__).resolve().parents[2] / "graphql" / "operations"
_TIMEOUT = aiohttp.ClientTimeout(total=3)
_log = structlog.get_logger()


class ProvinceUnreachable(Exception):
    """The API did not answer in time, or not with data."""


@cache
def _document(operation: str) -> str:
    return (OPERATIONS / f"{operation}.graphql").read_text(encoding="utf-8")


async def ask(
    operation: str, variables: dict[str, Any], *, language: str, ticket: str | None
) -> dict[str, Any]:
    """Send the document `operation` ("tourism/Places") and return its `data`.

    Raises ProvinceUnreachable on a time-out, a refused connection, and any answer with errors.
    """
    headers = {"Accept-Language": language}
    if ticket:
        headers["Authorization"] = f"Bearer {ticket}"
    body = {"query": _document(operation), "variables": variables}
    try:
        async with (
            aiohttp.ClientSession(timeout=_TIMEOUT, headers=headers) as session,
            session.post(f"{os.environ['LAOCAI_API_URL']}/graphql", json=body) as response,
        ):
            answer = await response.json()
            status = response.status
    except (aiohttp.ClientError, asyncio.TimeoutError, ValueError) as error:
        _log.warning("api unreachable", operation=operation, reason=type(error).__name__)
        raise ProvinceUnreachable from error
    if status != 200 or answer.get("errors") or not answer.get("data"):
        _log.warning("api answered with errors", operation=operation, status=status)
        raise ProvinceUnreachable
    return answer["data"]


def nodes(connection: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the nodes of a Relay connection."""
    return [edge["node"] for edge in connection["edges"]]

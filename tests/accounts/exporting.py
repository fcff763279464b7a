"""Copies of a person's data, asked for, made and fetched, as tests need them."""

import json
import zipfile
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import httpx

from api.context import Services
from api.kit.clock import Clock
from api.kit.job_runner import JobRunner
from api.worker import handlers_of
from tests.accounts.people import Answer, SignedInPerson, call
from tests.conftest import send


async def run_jobs(services: Services, clock: Clock) -> int:
    """Do what the worker would do now; return how many jobs ran."""
    return await JobRunner(services.store, clock, handlers_of(services)).run_due()


async def ask(
    client: httpx.AsyncClient, person: SignedInPerson | None, *, language: str = "en"
) -> Answer:
    """Ask for a copy and return the result."""
    return await call(client, "ExportMyData", None, person, language=language)


async def look(
    client: httpx.AsyncClient, person: SignedInPerson | None, export_id: str
) -> Answer | None:
    headers = person.headers if person else None
    data = await send(client, "accounts/DataExport", {"id": export_id}, headers=headers)
    found: Answer | None = data["dataExport"]
    return found


async def a_ready_export(
    client: httpx.AsyncClient,
    services: Services,
    person: SignedInPerson,
    clock: Clock,
    *,
    language: str = "en",
) -> Answer:
    """Ask, let the worker make it, and return it as the app sees it."""
    export_id = (await ask(client, person, language=language))["export"]["id"]
    await run_jobs(services, clock)
    export = await look(client, person, export_id)
    assert export is not None
    assert export["state"] == "READY", export
    return export


async def fetch(client: httpx.AsyncClient, url: str, *, language: str = "en") -> httpx.Response:
    """Follow a link of ours."""
    parts = urlsplit(url)
    return await client.get(f"{parts.path}?{parts.query}", headers={"accept-language": language})


def files_in(archive: bytes) -> dict[str, str]:
    """Return the text of every file of a ZIP that is whole."""
    with zipfile.ZipFile(BytesIO(archive)) as opened:
        assert opened.testzip() is None
        return {name: opened.read(name).decode("utf-8-sig") for name in opened.namelist()}


async def exported(
    client: httpx.AsyncClient, services: Services, person: SignedInPerson, clock: Clock
) -> dict[str, Any]:
    """Return what a person's copy says, by the names of its files."""
    export = await a_ready_export(client, services, person, clock)
    files = files_in((await fetch(client, export["downloadUrl"])).content)
    return {
        name.removesuffix(".json"): json.loads(text)
        for name, text in files.items()
        if name.endswith(".json")
    }

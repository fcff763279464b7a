"""What is published of reports, fetched as anybody would."""

import csv
import io
from typing import Any

import httpx

MAP = "/v1/feedback/reports.geojson"
TABLE = "/v1/feedback/reports-2026-05.csv"
Row = dict[str, str]


async def features(client: httpx.AsyncClient, **asked: str) -> list[dict[str, Any]]:
    reply = await client.get(MAP, params=asked)
    assert (reply.status_code, reply.headers["content-type"]) == (200, "application/geo+json")
    found = reply.json()
    assert found.keys() == {"type", "features"}
    assert found["type"] == "FeatureCollection"
    return list(found["features"])


async def table(client: httpx.AsyncClient, path: str = TABLE) -> list[Row]:
    reply = await client.get(path)
    assert reply.status_code == 200, reply.text
    return list(csv.DictReader(io.StringIO(reply.text, newline="")))


async def refused(client: httpx.AsyncClient, path: str) -> tuple[int, str]:
    reply = await client.get(path)
    assert reply.headers["content-type"] == "application/problem+json"
    return reply.status_code, reply.json()["code"]

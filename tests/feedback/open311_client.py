"""A client of GeoReport v2, made from the specification alone: it knows an address, and nothing of our code.

Answers are checked against the schemas beside it (open311.xsd, and open311_json.py), then read into plain
mappings, so that what is told in XML can be compared with what is told in JSON.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from lxml import etree

from tests.feedback.open311_json import SHAPES, check_shape

SCHEMA = etree.XMLSchema(etree.parse(Path(__file__).with_name("open311.xsd")))
MEDIA_TYPES = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}
Row = dict[str, Any]


class GeoReportRefusal(Exception):
    """What a server answered in place of what was asked."""

    def __init__(self, status: int, errors: list[Row]) -> None:
        super().__init__(status, errors)
        self.status = status
        self.errors = errors


@dataclass(frozen=True, slots=True)
class GeoReportClient:
    """`form`: xml or json. `api_key`: sent with what is posted."""

    http: httpx.AsyncClient
    base: str
    form: str
    api_key: str | None = None
    language: str = "en"

    async def discovery(self) -> Row:
        found: Row = await self._get("discovery", {})
        return found

    async def services(self, **asked: str) -> list[Row]:
        return await self._list("services", asked)

    async def definition(self, code: str) -> Row:
        found: Row = await self._get(f"services/{code}", {})
        return found

    async def requests(self, **asked: str) -> list[Row]:
        return await self._list("requests", asked)

    async def request(self, request_id: str, **asked: str) -> Row:
        (row,) = await self._list(f"requests/{request_id}", asked)
        return row

    async def token(self, token: str) -> Row:
        (row,) = await self._list(f"tokens/{token}", {})
        return row

    async def updates(self, **asked: str) -> list[Row]:
        return await self._list("servicerequestupdates", asked)

    async def post_request(self, fields: Mapping[str, str], **attributes: str) -> Row:
        """Send `fields`, and `attributes` by their codes."""
        given = {f"attribute[{code}]": value for code, value in attributes.items()}
        (row,) = await self._post("requests", {**fields, **given})
        return row

    async def post_update(self, **fields: str) -> Row:
        (row,) = await self._post("servicerequestupdates", fields)
        return row

    async def _list(self, resource: str, asked: dict[str, str]) -> list[Row]:
        rows: list[Row] = await self._get(resource, asked)
        return rows

    async def _get(self, resource: str, asked: dict[str, str]) -> Any:  # noqa: ANN401
        reply = await self.http.get(
            f"{self.base}/{resource}.{self.form}",
            params=asked,
            headers={"accept-language": self.language},
        )
        return self._read(reply)

    async def _post(self, resource: str, fields: dict[str, str]) -> list[Row]:
        key = {"api_key": self.api_key} if self.api_key else {}
        reply = await self.http.post(
            f"{self.base}/{resource}.{self.form}",
            data={**key, **fields},
            headers={"accept-language": self.language},
        )
        rows: list[Row] = self._read(reply)
        return rows

    def _read(self, reply: httpx.Response) -> Any:  # noqa: ANN401
        assert reply.headers["content-type"] == MEDIA_TYPES[self.form], reply.headers
        read = _xml(reply.content) if self.form == "xml" else _json(reply)
        if reply.status_code != 200:
            raise GeoReportRefusal(reply.status_code, read)
        return read


def _json(reply: httpx.Response) -> Any:  # noqa: ANN401
    read = reply.json()
    check_shape(read, SHAPES)
    return read


_LISTS = {
    "services": "service",
    "service_requests": "request",
    "service_request_updates": "request_update",
    "attributes": "attribute",
    "values": "value",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
}
_NUMBERS = {"lat": float, "long": float, "order": int}


def _xml(document: bytes) -> Any:  # noqa: ANN401
    assert document.startswith(b'<?xml version="1.0" encoding="utf-8"?>'), document[:60]
    tree = etree.fromstring(document)
    SCHEMA.assertValid(tree)
    return _node(tree)


def _node(element: Any) -> Any:  # noqa: ANN401 - lxml's elements have no public type
    name = element.tag
    if name in _LISTS:
        return [_node(one) for one in element.iterchildren(_LISTS[name])]
    if len(element):
        return {one.tag: _node(one) for one in element.iterchildren()}
    text = element.text
    if text in ("true", "false"):
        return text == "true"
    is_status = name == "code" and element.getparent().tag == "error"
    if text and (name in _NUMBERS or is_status):
        return _NUMBERS.get(name, int)(text)
    return text

"""A GraphQL request as it comes in JSON: its shape and size checked before anything is done for it."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

import orjson

from api.kit.request_refusals import (
    BatchRefused,
    InvalidJson,
    MemberNotObject,
    MemberNotText,
    NulCharacter,
    RequestNotObject,
    VariablesTooDeep,
    VariablesTooLarge,
)

LEVELS_AT_MOST = 16
VALUES_AT_MOST = 5_000
Container = dict[str, Any] | list[Any]


@dataclass(frozen=True, slots=True)
class GraphQLRequest:
    """`document_id`: the SHA-256 of a published document, in hexadecimal, when one was sent."""

    query: str | None
    variables: dict[str, Any] | None
    operation_name: str | None
    document_id: str | None


def parsed_json(body: bytes | str) -> Any:  # noqa: ANN401 - JSON
    """Return what `body` holds. Raises InvalidJson, also for NaN, lone surrogates and endless nesting."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise InvalidJson from error


def request_of(members: Any) -> GraphQLRequest:  # noqa: ANN401 - JSON
    """Return the request that parsed JSON holds, or raise the RequestRefused that says what is wrong."""
    if isinstance(members, list):
        raise BatchRefused
    if not isinstance(members, dict):
        raise RequestNotObject
    given = cast("dict[str, Any]", members)
    variables = _object(given, "variables")
    check_variables(variables)
    return GraphQLRequest(
        query=_text(given, "query"),
        variables=variables,
        operation_name=_text(given, "operationName") or None,
        document_id=_document_id(given),
    )


def document_id(text: str) -> str:
    """Return the identifier under which apps may send a published document instead of its text."""
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()


def check_variables(variables: Mapping[str, Any] | None) -> None:
    """Raise VariablesTooDeep, VariablesTooLarge or NulCharacter; walks no further than those allow."""
    level: list[Container] = [dict(variables)] if variables else []
    values = 0
    for _ in range(LEVELS_AT_MOST + 1):
        if not level:
            return
        inside = [value for container in level for value in _values(container)]
        values += len(inside)
        if values > VALUES_AT_MOST:
            raise VariablesTooLarge(most=VALUES_AT_MOST)
        if any("\0" in value for value in inside if isinstance(value, str)):
            raise NulCharacter
        level = [cast("Container", value) for value in inside if isinstance(value, dict | list)]
    raise VariablesTooDeep(most=LEVELS_AT_MOST)


def _values(container: Container) -> Iterable[Any]:
    return container.values() if isinstance(container, dict) else container


def _document_id(members: dict[str, Any]) -> str | None:
    extensions = _object(members, "extensions") or {}
    persisted = _object(extensions, "persistedQuery") or {}
    found = _text(members, "documentId") or _text(persisted, "sha256Hash")
    return found.removeprefix("sha256:").lower() if found else None


def _text(members: dict[str, Any], name: str) -> str | None:
    value = members.get(name)
    if value is not None and not isinstance(value, str):
        raise MemberNotText(member=name)
    return value


def _object(members: dict[str, Any], name: str) -> dict[str, Any] | None:
    value = members.get(name)
    if value is not None and not isinstance(value, dict):
        raise MemberNotObject(member=name)
    return cast("dict[str, Any] | None", value)

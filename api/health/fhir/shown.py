"""The answer to a read, with its version; and who answers a method at an address."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from email.utils import format_datetime

from api.health.fhir.exchange import FhirAnswer, FhirRequest, Resource
from api.health.fhir.systems.access import SystemCaller
from api.health.fhir.systems.scopes import Permission
from api.kit.entity_tags import is_known

Answering = Callable[[FhirRequest, SystemCaller], Awaitable[FhirAnswer]]
Answers = Mapping[str, tuple[Permission, Answering]]
"""By method: what it takes, and who answers."""


def shown(
    resource: Resource, request: FhirRequest | None, headers: Mapping[str, str] | None = None
) -> FhirAnswer:
    """Return the answer to a read; 304 without a body for what `request` knows already."""
    tag = f'W/"{resource["meta"]["versionId"]}"'
    named = {**(headers or {}), "etag": tag}
    if (changed := resource["meta"].get("lastUpdated")) is not None:
        named["last-modified"] = format_datetime(datetime.fromisoformat(changed), usegmt=True)
    if request is not None and is_known(request.headers.get("if-none-match"), tag):
        return FhirAnswer(304, None, named)
    return FhirAnswer(200, resource, named)


def both(permission: Permission, answering: Answering) -> dict[str, tuple[Permission, Answering]]:
    """Return the same for GET and HEAD."""
    return {"GET": (permission, answering), "HEAD": (permission, answering)}

"""Reading resources that others wrote: bounded first, then checked against the models, then against 4.0.1.

The models are those of R4B (4.3.0), the nearest that there is: of what we read and write it differs
from R4 only in data types and resources that 4.0.1 has not (docs/fhir.md), which are refused here.
They take most of a second to import, each kind of resource for itself, so only whoever reads a
resource does, in a thread: nobody else waits for it.
"""

import asyncio
import json
import re
from collections.abc import Iterable
from typing import Any, Final

from api.health.fhir.errors import BodyNotJson, BodyTooDeep, NotAResource, OutsideR4
from api.health.fhir.exchange import Resource
from api.kit.json_values import is_list, is_object

LEVELS_AT_MOST: Final = 16
VALUES_AT_MOST: Final = 2_000
_TEXT = re.compile(r"[^\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]*")
"""What a FHIR string may hold: of the control characters tab, line feed and carriage return."""
NOT_IN_R4: Final = frozenset(
    {
        "AdministrableProductDefinition",
        "Citation",
        "ClinicalUseDefinition",
        "EvidenceReport",
        "Ingredient",
        "ManufacturedItemDefinition",
        "MedicinalProductDefinition",
        "NutritionProduct",
        "PackagedProductDefinition",
        "RegulatedAuthorization",
        "SubscriptionStatus",
        "SubscriptionTopic",
        "SubstanceDefinition",
    }
)
"""The resources that R4B has and R4 has not."""
_TYPES_NOT_IN_R4: Final = ("CodeableReference", "RatioRange")


async def read_resource(body: bytes, *kinds: str) -> Resource:
    """Return the resource in a body, of one of these kinds.

    Raises BodyNotJson, BodyTooDeep, NotAResource, OutsideR4.
    """
    resource = _parsed(body)
    _check_size(resource)
    if resource.get("resourceType") not in kinds:
        raise NotAResource(kind=", ".join(kinds), expression="resourceType")
    _check_r4(resource)
    await asyncio.to_thread(_check_model, resource)
    return resource


def _parsed(body: bytes) -> Resource:
    try:
        # A deep body ends in RecursionError before it is measured.
        resource: Any = json.loads(
            body.decode(), object_pairs_hook=_once_each, parse_constant=_no_number
        )
    except (ValueError, RecursionError) as error:
        raise BodyNotJson from error
    if not is_object(resource):
        raise BodyNotJson
    return resource


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member twice")
    return members


def _no_number(constant: str) -> float:
    raise ValueError(constant)


def _check_size(resource: Resource) -> None:
    """Raise BodyTooDeep, and BodyNotJson for texts that no FHIR string holds."""
    values = 0
    waiting: list[tuple[Any, int]] = [(resource, 1)]
    while waiting:
        value, level = waiting.pop()
        values += 1
        if level > LEVELS_AT_MOST or values > VALUES_AT_MOST:
            raise BodyTooDeep(levels=LEVELS_AT_MOST, values=VALUES_AT_MOST)
        if isinstance(value, str) and not _TEXT.fullmatch(value):
            raise BodyNotJson
        waiting.extend((inner, level + 1) for inner in _inside(value))


def _inside(value: Any) -> Iterable[Any]:  # noqa: ANN401 - any JSON value
    if is_object(value):
        return [*value, *value.values()]
    return value if is_list(value) else ()


def _check_r4(resource: Resource) -> None:
    waiting: list[Any] = [resource]
    while waiting:
        value = waiting.pop()
        if is_object(value):
            _check_members(value, resource["resourceType"])
        if not isinstance(value, str):
            waiting.extend(_inside(value))


def _check_members(members: dict[str, Any], of: str) -> None:
    for name, value in members.items():
        if (
            value is None
        ):  # the models take it for nothing; JSON of FHIR has none (R4, section 2.6.2)
            raise NotAResource(kind=of, expression=name[:200])
    kind = members.get("resourceType")
    if isinstance(kind, str) and kind in NOT_IN_R4:
        raise OutsideR4(name=kind)
    for name in members:
        if name.endswith(_TYPES_NOT_IN_R4):
            raise OutsideR4(name=name)


def _check_model(resource: Resource) -> None:
    from fhir.resources.R4B import get_fhir_model_class

    try:
        get_fhir_model_class(resource["resourceType"]).model_validate(resource)
    # Whatever the models raise, somebody else wrote the resource: it is not one of R4.
    except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError) as error:
        raise NotAResource(kind=resource["resourceType"], expression=_place(error)) from error


def _place(error: Exception) -> str | None:
    from pydantic import ValidationError

    if not isinstance(error, ValidationError):
        return None
    where = error.errors(include_input=False, include_url=False)[0]["loc"]
    names = [f"[{part}]" if isinstance(part, int) else f".{part}" for part in where]
    return "".join(names).lstrip(".")[:200] or None

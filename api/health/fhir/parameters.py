"""What an operation was asked with: a Parameters resource, or the query of a GET."""

from collections.abc import Collection
from typing import Any

from api.health.fhir.errors import InvalidParameter, MissingParameter, UnknownParameter
from api.health.fhir.exchange import FhirRequest, Resource
from api.health.fhir.r4 import read_resource
from api.kit.json_values import is_list, is_object

PARAMETERS_AT_MOST = 40
CHARACTERS_AT_MOST = 500


class OperationParameters:
    """Texts and resources by name; what is not `known` is refused when `strict`, else left out."""

    def __init__(
        self, given: Collection[tuple[str, Any]], known: Collection[str], *, strict: bool
    ) -> None:
        if len(given) > PARAMETERS_AT_MOST:
            raise InvalidParameter(name="?")
        self._values: dict[str, list[Any]] = {}
        for name, value in given:
            if name in known:
                self._values.setdefault(name, []).append(value)
            elif strict:
                raise UnknownParameter(name=name[:64])

    def texts(self, name: str) -> list[str]:
        """Return what was given as text, each within bounds. Raises InvalidParameter."""
        values = self._values.get(name, [])
        for value in values:
            if not isinstance(value, str) or not 0 < len(value) <= CHARACTERS_AT_MOST:
                raise InvalidParameter(name=name, expression=name)
        return values

    def text(self, name: str) -> str | None:
        """Return what may be given once. Raises InvalidParameter."""
        values = self.texts(name)
        if len(values) > 1:
            raise InvalidParameter(name=name, expression=name)
        return values[0] if values else None

    def needed(self, name: str) -> str:
        """Return what must be given once. Raises MissingParameter, InvalidParameter."""
        value = self.text(name)
        if value is None:
            raise MissingParameter(name=name, expression=name)
        return value

    def resource(self, name: str, kind: str) -> Resource | None:
        """Return the resource of this kind, None without one. Raises InvalidParameter."""
        values = self._values.get(name, [])
        if not values:
            return None
        if len(values) > 1 or not is_object(values[0]) or values[0].get("resourceType") != kind:
            raise InvalidParameter(name=name, expression=name)
        return values[0]


async def parameters_of(request: FhirRequest, known: Collection[str]) -> OperationParameters:
    """Return what a request was sent with. Raises FhirProblem."""
    if request.method != "POST":
        given: list[tuple[str, Any]] = [
            (name, value) for name, value in request.query if name != "_format"
        ]
        return OperationParameters(given, known, strict=request.is_strict)
    request.check_sends_json()
    body = await read_resource(request.body, "Parameters")
    parameters: list[Resource] = body.get("parameter") or []
    given = [(str(one.get("name")), _value(one)) for one in parameters]
    return OperationParameters(given, known, strict=request.is_strict)


def _value(parameter: Resource) -> Any:  # noqa: ANN401 - whichever type it has
    if "resource" in parameter:
        return parameter["resource"]
    values = [value for name, value in parameter.items() if name.startswith("value")]
    value = values[0] if len(values) == 1 else None
    if is_object(value) and isinstance(value.get("reference"), str):
        return value["reference"]
    if is_object(value) and isinstance(value.get("code"), str):
        return f"{value.get('system', '')}|{value['code']}"
    return None if is_list(value) else str(value) if isinstance(value, int) else value

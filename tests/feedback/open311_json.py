"""The shapes of GeoReport's answers in JSON, as its specification has them, in our own words.

A shape names the type of every member; what may be null has None among its types.
"""

from collections.abc import Mapping
from typing import Any, TypeGuard

Shape = Mapping[str, Any]
_TEXT, _MAY_BE_TEXT = (str,), (str, type(None))
_MAY_BE_NUMBER = (int, float, type(None))

SERVICE: Shape = {
    "service_code": _TEXT,
    "service_name": _TEXT,
    "description": _TEXT,
    "metadata": (bool,),
    "type": _TEXT,
    "keywords": _TEXT,
    "group": _TEXT,
}
VALUE: Shape = {"key": _TEXT, "name": _TEXT}
ATTRIBUTE: Shape = {
    "variable": (bool,),
    "code": _TEXT,
    "datatype": _TEXT,
    "required": (bool,),
    "datatype_description": _MAY_BE_TEXT,
    "order": (int,),
    "description": _TEXT,
    "values": [VALUE],
}
DEFINITION: Shape = {"service_code": _TEXT, "attributes": [ATTRIBUTE]}
TAKEN: Shape = {
    "service_request_id": _TEXT,
    "service_notice": _MAY_BE_TEXT,
    "account_id": _MAY_BE_TEXT,
}
OF_TOKEN: Shape = {"service_request_id": _TEXT, "token": _TEXT}
REQUEST: Shape = {
    "service_request_id": _TEXT,
    "status": _TEXT,
    "status_notes": _MAY_BE_TEXT,
    "service_name": _TEXT,
    "service_code": _TEXT,
    "description": _MAY_BE_TEXT,
    "agency_responsible": _MAY_BE_TEXT,
    "service_notice": _MAY_BE_TEXT,
    "requested_datetime": _TEXT,
    "updated_datetime": _TEXT,
    "expected_datetime": _MAY_BE_TEXT,
    "address": _MAY_BE_TEXT,
    "address_id": _MAY_BE_TEXT,
    "zipcode": _MAY_BE_TEXT,
    "lat": _MAY_BE_NUMBER,
    "long": _MAY_BE_NUMBER,
    "media_url": _MAY_BE_TEXT,
}
UPDATE: Shape = {
    "update_id": _TEXT,
    "service_request_id": _TEXT,
    "status": _TEXT,
    "updated_datetime": _TEXT,
    "description": _MAY_BE_TEXT,
    "media_url": _MAY_BE_TEXT,
}
UPDATED: Shape = {"update_id": _TEXT}
ERROR: Shape = {"code": (int,), "description": _TEXT}
ENDPOINT: Shape = {
    "specification": _TEXT,
    "url": _TEXT,
    "changeset": _TEXT,
    "type": _TEXT,
    "formats": [_TEXT],
}
DISCOVERY: Shape = {
    "changeset": _TEXT,
    "contact": _TEXT,
    "key_service": _TEXT,
    "endpoints": [ENDPOINT],
}
SHAPES = (
    [SERVICE],
    DEFINITION,
    [TAKEN],
    [OF_TOKEN],
    [REQUEST],
    [UPDATE],
    [UPDATED],
    [ERROR],
    DISCOVERY,
)


def check_shape(value: Any, shapes: Any) -> None:  # noqa: ANN401
    """Fail unless the value has one of these shapes."""
    assert any(_fits(value, shape) for shape in shapes), value


def _fits(value: Any, shape: Any) -> bool:  # noqa: ANN401
    if is_list(shape):
        return is_list(value) and all(_fits(one, shape[0]) for one in value)
    if is_object(shape):
        is_whole = is_object(value) and value.keys() == shape.keys()
        return is_whole and all(_fits(value[name], shape[name]) for name in shape)
    is_bool = isinstance(value, bool)
    return isinstance(value, shape) and (not is_bool or bool in shape)


def is_list(value: Any) -> TypeGuard[list[Any]]:  # noqa: ANN401
    return isinstance(value, list)


def is_object(value: Any) -> TypeGuard[dict[str, Any]]:  # noqa: ANN401
    return isinstance(value, dict)

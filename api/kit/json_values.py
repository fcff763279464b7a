"""What a JSON value is, for checkers of types and for readers."""

from typing import Any, TypeGuard


def is_object(value: Any) -> TypeGuard[dict[str, Any]]:  # noqa: ANN401 - any JSON value
    return isinstance(value, dict)


def is_list(value: Any) -> TypeGuard[list[Any]]:  # noqa: ANN401 - any JSON value
    return isinstance(value, list)


def is_texts(value: Any) -> TypeGuard[list[str]]:  # noqa: ANN401 - any JSON value
    return is_list(value) and all(isinstance(item, str) for item in value)


def is_number(value: Any) -> TypeGuard[int | float]:  # noqa: ANN401 - any JSON value
    return isinstance(value, int | float) and not isinstance(value, bool)

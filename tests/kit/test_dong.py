"""Money that comes in: whole đồng, or the request is refused as GraphQL refuses what is no Int."""

import pytest
from strawberry.exceptions import StrawberryInputCoercionError

from api.kit.schema_types import SCALARS, Dong

parse = SCALARS[Dong].parse_value


@pytest.mark.parametrize(("sent", "read"), [(0, 0), (-5, -5), (2**53 - 1, 2**53 - 1), (5.0, 5)])
def test_a_whole_number_is_read(sent: object, read: int) -> None:
    assert parse is not None

    assert parse(sent) == read


@pytest.mark.parametrize(
    "sent", ["x", "5", "", 1.5, 2**53, -(2**53), 1e300, float("inf"), True, None, [], {}]
)
def test_anything_else_is_refused(sent: object) -> None:
    assert parse is not None

    with pytest.raises(StrawberryInputCoercionError):
        parse(sent)

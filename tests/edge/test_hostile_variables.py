"""Every published operation, sent with values that its types allow and nobody means: never our mistake."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
from graphql import (
    EnumTypeDefinitionNode,
    InputObjectTypeDefinitionNode,
    ListTypeNode,
    NamedTypeNode,
    NonNullTypeNode,
    OperationDefinitionNode,
    OperationType,
    TypeNode,
    parse,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.accounts.caller import PROVINCE, Grant, Role, Scope, ScopeKind
from api.context import Services
from api.kit.json_values import is_list, is_object
from tests.accounts.people import SignedInPerson, grant, signed_in
from tests.conftest import OPERATIONS, ROOT, send_raw
from tests.health.places import FACILITY, a_clinic
from tests.lives import LIVES
from tests.students.school import SCHOOL
from tests.tourism.conftest import province

__all__ = ["province"]

Values = st.SearchStrategy[Any]

DEFINITIONS = parse((ROOT / "graphql" / "schema.graphql").read_text(encoding="utf-8")).definitions
INPUTS = {it.name.value: it for it in DEFINITIONS if isinstance(it, InputObjectTypeDefinitionNode)}
ENUMS = {it.name.value: it for it in DEFINITIONS if isinstance(it, EnumTypeDefinitionNode)}

TEXTS: Values = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30),
    st.sampled_from(
        [
            "",
            " ",
            "a" * 20_000,
            "ằ" * 5_000,
            "\u202egnp.exe",
            "😀" * 100,
            "$where",
            "a.b",
            "%",
            "_",
            "*",
            '"',
            "') OR 1=1 --",
            "NEAR(",
            "a AND OR NOT",
            "\uffff\ufffe",
            "\x01\x7f",
            "null",
            "../../etc/passwd",
            "15",
            "00:00",
            "24:00",
            "Asia/Ho_Chi_Minh",
            "vi",
            "zh-Hans-CN-x-" + "a" * 500,
            "abcdefghijklmnop",
        ]
    ),
)
NUMBERS: Values = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([0, -0.0, 1e-320, 1e308, -1e308, 90, 90.0000001, 180, -180, 22.3364, 103.8438]),
)
THERE = ("a facility", "a school", "a service", "a doctor", "a schedule", "a session", "a place")
"""Names of things whose ids a test puts in, so that not every id is answered as unknown."""
SCALARS: dict[str, Values] = {
    "String": TEXTS,
    "ID": st.one_of(st.sampled_from(THERE), TEXTS, st.integers()),
    "Float": NUMBERS,
    "Int": st.one_of(st.integers(-(2**31), 2**31 - 1), st.sampled_from([0, 1, 20, 100, 101])),
    "Boolean": st.booleans(),
    "Date": st.one_of(
        st.dates().map(str), st.sampled_from(["0001-01-01", "9999-12-31", "2026-02-30", "", "x"])
    ),
    "DateTime": st.one_of(st.datetimes().map(str), TEXTS),
    "Dong": st.one_of(st.integers(-(2**64), 2**64), NUMBERS, st.booleans(), TEXTS),
    "Time": st.one_of(st.times().map(str), st.sampled_from(["08:00", "24:00", "", "x"])),
}


def of_type(kind: TypeNode) -> Values:
    """Return values that the type allows, as far as JSON can tell."""
    if isinstance(kind, NonNullTypeNode):
        return of_type(kind.type)
    return st.one_of(st.none(), present(kind))


def present(kind: TypeNode) -> Values:
    if isinstance(kind, ListTypeNode):
        few: Values = st.lists(present(kind.type), max_size=3)
        many: Values = present(kind.type).map(lambda item: [item] * 400)
        return st.one_of(few, few, many)
    assert isinstance(kind, NonNullTypeNode | NamedTypeNode)
    if isinstance(kind, NonNullTypeNode):
        return present(kind.type)
    name = kind.name.value
    if name in ENUMS:
        return st.sampled_from([value.name.value for value in ENUMS[name].values or ()])
    return of_input(name) if name in INPUTS else SCALARS[name]


@cache  # Hypothesis works out anew what a strategy of the same values can do, and takes most of the time
def of_input(name: str) -> Values:
    node = INPUTS[name]
    members = {it.name.value: of_type(it.type) for it in node.fields or ()}
    required = {
        it.name.value: members[it.name.value]
        for it in node.fields or ()
        if isinstance(it.type, NonNullTypeNode) and it.default_value is None
    }
    optional = {name: value for name, value in members.items() if name not in required}
    return st.fixed_dictionaries(required, optional=optional)


def operation_in(path: Path) -> OperationDefinitionNode:
    """Return the one operation of a document, which may have fragments beside it."""
    definitions = parse(path.read_text(encoding="utf-8")).definitions
    (operation,) = [it for it in definitions if isinstance(it, OperationDefinitionNode)]
    return operation


@cache
def variables_of(operation: str) -> Values:
    definitions = SENT[operation].variable_definitions or ()
    return st.fixed_dictionaries({it.variable.name.value: of_type(it.type) for it in definitions})


SENT = {
    f"{path.parent.name}/{path.stem}": operation
    for path in sorted(OPERATIONS.rglob("*.graphql"))
    if (operation := operation_in(path)).operation is not OperationType.SUBSCRIPTION
}


@pytest.mark.parametrize("operation", SENT)
@settings(
    max_examples=LIVES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
async def test_no_values_of_the_right_types_are_our_mistake(
    operation: str, client: httpx.AsyncClient, province: None, data: st.DataObject
) -> None:
    variables = data.draw(variables_of(operation))

    reply = await send_raw(client, operation, variables)

    codes = {error["extensions"]["code"] for error in reply.json().get("errors", [])}
    assert reply.status_code in (200, 400, 413)
    assert "INTERNAL" not in codes


STAFF = (
    Grant(Role.CLERK, Scope(ScopeKind.FACILITY, FACILITY)),
    Grant(Role.CLERK, Scope(ScopeKind.SCHOOL, SCHOOL)),
    Grant(Role.MERCHANT, Scope(ScopeKind.MERCHANT, "cable-car")),
    Grant(Role.CONTENT_EDITOR, PROVINCE),
    Grant(Role.MODERATOR, PROVINCE),
    Grant(Role.AUDITOR, PROVINCE),
)
DESK = "health/"
"""The slice most of whose operations a stranger is refused before a value is looked at."""


@pytest.fixture
async def clerk(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    """Somebody whom hardly a role keeps from what she sends."""
    person = await signed_in(client, services, "clerk@example.com")
    for held in STAFF:
        await grant(services, person, held)
    return person


@pytest.fixture
async def there(services: Services) -> dict[str, str]:
    """What the names of THERE stand for."""
    clinic = await a_clinic(services.store, FACILITY)
    found = (clinic.service, clinic.practitioner, clinic.schedule, clinic.session, clinic.slots[0])
    return dict(zip(THERE, (FACILITY, SCHOOL, *[it.id for it in found]), strict=True))


def put_in(value: Any, there: Mapping[str, str]) -> Any:  # noqa: ANN401 - any JSON value
    """Return variables with the ids of things that are there in place of their names."""
    if is_object(value):
        return {name: put_in(member, there) for name, member in value.items()}
    if is_list(value):
        return [put_in(member, there) for member in value]
    return there.get(value, value) if isinstance(value, str) else value


@pytest.mark.parametrize("operation", [it for it in SENT if it.startswith(DESK)])
@settings(
    max_examples=LIVES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
async def test_no_values_of_a_clerk_are_our_mistake(
    operation: str,
    client: httpx.AsyncClient,
    clerk: SignedInPerson,
    there: dict[str, str],
    data: st.DataObject,
) -> None:
    variables = put_in(data.draw(variables_of(operation)), there)

    reply = await send_raw(client, operation, variables, headers=clerk.headers)

    codes = {error["extensions"]["code"] for error in reply.json().get("errors", [])}
    assert reply.status_code in (200, 400, 413)
    assert "INTERNAL" not in codes

"""Operations of people, sent by a signed-in clerk with values that nobody means: never our mistake."""

from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.accounts.privacy.purposes import ConsentPurpose
from api.context import Services
from tests.accounts.families import a_dependant, consent, grant, person_id_of
from tests.accounts.people import SignedInPerson, new_key, signed_in
from tests.accounts.phones import register
from tests.conftest import send_raw
from tests.edge.test_hostile_variables import variables_of

Variables = dict[str, Any]

OPERATIONS = [
    "AddDependant",
    "Dependant",
    "LinkDevice",
    "PersonByIdentityPaper",
    "PutIdentityPaper",
    "RemoveDependant",
    "RemoveIdentityPaper",
    "UnlinkDevice",
    "UpdateDependant",
    "UpdateProfile",
]
NUMBERS = ["010190123456", "010.190 123-456", "HS4101020304050", "1020304050", "E12345678"]


@dataclass(frozen=True, slots=True)
class Someone:
    """Who has consented to everything, and the ids that are worth trying."""

    person: SignedInPerson
    ids: tuple[str, ...]


@pytest.fixture
async def someone(client: httpx.AsyncClient, services: Services) -> Someone:
    person = await signed_in(client, services)
    await grant(services, person, "clerk facility:sa-pa")
    lan = await a_dependant(client, person)
    for purpose in (ConsentPurpose.IDENTITY_PAPERS, ConsentPurpose.ACCESSIBILITY_NEEDS):
        await consent(services, person, purpose)
        await consent(services, person, purpose, lan["id"])
    phone = await register(client)
    ids = (lan["id"], await person_id_of(services, person), phone["device"]["id"], "a" * 26)
    return Someone(person, ids)


def apt_values(someone: Someone) -> st.SearchStrategy[Variables]:
    """Return some keys, ids and numbers that get past the first check."""
    members: dict[str, st.SearchStrategy[str]] = {
        "idempotencyKey": st.builds(new_key),
        "id": st.sampled_from(someone.ids),
        "subjectId": st.sampled_from(someone.ids),
        "number": st.sampled_from(NUMBERS),
    }
    return st.fixed_dictionaries({}, optional=members)


def with_apt(variables: Variables, apt: Variables) -> Variables:
    """Put the apt values in the place of others."""
    if isinstance(variables.get("input"), dict):
        return {"input": with_apt(variables["input"], apt)}
    return {name: apt.get(name, value) for name, value in variables.items()}


@pytest.mark.parametrize("name", OPERATIONS)
@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
async def test_no_values_of_the_right_types_are_our_mistake(
    name: str, client: httpx.AsyncClient, someone: Someone, data: st.DataObject
) -> None:
    operation = f"accounts/{name}"
    drawn = data.draw(variables_of(operation))
    variables = with_apt(drawn, data.draw(apt_values(someone)))

    reply = await send_raw(client, operation, variables, headers=someone.person.headers)

    codes = {error["extensions"]["code"] for error in reply.json().get("errors", [])}
    assert reply.status_code in (200, 400, 413)
    assert "INTERNAL" not in codes

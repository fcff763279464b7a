"""What an editor may send of the right types, and nobody means: refused, never our mistake."""

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.accounts.people import SignedInPerson, new_key
from tests.conftest import send_raw
from tests.edge.test_hostile_variables import of_input, variables_of

SETTINGS = settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def codes(reply: httpx.Response) -> set[str]:
    return {error["extensions"]["code"] for error in reply.json().get("errors", [])}


@pytest.mark.parametrize("operation", ["tourism/Events", "tourism/Event"])
@SETTINGS
@given(data=st.data())
async def test_no_question_is_our_mistake(
    operation: str, client: httpx.AsyncClient, festivals: None, data: st.DataObject
) -> None:
    variables = data.draw(variables_of(operation))
    if operation == "tourism/Event":
        variables["id"] = data.draw(st.sampled_from(["E001", "E004", "E007"]))

    assert "INTERNAL" not in codes(await send_raw(client, operation, variables))


@SETTINGS
@given(data=st.data())
async def test_no_change_is_our_mistake(
    client: httpx.AsyncClient, editor: SignedInPerson, festivals: None, data: st.DataObject
) -> None:
    changes = data.draw(of_input("EventChangesInput"))
    values = {"id": "E001", "version": 1, "changes": changes, "idempotencyKey": new_key()}

    reply = await send_raw(client, "tourism/ChangeEvent", {"input": values}, headers=editor.headers)

    assert "INTERNAL" not in codes(reply)


@SETTINGS
@given(data=st.data())
async def test_nothing_said_of_an_occurrence_is_our_mistake(
    client: httpx.AsyncClient, editor: SignedInPerson, festivals: None, data: st.DataObject
) -> None:
    said = data.draw(of_input("OccurrenceChangeInput"))
    if data.draw(st.booleans()):
        said["plannedOn"] = "2026-08-29"
    values = {"eventId": "E002", "version": 1, "occurrence": said, "idempotencyKey": new_key()}

    reply = await send_raw(
        client, "tourism/ChangeEventOccurrence", {"input": values}, headers=editor.headers
    )

    assert "INTERNAL" not in codes(reply)

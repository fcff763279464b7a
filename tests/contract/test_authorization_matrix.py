"""Who may call what: a row for every field of the roots. A new field without a row fails here.

Every row but those for anyone has a trial: what a stranger sends with the published operation, and
the refusal. The owner's things must be untouched by it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

import httpx
import pytest
from graphql import ObjectTypeDefinitionNode, parse

from tests.accounts import phones
from tests.conftest import ROOT, send

Reply = dict[str, Any]


class Caller(Enum):
    """Who may call. What a caller must show is checked by the service, never by the app."""

    ANYONE = auto()
    DEVICE = auto()  # shows the secret that registerDevice answered, in the variables


MATRIX = {
    "Query.activeAlerts": Caller.ANYONE,
    "Query.alert": Caller.ANYONE,
    "Query.commune": Caller.ANYONE,
    "Query.communes": Caller.ANYONE,
    "Query.device": Caller.DEVICE,
    "Query.marketsOn": Caller.ANYONE,
    "Query.place": Caller.ANYONE,
    "Query.places": Caller.ANYONE,
    "Mutation.registerDevice": Caller.ANYONE,
    "Mutation.sendChatMessage": Caller.ANYONE,  # an unguessable id opens a conversation again
    "Mutation.unregisterDevice": Caller.DEVICE,
    "Mutation.updateDevice": Caller.DEVICE,
    "Subscription.alerts": Caller.ANYONE,
}


def _device_not_found(reply: Reply) -> bool:
    (result,) = reply.values()
    return (result["__typename"], result.get("code")) == ("AccountError", "DEVICE_NOT_FOUND")


@dataclass(frozen=True, slots=True)
class Trial:
    """A call that a stranger tries with `credentials`, an id and a secret."""

    operation: str
    variables: Callable[[Reply], Reply]
    is_refused: Callable[[Reply], bool]


TRIALS = {
    "Query.device": Trial("accounts/Device", dict, lambda reply: reply == {"device": None}),
    "Mutation.updateDevice": Trial(
        "accounts/UpdateDevice",
        lambda credentials: {"input": {**credentials, "language": "ja"}},
        _device_not_found,
    ),
    "Mutation.unregisterDevice": Trial(
        "accounts/UnregisterDevice",
        lambda credentials: {"input": credentials},
        _device_not_found,
    ),
}


def test_every_field_of_the_roots_says_who_may_call_it() -> None:
    published = (ROOT / "graphql" / "schema.graphql").read_text(encoding="utf-8")
    offered = {
        f"{node.name.value}.{field.name.value}"
        for node in parse(published).definitions
        if isinstance(node, ObjectTypeDefinitionNode)
        and node.name.value in {"Query", "Mutation", "Subscription"}
        for field in node.fields or ()
    }

    assert offered == set(MATRIX)


def test_every_field_that_is_not_for_anyone_is_tried_by_a_stranger() -> None:
    assert {name for name, caller in MATRIX.items() if caller is not Caller.ANYONE} == set(TRIALS)


@pytest.mark.parametrize("field", TRIALS)
async def test_a_stranger_is_refused_and_changes_nothing(
    client: httpx.AsyncClient, field: str
) -> None:
    trial = TRIALS[field]
    owner = await phones.register(client)
    other = await phones.register(client, "second-registration", registration="fcm-registration-2")
    before = await phones.device(client, owner)
    assert before is not None
    owner_id = owner["device"]["id"]

    replies = [
        await send(client, trial.operation, trial.variables(credentials))
        for credentials in (
            {"id": owner_id, "secret": ""},
            {"id": owner_id, "secret": owner_id},
            {"id": owner_id, "secret": other["secret"]},
            {"id": owner_id, "secret": owner["secret"][:-1]},
            {"id": other["device"]["id"], "secret": owner["secret"]},
            {"id": "", "secret": owner["secret"]},
        )
    ]

    assert [trial.is_refused(reply) for reply in replies] == [True] * 6
    assert await phones.device(client, owner) == before

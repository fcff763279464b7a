"""A call for help by SMS: 160 characters, signed by the gateway, the same call as by data."""

import json
from datetime import datetime, timedelta

import httpx
import pytest
from pydantic import SecretStr

from api.context import Services
from api.kit.geo import Position
from api.kit.store import Store
from api.safety.sos.compact import CompactSos, compact_text, read_compact
from api.safety.sos.records import SosKind
from api.safety.sos.repository import SOS
from api.safety.sos.sms_gateway import HEADER, signed
from api.settings import Settings
from notifications.sms_length import sms_segments
from tests.accounts.people import signed_in
from tests.conftest import NOW, MovableClock
from tests.safety.rescue import a_call, a_call_input, a_point, do, new_code

SECRET = "a secret shared with the gateway"  # noqa: S105


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"sms_gateway_secrets": [SecretStr(SECRET)]})


def a_text(**changes: object) -> str:
    call = a_call(**changes)
    return compact_text(CompactSos(call.code, call.kind, call.point, call.note))


async def post(
    client: httpx.AsyncClient,
    text: str,
    *,
    number: object = "+84912345678",
    secret: str = SECRET,
    at: datetime = NOW,
) -> httpx.Response:
    body = json.dumps({"from": number, "text": text}).encode()
    headers = {HEADER: signed(secret, body, at)}
    return await client.post("/safety/v1/sms", content=body, headers=headers)


def test_the_longest_call_is_one_sms() -> None:
    text = a_text(
        point=a_point(position=Position(-89.99999, -179.99999), accuracy_metres=999_999.0),
        note="Gãy chân, mưa to, ba người ở gần thác " * 9,
    )

    assert (len(text), sms_segments(text)) == (160, 1)
    read = read_compact(text)
    assert read is not None
    assert read.point is not None
    assert read.point.position == Position(-89.99999, -179.99999)


def test_case_and_spaces_do_not_matter() -> None:
    text = a_text(code="234679ACDE", note=None)

    read = read_compact(f"  {text.lower()}\n")

    assert read == CompactSos("234679ACDE", SosKind.LOST, a_point(), None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "LCSOS1",
        "LCSOS2 234679ACDE L 22.3 103.8 12 41 1777624200",
        "LCSOS1 234679ACD0 L 22.3 103.8 12 41 1777624200",
        "LCSOS1 234679ACDEF L 22.3 103.8 12 41 1777624200",
        "LCSOS1 " + "9" * 100_000,
    ],
)
def test_what_is_no_call_is_none(text: str) -> None:
    assert read_compact(text) is None


@pytest.mark.parametrize(
    ("rest", "kind", "note"),
    [
        ("", SosKind.OTHER, None),
        (" L -", SosKind.LOST, None),
        (" L - GAY CHAN", SosKind.LOST, "GAY CHAN"),
        (" L 99.9 103.8 12 41 1777624200 GAY CHAN", SosKind.LOST, "GAY CHAN"),
        (" L nan 103.8", SosKind.OTHER, "L NAN 103.8"),
        (" L 22.3 103.8 12 41 ٣", SosKind.OTHER, "L 22.3 103.8 12 41 ٣"),
    ],
)
def test_of_a_garbled_call_is_kept_what_can_be_read(
    rest: str, kind: SosKind, note: str | None
) -> None:
    read = read_compact(f"LCSOS1 234679ACDE{rest}")

    assert read == CompactSos("234679ACDE", kind, None, note)


def test_a_phone_that_does_not_know_where_it_is_says_so() -> None:
    text = compact_text(CompactSos("234679ACDE", SosKind.LOST, None, "Gãy chân"))

    assert text == "LCSOS1 234679ACDE L - GAY CHAN"


async def test_an_sms_makes_one_call_however_often_it_is_posted(
    client: httpx.AsyncClient, store: Store
) -> None:
    text = a_text()

    replies = [await post(client, text) for _ in range(3)]

    assert [reply.status_code for reply in replies] == [200, 200, 200]
    (document,) = await store[SOS].find({})
    assert (document["points"], document["is_by_sms"]) == (1, True)
    assert "84912345678" not in str(document)


@pytest.mark.parametrize("is_sms_first", [True, False])
async def test_data_and_sms_of_one_code_are_one_call(
    client: httpx.AsyncClient, services: Services, store: Store, *, is_sms_first: bool
) -> None:
    person, code = await signed_in(client, services), new_code()
    text = a_text(code=code)
    if is_sms_first:
        await post(client, text)

    raised = await do(client, "RaiseSos", a_call_input(code=code), person)

    if not is_sms_first:
        await post(client, text)
    (document,) = await store[SOS].find({})
    assert document["_id"] == raised["sos"]["id"]
    assert document["raiser"] is not None


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"secret": "another secret of the same length"}, 401, "SIGNATURE_WRONG"),
        ({"at": NOW - timedelta(minutes=6)}, 401, "SIGNATURE_OUT_OF_TIME"),
        ({"number": 7}, 422, "NOT_UNDERSTOOD"),
        ({"number": "<script>"}, 422, "NOT_UNDERSTOOD"),
    ],
)
async def test_what_the_gateway_did_not_sign_is_refused(
    client: httpx.AsyncClient,
    store: Store,
    changes: dict[str, object],
    status: int,
    code: str,
) -> None:
    reply = await post(client, a_text(), **changes)  # type: ignore[arg-type]

    assert (reply.status_code, reply.json()["code"]) == (status, code)
    assert await store[SOS].count({}) == 0


async def test_a_call_of_another_s_code_is_a_call_of_its_own(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    mai = await signed_in(client, services)
    stranger = await signed_in(client, services, "stranger@example.com")
    first = await do(client, "RaiseSos", a_call_input(code="234679ACDE"), mai)

    second = await do(client, "RaiseSos", a_call_input(code="234679ACDE"), stranger)

    assert first["sos"]["id"] != second["sos"]["id"]

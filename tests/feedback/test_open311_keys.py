"""Keys of Open311: who may post, and how often."""

import httpx

from api.context import Services
from api.feedback.open311.api_keys import API_KEYS, OPERATOR
from api.feedback.reports.repository import REPORTS
from api.feedback.reports.submitting import BY_ONE_DEVICE
from api.kit.audit_log import AUDIT_ROWS
from tests.feedback.open311_apps import A_REQUEST, BOTH, an_app, refused
from tests.feedback.open311_client import Row
from tests.feedback.reporting import SA_PA_WARD


@BOTH
async def test_nothing_is_posted_without_a_key_that_holds(
    client: httpx.AsyncClient, services: Services, key: str, form: str
) -> None:
    keys = services.feedback.open311.keys
    ended = await keys.create(OPERATOR, "ended", None)
    await keys.revoke(OPERATOR, ended.holder.id)
    wrong = [None, "", "nonsense", key[:-1], f"{key}0", ended.key, key.replace("311", "cap")]

    refusals = [await refused(an_app(client, form, one).post_request(A_REQUEST)) for one in wrong]

    said = "This needs an api_key of the province that is valid for it."
    assert set(refusals) == {(403, said)}
    assert await services.store[REPORTS].count({}) == 0


async def test_only_a_hash_is_kept_and_both_ends_are_in_the_audit_log(services: Services) -> None:
    keys = services.feedback.open311.keys
    made = await keys.create(OPERATOR, "Sa Pa Fix", SA_PA_WARD)
    await keys.revoke(OPERATOR, made.holder.id)
    await keys.revoke(OPERATOR, made.holder.id)

    (kept,) = await services.store[API_KEYS].find({})
    rows = await services.store[AUDIT_ROWS].find({}, sort=[("number", 1)])
    assert made.key.rpartition(".")[2] not in str(kept)
    assert [(row["actor"], row["action"], row["subject"]) for row in rows] == [
        ("operator", "open311_key.made", made.holder.id),
        ("operator", "open311_key.ended", made.holder.id),
    ]


async def test_each_device_of_an_app_has_its_own_limit(client: httpx.AsyncClient, key: str) -> None:
    app = an_app(client, "json", key)

    async def post(number: int, device: str) -> Row:
        text = f"Đống rác thứ {number}"
        return await app.post_request({**A_REQUEST, "description": text, "device_id": device})

    for number in range(BY_ONE_DEVICE.times):
        await post(number, "one")

    assert (await refused(post(99, "one")))[0] == 429
    assert (await post(100, "two"))["service_request_id"]


async def test_guessing_keys_ends_soon(client: httpx.AsyncClient) -> None:
    app = an_app(client, "json", "nonsense")

    statuses = [(await refused(app.post_request(A_REQUEST)))[0] for _ in range(35)]

    assert statuses[0] == 403
    assert statuses[-1] == 429

"""Open311 and whatever else is sent to it: a refusal that says why, never an accident."""

from random import Random
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from api.context import Services
from api.feedback.open311.parameters import ROWS_AWAY_AT_MOST
from api.feedback.open311.rest import BYTES_AT_MOST
from api.feedback.reports.repository import REPORTS
from api.kit.store import StoreUnavailable
from tests.feedback.open311_apps import A_REQUEST
from tests.feedback.open311_client import GeoReportClient, GeoReportRefusal
from tests.feedback.open311_json import ERROR, check_shape

DOOR = "/open311/v2"
FORM = {"content-type": "application/x-www-form-urlencoded"}


def errors(reply: httpx.Response) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = reply.json()
    check_shape(found, ([ERROR],))
    assert [one["code"] for one in found] == [reply.status_code]
    return found


@pytest.mark.parametrize(
    "query",
    [
        "start_date=yesterday",
        "start_date=2026-05-01",
        "start_date=2026-05-01T00:00:00",
        "start_date=2026-13-01T00:00:00Z",
        "start_date=2026-02-30T00:00:00Z",
        "start_date=2026-05-01T25:00:00Z",
        "start_date=0001-01-01T00:00:00Z",
        "start_date=0001-01-01T00:00:00%2B14:00",
        "end_date=9999-12-31T23:59:59-14:00",
        "end_date=9999-12-31T23:59:59Z",
        "start_date=2026-05-01T00:00:00%2B99:00",
        "start_date=٢٠٢٦-٠٥-٠١T00:00:00Z",
        "start_date=2026-05-02T00:00:00Z&end_date=2026-05-01T00:00:00Z",
        "start_date=2026-01-01T00:00:00Z&end_date=2026-05-01T00:00:00Z",
        "start_date=2026-05-01T00:00:00Z&start_date=2026-05-02T00:00:00Z",
        "page=0",
        "page=-1",
        "page=1e3",
        "page=٣",
        "page=99999999999999999999",
        "page_size=0",
        "page_size=1001",
        "page_size=nan",
        f"page=2&page_size=1000&page={ROWS_AWAY_AT_MOST}",
        "page=6&page_size=1000",
        "status=nonsense",
        "status=open&status=nonsense",
        "lat=22.3",
        "long=103.8",
        "lat=nan&long=nan",
        "lat=inf&long=103",
        "lat=91&long=103",
        "lat=22&long=181",
        "lat=22,3&long=103",
        "radius=100",
        "lat=22&long=103&radius=0",
        "lat=22&long=103&radius=50001",
        "lat=22&long=103&radius=1e9",
        "service_request_id=" + ",".join(f"LC-{number}" for number in range(101)),
        "page=%00",
        "%00=1",
        "page=%ff%fe",
        "page=%C3%28",
        "a=1&" * 61,
    ],
)
async def test_what_is_not_understood_is_refused(client: httpx.AsyncClient, query: str) -> None:
    for resource in ("requests", "servicerequestupdates"):
        is_of_requests = query.startswith(("status", "lat", "long", "radius"))
        if resource == "servicerequestupdates" and is_of_requests:
            continue

        reply = await client.get(f"{DOOR}/{resource}.json?{query}")

        assert reply.status_code == 400, (resource, reply.text)
        assert errors(reply)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "status=&start_date=&page=&service_code=&lat=&long=&radius=&jurisdiction_id=",
        "jurisdiction_id=laocai.gov.vn",
        "jurisdiction_id=LAOCAI.gov.vn",
        "service_code=no-such-service",
        "service_request_id=nonsense",
        "service_request_id=LC-AAA-AAA&page=0",
        "start_date=2030-01-01T00:00:00Z",
        "start_date=2026-04-30T00:00:00+07:00",
        "unknown=parameter",
        "status=OPEN",
    ],
)
async def test_what_finds_nothing_is_an_empty_list(client: httpx.AsyncClient, query: str) -> None:
    reply = await client.get(f"{DOOR}/requests.json?{query}")

    assert (reply.status_code, reply.json()) == (200, [])


@pytest.mark.parametrize(
    "path",
    [
        "",
        "requests",
        "requests.yaml",
        "requests.",
        ".json",
        "/requests.json",
        "requests/.json",
        "requests//LC-AAA-AAA.json",
        "requests/LC-AAA-AAA/more.json",
        "nothing.json",
        "nothing/here.json",
        "services/no-such.json",
        "services/..%2f..%2fetc.json",
        "tokens.json",
        "tokens/%00.json",
        "requests/LC-AAA-AAA.json",
        f"requests/{'x' * 4000}.json",
        "discovery/more.json",
        "servicerequestupdates/1.json",
        quote("requests/Đường\u202e.json"),
    ],
)
async def test_what_is_not_there(client: httpx.AsyncClient, path: str) -> None:
    reply = await client.get(f"{DOOR}/{path}")

    assert reply.status_code == 404
    if path.endswith(".json"):
        assert errors(reply)
    else:
        assert reply.headers["content-type"] == "text/xml; charset=utf-8"
        assert b"<code>404</code>" in reply.content


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS"])
async def test_other_methods(client: httpx.AsyncClient, method: str) -> None:
    posted = await client.request(method, f"{DOOR}/requests.json")
    read_only = await client.request("POST", f"{DOOR}/services.json")

    assert (posted.status_code, posted.headers["allow"]) == (405, "GET, HEAD, POST")
    assert (read_only.status_code, read_only.headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"service_code": ""}, 400, "The parameter service_code is missing."),
        (
            {"service_code": "nonsense"},
            404,
            "There is no service with this service_code. Ask for the list of services.",
        ),
        ({"description": ""}, 400, "The parameter description is missing."),
        (
            {"lat": "", "long": ""},
            400,
            "Give lat and long: we do not guess a place from an address.",
        ),
        (
            {"lat": "", "long": "", "address_string": "Hàm Rồng, Sa Pa"},
            400,
            "Give lat and long: we do not guess a place from an address.",
        ),
        ({"lat": "0x16"}, 400, "The parameter lat is not understood."),
        ({"long": "NaN"}, 400, "The parameter long is not understood."),
        (
            {"media_url": "http://169.254.169.254/"},
            400,
            "Photos behind a link are not taken. Send the request without media_url, or report with"
            " photos in the app of the province.",
        ),
        (
            {"description": "a" * 2001},
            400,
            "Write 1 to 2000 characters of plain text, without markup.",
        ),
        (
            {"description": "<script>alert(1)</script>"},
            400,
            "Write 1 to 2000 characters of plain text, without markup.",
        ),
        (
            {"description": "a\x0bb"},
            400,
            "Write 1 to 2000 characters of plain text, without markup.",
        ),
        (
            {"attribute[nonsense]": "1"},
            400,
            "The field nonsense of the form is missing or not answered as it asks.",
        ),
        (
            {"attribute[kind]": "nonsense"},
            400,
            "The field kind of the form is missing or not answered as it asks.",
        ),
        (
            {"service_code": "landslide"},
            400,
            "The field blocked of the form is missing or not answered as it asks.",
        ),
        ({"device_id": "x" * 201}, 400, "The parameter device_id is not understood."),
        (
            {"jurisdiction_id": "sfgov.org"},
            404,
            "There is no jurisdiction of this jurisdiction_id here: it is laocai.gov.vn.",
        ),
    ],
)
async def test_a_request_that_cannot_be_taken(
    client: httpx.AsyncClient,
    services: Services,
    key: str,
    changes: dict[str, str],
    status: int,
    words: str,
) -> None:
    for form in ("xml", "json"):
        app = GeoReportClient(client, DOOR, form, key)

        with pytest.raises(GeoReportRefusal) as refused:
            await app.post_request({**A_REQUEST, **changes})

        assert refused.value.errors == [{"code": status, "description": words}]
    assert await services.store[REPORTS].count({}) == 0


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (b"{}", {"content-type": "application/json"}, 415),
        (b"", {}, 415),
        (b"a=1", {"content-type": "multipart/form-data; boundary=x"}, 415),
        (b"a=1", {**FORM, "content-encoding": "gzip"}, 415),
        (b"\xff\xfe", FORM, 415),
        (b"description=%ff", FORM, 415),
        (b"a=1&" * 61, FORM, 415),
        (b"a=" + b"x" * BYTES_AT_MOST, FORM, 413),
        (b"description=%00", FORM, 400),
        (b"=&=&=", FORM, 403),
        (b"", FORM, 403),
        (b"api_key=a&api_key=b", FORM, 400),
    ],
)
async def test_a_body_that_is_no_form(
    client: httpx.AsyncClient, content: bytes, headers: dict[str, str], status: int
) -> None:
    for resource in ("requests", "servicerequestupdates"):
        reply = await client.post(f"{DOOR}/{resource}.json", content=content, headers=headers)

        assert reply.status_code == status, reply.text
        assert errors(reply)


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"update_id": ""}, 400),
        ({"update_id": "x" * 101}, 400),
        ({"service_request_id": ""}, 400),
        ({"service_request_id": "LC-AAA-AAA"}, 404),
        ({"service_request_id": "x" * 5000}, 404),
        ({"status": ""}, 400),
        ({"status": "FIXED"}, 400),
        ({"media_url": "file:///etc/passwd"}, 400),
    ],
)
async def test_an_update_that_cannot_be_taken(
    client: httpx.AsyncClient, agency_key: str, changes: dict[str, str], status: int
) -> None:
    update = {"update_id": "1", "service_request_id": "LC-AAA-AAA", "status": "investigating"}
    fields = {"api_key": agency_key, **update, **changes}

    reply = await client.post(f"{DOOR}/servicerequestupdates.json", data=fields)

    assert reply.status_code == status
    assert errors(reply)


async def test_an_update_id_belongs_to_one_update(
    client: httpx.AsyncClient, services: Services, key: str, agency_key: str
) -> None:
    app = GeoReportClient(client, DOOR, "json", key)
    number = (await app.post_request(A_REQUEST))["service_request_id"]
    system = GeoReportClient(client, DOOR, "json", agency_key)
    update = {"update_id": "1", "service_request_id": number}
    await system.post_update(**update, status="investigating")

    with pytest.raises(GeoReportRefusal) as refused:
        await system.post_update(**update, status="in_progress")

    (error,) = refused.value.errors
    assert error["description"] == "This update_id was already used for another update."
    (_, last) = await app.updates(service_request_id=number)
    assert last["status"] == "investigating"


def _rubbish(chance: Random) -> str:
    names = ["page", "start_date", "lat", "long", "status", "service_request_id", "a[b]", "é", ""]
    pieces = [*"=&;%+,[]-.:0129TZ\u0000\u202e\U0001f600", "%ff", "%00", "nan", "1e9", "2026-05-01"]
    return "".join(chance.choice([*names, *pieces]) for _ in range(chance.randrange(1, 30)))


async def test_no_rubbish_is_an_accident(client: httpx.AsyncClient, key: str) -> None:
    chance, statuses = Random(311), set[int]()  # noqa: S311 - the same rubbish each time
    for _ in range(100):
        query, path = _rubbish(chance), quote(_rubbish(chance))
        replies = [
            await client.get(f"{DOOR}/requests.json?{quote(query, safe='=&%')}"),
            await client.get(f"{DOOR}/{path}.xml?{quote(query, safe='=&')}"),
            await client.post(
                f"{DOOR}/requests.json",
                content=f"api_key={key}&{query}".encode(),
                headers=FORM,
            ),
        ]
        statuses |= {reply.status_code for reply in replies}

    assert statuses <= {200, 400, 403, 404, 415, 429}
    assert {200, 400} <= statuses


async def test_control_characters_leave_xml_whole(client: httpx.AsyncClient, key: str) -> None:
    app = GeoReportClient(client, DOOR, "xml", key)

    with pytest.raises(GeoReportRefusal) as refused:
        await app.post_request(A_REQUEST, **{"\x01<&>\ufffe": "1"})

    (error,) = refused.value.errors
    assert "\ufffd<&>\ufffd" in error["description"]


async def test_refusals_are_in_the_readers_language(client: httpx.AsyncClient) -> None:
    reply = await client.get(f"{DOOR}/nothing.json", headers={"accept-language": "vi"})

    assert reply.headers["content-language"] == "vi"
    assert errors(reply)[0]["description"] == (
        "Không có gì ở địa chỉ này. Định dạng có thể dùng là xml và json."
    )


async def test_what_is_known_already_is_not_sent_again(client: httpx.AsyncClient) -> None:
    first = await client.get(f"{DOOR}/services.xml")
    again = await client.get(
        f"{DOOR}/services.xml", headers={"if-none-match": first.headers["etag"]}
    )
    other = await client.get(
        f"{DOOR}/services.xml",
        headers={"if-none-match": first.headers["etag"], "accept-language": "ko"},
    )

    assert (again.status_code, again.content) == (304, b"")
    assert other.status_code == 200
    assert first.headers["access-control-allow-origin"] == "*"


async def test_a_head_is_like_a_get(client: httpx.AsyncClient) -> None:
    reply = await client.head(f"{DOOR}/services.xml")

    assert reply.status_code == 200


async def test_reading_has_a_limit_for_each_address(client: httpx.AsyncClient) -> None:
    statuses = [(await client.get(f"{DOOR}/discovery.json")).status_code for _ in range(260)]

    assert statuses[0] == 200
    assert statuses[-1] == 429


async def test_a_store_that_is_away_is_said(
    client: httpx.AsyncClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object, **__: object) -> list[object]:
        raise StoreUnavailable

    monkeypatch.setattr(type(services.feedback.reports), "page", away)

    reply = await client.get(f"{DOOR}/requests.json")

    assert (reply.status_code, reply.headers["retry-after"]) == (503, "1")
    assert errors(reply)

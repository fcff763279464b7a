"""Addresses that are not there, or are asked the wrong way, answer with a reason and a stable code."""

import httpx
import pytest


@pytest.mark.parametrize(
    ("method", "path", "status", "code", "detail"),
    [
        ("GET", "/nowhere", 404, "NOT_FOUND", "Không có gì ở địa chỉ này."),
        ("POST", "/graphql/x", 404, "NOT_FOUND", "Không có gì ở địa chỉ này."),
        (
            "GET",
            "/cap/v1/alerts",
            405,
            "METHOD_NOT_ALLOWED",
            "Địa chỉ này không trả lời yêu cầu theo phương thức này.",
        ),
        (
            "GET",
            "/dev/recorder?refresh=perhaps",
            422,
            "INVALID_PARAMETER",
            "Không hiểu một tham số trong địa chỉ.",
        ),
    ],
)
async def test_a_refusal_says_why(
    client: httpx.AsyncClient, method: str, path: str, status: int, code: str, detail: str
) -> None:
    reply = await client.request(method, path, headers={"accept-language": "vi"})

    problem = reply.json()
    assert reply.status_code == status
    assert reply.headers["content-type"] == "application/problem+json"
    assert (problem["code"], problem["status"], problem["detail"]) == (code, status, detail)


async def test_a_wrong_method_is_told_the_right_one(client: httpx.AsyncClient) -> None:
    reply = await client.get("/cap/v1/alerts")

    assert reply.headers["allow"] == "POST"


@pytest.mark.parametrize(
    "path",
    [
        "/cap/v1/feed",
        "/cap/v1/active.geojson",
        "/tourism/v1/places.geojson",
        "/.well-known/jwks.json",
        "/chat",
        "/health/live",
        "/nowhere",
    ],
)
async def test_head_is_told_what_get_would_be_without_the_content(port: int, path: str) -> None:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        whole = await client.get(path)

        head = await client.head(path)

    assert head.status_code == whole.status_code
    assert told(head) == told(whole)
    assert head.content == b""


OF_THE_TRANSFER = {"date", "trace-id", "transfer-encoding"}


def told(reply: httpx.Response) -> dict[str, str]:
    """Return the headers that tell of the content."""
    return {name: value for name, value in reply.headers.items() if name not in OF_THE_TRANSFER}

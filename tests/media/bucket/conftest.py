"""S3, which moto stands in for on loopback, and a person who sends something there."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import boto3  # pyright: ignore[reportMissingTypeStubs]
import httpx
import pytest
from moto.server import ThreadedMotoServer

from api.context import Services
from api.settings import Settings
from tests.accounts.people import SignedInPerson, signed_in
from tests.media.bucket.buckets import BUCKET, REGION, keys

_boto3: Any = boto3  # it has no types


@pytest.fixture(scope="module")
def s3_url() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def bucket(s3_url: str, credentials: None) -> Any:  # noqa: ANN401
    """An empty bucket, through a client of the test's own."""
    client = _boto3.client("s3", region_name=REGION, endpoint_url=s3_url)
    if not client.list_buckets()["Buckets"]:
        there = {"LocationConstraint": REGION}
        client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration=there)
    for key in keys(client):
        client.delete_object(Bucket=BUCKET, Key=key)
    for it in client.list_multipart_uploads(Bucket=BUCKET).get("Uploads", []):
        client.abort_multipart_upload(Bucket=BUCKET, Key=it["Key"], UploadId=it["UploadId"])
    return client


@pytest.fixture
def settings(settings: Settings, s3_url: str, bucket: Any) -> Settings:  # noqa: ANN401
    chosen = {"media_bucket": BUCKET, "media_s3_url": s3_url, "aws_region": REGION}
    return settings.model_copy(update=chosen)


@pytest.fixture
async def outside() -> AsyncIterator[httpx.AsyncClient]:
    """Whoever follows addresses to the bucket."""
    async with httpx.AsyncClient(trust_env=False) as http:
        yield http


@pytest.fixture
async def mai(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    return await signed_in(client, services)

"""Files in an S3 bucket: boto3's blocking calls in a few threads of ours, each with time-outs.

Uploads go straight to the bucket under a policy that allows one key, one type and one length. What is
shown is fetched from the bucket too, through addresses that hold for minutes.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import boto3  # pyright: ignore[reportMissingTypeStubs]
import structlog
from botocore.config import Config  # pyright: ignore[reportMissingTypeStubs]
from botocore.exceptions import (  # pyright: ignore[reportMissingTypeStubs]
    BotoCoreError,
    ClientError,
)

from api.media.errors import FilesUnavailable
from api.media.files import (
    BLURRED,
    INCOMING,
    PUBLISHED,
    SEALED,
    StoredFile,
    UploadDoor,
    UploadMethod,
    incoming_key,
    published_key,
    sealed_key,
)
from api.media.records import Media, MediaFile
from api.media.resumable.multipart import MultipartUploads, seconds_left

Result = TypeVar("Result")

CONNECT_SECONDS = 2.0
READ_SECONDS = 10.0
CALL_SECONDS_AT_MOST = 60.0
"""All of a call, a file of many megabytes included."""
CALLS_AT_ONCE = 8
SHOWN_FOR = timedelta(minutes=5)
_PIECE_BYTES = 262_144
_KEYS_AT_ONCE = 1_000
_MISSING = frozenset({"404", "NoSuchKey", "NotFound"})

_boto3: Any = boto3  # it has no types

log = structlog.get_logger()


class S3Files:
    """Implements MediaFiles. Credentials are looked for where boto3 looks, when they are needed."""

    def __init__(self, bucket: str, *, region: str | None, url: str | None) -> None:
        """Build the client. Raises ValueError when no region is set, or `url` is none."""
        config = Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            max_pool_connections=CALLS_AT_ONCE,
            retries={"mode": "standard", "total_max_attempts": 2},
            signature_version="s3v4",
        )
        session = _boto3.session.Session()
        if region is None and session.region_name is None:
            # boto3 would sign for another one, and the bucket would refuse what was signed.
            raise ValueError("LAOCAI_AWS_REGION is needed to keep media in S3")
        self._client: Any = session.client(
            "s3", region_name=region, endpoint_url=url, config=config
        )
        self._bucket = bucket
        self._multipart = MultipartUploads(self._client, bucket)
        self._threads = ThreadPoolExecutor(CALLS_AT_ONCE, thread_name_prefix="s3")

    async def upload_door(self, media: Media) -> UploadDoor:
        if media.upload.is_resumable:
            return await self._call(lambda: self._multipart.door(media))
        upload = media.upload
        conditions = [
            ["content-length-range", upload.byte_count, upload.byte_count],
            {"Content-Type": upload.content_type},
        ]
        signed = await self._call(
            lambda: self._client.generate_presigned_post(
                Bucket=self._bucket,
                Key=incoming_key(media.id),
                Fields={"Content-Type": upload.content_type},
                Conditions=conditions,
                ExpiresIn=seconds_left(upload),
            )
        )
        return UploadDoor(signed["url"], UploadMethod.POST, upload.open_until, signed["fields"])

    async def arrived(self, media: Media) -> int | None:
        key = incoming_key(media.id)

        def work() -> int | None:
            if media.upload.is_resumable:
                self._multipart.join(media)
            found = _or_none(lambda: self._client.head_object(Bucket=self._bucket, Key=key))
            return None if found is None else int(found["ContentLength"])

        return await self._call(work)

    async def fetch(self, media_id: str, to: Path, bytes_at_most: int) -> bool:
        key = incoming_key(media_id)

        def work() -> bool:
            found = _or_none(lambda: self._client.get_object(Bucket=self._bucket, Key=key))
            return found is not None and _written(found["Body"], to, bytes_at_most)

        return await self._call(work)

    async def fetch_published(self, media: Media, file: MediaFile, to: Path) -> bool:
        key = published_key(media.id, media.run, file.name)
        body = await self._read(key)
        if body is not None:
            await asyncio.to_thread(to.write_bytes, body)
        return body is not None

    async def keep_sealed(self, media_id: str, name: str, made: Path) -> None:
        def work() -> None:
            with made.open("rb") as body:
                self._client.put_object(
                    Bucket=self._bucket, Key=sealed_key(media_id, name), Body=body
                )

        await self._call(work)

    async def read_sealed(self, media_id: str, name: str) -> bytes | None:
        return await self._read(sealed_key(media_id, name))

    async def keep_only_sealed(self, media_id: str, name: str) -> None:
        keys = await self._keys(f"{SEALED}/{media_id}.")
        await self._delete_keys([key for key in keys if key != sealed_key(media_id, name)])

    async def drop_upload(self, media_id: str) -> None:
        await self._call(lambda: self._multipart.abort(media_id))
        await self._delete_keys([incoming_key(media_id)])

    async def publish(self, media_id: str, run: str, file: MediaFile, made: Path) -> None:
        def work() -> None:
            with made.open("rb") as body:
                self._client.put_object(
                    Bucket=self._bucket,
                    Key=published_key(media_id, run, file.name),
                    Body=body,
                    ContentType=file.content_type,
                    ContentDisposition="inline",
                    CacheControl="private, max-age=3600, immutable",
                )

        await self._call(work)

    async def keep_only(self, media_id: str, run: str) -> None:
        kept = f"{PUBLISHED}/{media_id}/{run}/"
        keys = await self._keys(f"{PUBLISHED}/{media_id}/")
        others = [key for key in keys if not key.startswith(kept) and f"{BLURRED}/" not in key]
        await self._delete_keys([incoming_key(media_id), *others])

    async def drop_run(self, media_id: str, run: str) -> None:
        await self._delete_keys(await self._keys(f"{PUBLISHED}/{media_id}/{run}/"))

    async def remove(self, media_id: str) -> None:
        await self._call(lambda: self._multipart.abort(media_id))
        keys = await self._keys(f"{PUBLISHED}/{media_id}/")
        keys += await self._keys(f"{SEALED}/{media_id}.")
        await self._delete_keys([incoming_key(media_id), *keys])

    async def location(self, media: Media, file: MediaFile) -> Path | str:
        parameters = {
            "Bucket": self._bucket,
            "Key": published_key(media.id, media.run, file.name),
            "ResponseContentType": file.content_type,
            "ResponseContentDisposition": f'inline; filename="{file.name}"',
        }
        address: str = await self._call(
            lambda: self._client.generate_presigned_url(
                "get_object", Params=parameters, ExpiresIn=int(SHOWN_FOR.total_seconds())
            )
        )
        return address

    async def stored(self) -> AsyncIterator[StoredFile]:
        for prefix in (f"{INCOMING}/", f"{SEALED}/", f"{PUBLISHED}/"):
            async for page in self._pages(prefix):
                for one in page:
                    yield StoredFile.at(one["Key"], one["LastModified"].astimezone(UTC))

    async def delete(self, stored: StoredFile) -> None:
        await self._delete_keys([stored.key])

    async def close(self) -> None:
        """Let go; a call under way ends by its own time-outs."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._client.close()

    async def _read(self, key: str) -> bytes | None:
        def work() -> bytes | None:
            found = _or_none(lambda: self._client.get_object(Bucket=self._bucket, Key=key))
            return None if found is None else bytes(found["Body"].read())

        return await self._call(work)

    async def _keys(self, prefix: str) -> list[str]:
        return [one["Key"] async for page in self._pages(prefix) for one in page]

    async def _pages(self, prefix: str) -> AsyncIterator[list[Mapping[str, Any]]]:
        further: dict[str, str] = {}
        while True:
            asked = {"Bucket": self._bucket, "Prefix": prefix, **further}
            found: Any = await self._call(partial(self._client.list_objects_v2, **asked))
            yield found.get("Contents", [])
            if not found.get("IsTruncated"):
                return
            further = {"ContinuationToken": found["NextContinuationToken"]}

    async def _delete_keys(self, keys: list[str]) -> None:
        for start in range(0, len(keys), _KEYS_AT_ONCE):
            objects = [{"Key": key} for key in keys[start : start + _KEYS_AT_ONCE]]
            deletion = {"Objects": objects, "Quiet": True}
            answer: Any = await self._call(
                partial(self._client.delete_objects, Bucket=self._bucket, Delete=deletion)
            )
            if answer.get("Errors"):
                raise FilesUnavailable("DeleteObjects")

    async def _call(self, work: Callable[[], Result]) -> Result:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(CALL_SECONDS_AT_MOST):
                return await loop.run_in_executor(self._threads, work)
        except (BotoCoreError, ClientError, OSError) as error:  # OSError: TimeoutError, and files
            reason = _reason(error)
            log.warning("bucket unavailable", reason=reason)
            raise FilesUnavailable(reason) from error


def _or_none(work: Callable[[], Any]) -> Any:  # noqa: ANN401 - boto3 has no types
    """Return what S3 answers, None when there is no such key."""
    try:
        return work()
    except ClientError as error:
        if _reason(error) in _MISSING:
            return None
        raise


def _reason(error: Exception) -> str:
    """Return the error's code, never its words, which may hold a key."""
    if isinstance(error, ClientError):
        told: Any = error  # it has no types
        return str(told.response.get("Error", {}).get("Code", ""))
    return type(error).__name__


def _written(body: Any, to: Path, bytes_at_most: int) -> bool:  # noqa: ANN401 - boto3 has no types
    size = 0
    with to.open("xb") as file:
        for piece in body.iter_chunks(_PIECE_BYTES):
            size += len(piece)
            if size > bytes_at_most:
                return False
            file.write(piece)
    return True

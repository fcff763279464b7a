"""Uploads to a bucket in parts, each to an address of its own that allows so many bytes and no more.

The bucket itself knows which upload is open for a file and which parts have come; we keep nothing of it.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

from api.media.files import UploadDoor, UploadMethod, UploadPart, incoming_key
from api.media.records import Media, Upload

PART_BYTES: Final = 5 * 1024 * 1024
"""The smallest part that S3 takes before the last: the least is lost with a connection."""


class MultipartUploads:
    """Every call blocks, and raises what boto3 does."""

    def __init__(self, client: Any, bucket: str) -> None:  # noqa: ANN401 - boto3 has no types
        self._client = client
        self._bucket = bucket

    def door(self, media: Media) -> UploadDoor:
        """Return where each part goes, and which have arrived."""
        key = incoming_key(media.id)
        opened = self._opened(key)
        upload_id = opened[0] if opened else self._begun(key, media.upload.content_type)
        arrived = self._arrived(key, upload_id)
        parts = tuple(
            UploadPart(number, size, self._address(media, upload_id, number, size), has_arrived)
            for number, size in sizes_of(media.upload.byte_count)
            for has_arrived in [arrived.get(number, ("", 0))[1] == size]
        )
        return UploadDoor("", UploadMethod.PARTS, media.upload.open_until, parts=parts)

    def join(self, media: Media) -> None:
        """Make the file of its parts, when all have arrived; else do nothing."""
        key = incoming_key(media.id)
        for upload_id in self._opened(key):
            arrived = self._arrived(key, upload_id)
            sizes = dict(sizes_of(media.upload.byte_count))
            if {number: size for number, (_, size) in arrived.items()} == sizes:
                parts = [{"PartNumber": it, "ETag": arrived[it][0]} for it in sorted(arrived)]
                self._client.complete_multipart_upload(
                    Bucket=self._bucket,
                    Key=key,
                    UploadId=upload_id,
                    MultipartUpload={"Parts": parts},
                )
                self.abort(media.id)
                return

    def abort(self, media_id: str) -> None:
        """Throw away the parts of every open upload of a file."""
        key = incoming_key(media_id)
        for upload_id in self._opened(key):
            self._client.abort_multipart_upload(Bucket=self._bucket, Key=key, UploadId=upload_id)

    def _begun(self, key: str, content_type: str) -> str:
        self._client.create_multipart_upload(Bucket=self._bucket, Key=key, ContentType=content_type)
        return self._opened(key)[0]  # of two that were begun at once all take the same

    def _opened(self, key: str) -> list[str]:
        found = self._client.list_multipart_uploads(Bucket=self._bucket, Prefix=key)
        return sorted(it["UploadId"] for it in found.get("Uploads", []) if it["Key"] == key)

    def _arrived(self, key: str, upload_id: str) -> dict[int, tuple[str, int]]:
        """Return the tag and the length of each part that is there."""
        found = self._client.list_parts(Bucket=self._bucket, Key=key, UploadId=upload_id)
        return {it["PartNumber"]: (it["ETag"], it["Size"]) for it in found.get("Parts", [])}

    def _address(self, media: Media, upload_id: str, number: int, size: int) -> str:
        address: str = self._client.generate_presigned_url(
            "upload_part",
            Params={
                "Bucket": self._bucket,
                "Key": incoming_key(media.id),
                "UploadId": upload_id,
                "PartNumber": number,
                "ContentLength": size,
            },
            ExpiresIn=seconds_left(media.upload),
        )
        return address


def sizes_of(byte_count: int) -> Iterator[tuple[int, int]]:
    """Yield number and length of each part of a file of so many bytes."""
    for number, start in enumerate(range(0, byte_count, PART_BYTES), start=1):
        yield number, min(PART_BYTES, byte_count - start)


def seconds_left(upload: Upload) -> int:
    """Return for how long an address of the upload may hold, by the clock of the host: S3 has no other."""
    return max(int((upload.open_until - datetime.now(UTC)).total_seconds()), 1)

"""The bucket of the tests, as they look into it."""

from typing import Any

BUCKET, REGION = "laocai-media", "ap-southeast-1"


def keys(bucket: Any) -> list[str]:  # noqa: ANN401
    """Return the keys that are there."""
    return [one["Key"] for one in bucket.list_objects_v2(Bucket=BUCKET).get("Contents", [])]


def uploads_under_way(bucket: Any) -> list[str]:  # noqa: ANN401
    """Return the keys of the uploads in parts that are open."""
    return [it["Key"] for it in bucket.list_multipart_uploads(Bucket=BUCKET).get("Uploads", [])]

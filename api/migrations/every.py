"""Every migration of the product, the oldest first. None is ever removed or changed: stores skip upgrades."""

from api.kit.store import Document, Update
from api.media.repository import MEDIA
from api.migrations.migration import Migration


def _not_resumable(_document: Document) -> Update:
    return {"$set": {"is_resumable": False}}


def _keeps_no_capture(_document: Document) -> Update:
    return {"$set": {"keeps_capture": False}}


EVERY_MIGRATION = (
    Migration(
        "2026-11-29-uploads-say-whether-they-are-resumable",
        MEDIA,
        {"is_resumable": {"$exists": False}},
        _not_resumable,
    ),
    Migration(
        "2026-11-29-uploads-say-whether-they-keep-their-capture",
        MEDIA,
        {"keeps_capture": {"$exists": False}},
        _keeps_no_capture,
    ),
)
"""Media of before the resumable uploads have neither."""

"""What the settings say of photos, recordings and videos."""

from api.media.allowances import MEGABYTE, Allowances
from api.media.records import MediaKind
from api.media.wiring import Bucket, MediaPlan
from api.settings import Settings


def media_plan(settings: Settings) -> MediaPlan:
    """Return what the settings say of photos and recordings."""
    bucket = settings.media_bucket
    return MediaPlan(
        folder=settings.data_folder / "media",
        bucket=Bucket(bucket, settings.media_s3_url, settings.aws_region) if bucket else None,
        public_url=settings.public_url,
        allowances=Allowances(
            open_at_most=settings.media_open_uploads,
            uploads_a_day=settings.media_uploads_per_day,
            bytes_at_most=settings.media_megabytes_per_person * MEGABYTE,
        ),
        bytes_at_most={
            MediaKind.PHOTO: settings.media_photo_megabytes * MEGABYTE,
            MediaKind.AUDIO: settings.media_audio_megabytes * MEGABYTE,
            MediaKind.VIDEO: settings.media_video_megabytes * MEGABYTE,
        },
    )

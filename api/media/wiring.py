"""Builds what the slice offers: over a folder, or over a bucket when the settings name one."""

from dataclasses import dataclass
from pathlib import Path

from api.kit.clock import Clock
from api.kit.idempotency import Idempotency
from api.kit.jobs import Handler, Jobs
from api.kit.resealing import Resealed
from api.kit.sealing import Sealer
from api.kit.store import Store
from api.media.allowances import MEDIA_COUNTS, AllowanceRepository, Allowances
from api.media.blurring.originals import Originals
from api.media.blurring.service import Blurring
from api.media.capture import Captures
from api.media.decoder import Decoder
from api.media.files import MediaFiles
from api.media.folder_files import FolderFiles
from api.media.library import MediaLibrary
from api.media.media_links import LinkSigner
from api.media.orphans import OrphanSweep
from api.media.personal_data import MediaData
from api.media.processing import Processing
from api.media.records import MediaKind
from api.media.removal import Removal
from api.media.repository import MEDIA, MediaRepository
from api.media.resumable.service import Resuming
from api.media.serving import Serving
from api.media.uploads import Uploads
from api.media.workplace import Workplace

MEDIA_COLLECTIONS = (MEDIA, MEDIA_COUNTS)


@dataclass(frozen=True, slots=True)
class Bucket:
    """An S3 bucket. `url`, `region`: None where boto3 finds them."""

    name: str
    url: str | None
    region: str | None


@dataclass(frozen=True, slots=True)
class MediaPlan:
    """What the settings say. `folder`: of files without a bucket, and of work under way."""

    folder: Path
    bucket: Bucket | None
    public_url: str
    allowances: Allowances
    bytes_at_most: dict[MediaKind, int]


@dataclass(frozen=True, slots=True)
class MediaServices:
    """Everything of the slice. `files` is for its doors and tests only; `resealed`: who holds sealed values."""

    library: MediaLibrary
    uploads: Uploads
    resuming: Resuming
    serving: Serving
    files: MediaFiles
    data: MediaData
    removal: Removal
    processing: Processing
    blurring: Blurring
    sweep: OrphanSweep
    resealed: tuple[Resealed, ...]

    def handlers(self) -> dict[str, Handler]:
        return {
            **self.processing.handlers(),
            **self.removal.handlers(),
            **self.sweep.handlers(),
            **self.blurring.handlers(),
        }


def media_on(
    store: Store, sealer: Sealer, jobs: Jobs, clock: Clock, plan: MediaPlan
) -> MediaServices:
    """Build the services. Raises ValueError for a bucket without a region."""
    signer = LinkSigner(sealer, plan.public_url, clock)
    files = _files(plan, signer)
    media = MediaRepository(store)
    captures, originals = Captures(store, sealer), Originals(store, files, sealer)
    workplace = Workplace(plan.folder / "work")
    removal = Removal(store, media, files, jobs, clock)
    allowances = AllowanceRepository(store, media, plan.allowances)
    uploads = Uploads(
        store,
        media,
        allowances,
        files,
        signer,
        removal,
        jobs,
        Idempotency(store, clock),
        clock,
        plan.bytes_at_most,
    )
    return MediaServices(
        library=MediaLibrary(store, media, signer, captures, removal),
        uploads=uploads,
        resuming=Resuming(uploads, files),
        serving=Serving(media, files, signer, clock),
        files=files,
        data=MediaData(media, allowances, captures, removal, jobs, clock),
        removal=removal,
        processing=Processing(
            store, media, files, Decoder(), workplace, captures, removal, jobs, clock
        ),
        sweep=OrphanSweep(store, media, files, removal, workplace, jobs, clock),
        blurring=Blurring(
            store, media, files, originals, Decoder(), workplace, signer, jobs, clock
        ),
        resealed=(captures, originals),
    )


def _files(plan: MediaPlan, signer: LinkSigner) -> MediaFiles:
    if plan.bucket is None:
        return FolderFiles(plan.folder, signer)
    from api.media.s3_files import S3Files  # boto3 costs memory that only a bucket needs

    return S3Files(plan.bucket.name, region=plan.bucket.region, url=plan.bucket.url)

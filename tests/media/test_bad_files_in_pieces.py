"""A third of the battery once more, in pieces: each file through the resumable door, and judged by the worker.

The judge is the one of whole files, which have the whole battery; what differs is the door.
"""

from itertools import islice
from pathlib import Path

import httpx
import pytest

from api.context import Services
from api.media.records import ANNOUNCED_TYPES, MediaState
from api.media.repository import MEDIA
from api.settings import Settings
from tests.accounts.exporting import run_jobs
from tests.accounts.people import Answer, SignedInPerson, signed_in
from tests.conftest import MovableClock, settings_in
from tests.media.bad_files import BAD_FILES, BadFile
from tests.media.test_resumable import patch
from tests.media.uploading import complete, request

_ONE_OF = 3


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Let one person send the whole battery on a day."""
    return settings_in(tmp_path).model_copy(update={"media_uploads_per_day": 2 * len(BAD_FILES)})


async def asked_for(
    client: httpx.AsyncClient, person: SignedInPerson, bad: BadFile, sent: bytes
) -> Answer:
    told = {"kind": bad.kind.name, "contentType": ANNOUNCED_TYPES[bad.kind][0]}
    return await request(client, person, sent, isResumable=True, **told)


async def sent_in_thirds(client: httpx.AsyncClient, upload: Answer, sent: bytes) -> None:
    third = len(sent) // 3
    for start, end in ((0, third), (third, 2 * third), (2 * third, len(sent))):
        assert (await patch(client, upload, start, sent[start:end])).status_code == 204


async def test_bad_files_in_pieces_are_judged_like_whole_ones(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    files = dict(islice(BAD_FILES.items(), 0, None, _ONE_OF))
    mai = await signed_in(client, services)
    judged: dict[str, str | None] = {}
    expected: dict[str, str | None] = {}

    for name, bad in files.items():
        sent = bad.make()
        upload = await asked_for(client, mai, bad, sent)
        if not sent:  # such a file is refused before it is sent
            assert upload["code"] == "INVALID_SIZE"
            continue
        assert "media" in upload, (name, upload)
        media_id = upload["media"]["id"]
        await sent_in_thirds(client, upload, sent)
        await complete(client, mai, media_id)
        await run_jobs(services, clock)
        kept = await services.store[MEDIA].get(media_id)
        assert kept is not None
        assert bad.refusal or kept["state"] == MediaState.READY, name
        judged[name] = kept["refusal"]
        expected[name] = bad.refusal and bad.refusal.value
        clock.advance(seconds=2)  # for the limits of the door

    assert judged == expected
    assert len(judged) >= len(files) - 2

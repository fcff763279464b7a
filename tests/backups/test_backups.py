"""A backup is made while the product runs, and what is restored of it is what the product was."""

import io
import json
import shutil
import tarfile
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner, Result

from api.backups.archive import FORMAT
from api.backups.errors import (
    BackupDamaged,
    BackupProblem,
    NotABackup,
    NothingToBackUp,
    StoreExists,
)
from api.backups.making import make_backup
from api.backups.restoring import restore_backup
from api.cli import app as command
from api.collections import COLLECTIONS
from api.context import Services
from api.generated_secrets import KEYS_AND_SECRETS
from api.kit.sealing_root import KeysOfAnotherStore
from api.kit.store.sqlite import SqliteStore
from api.main import create_app
from api.settings import settings as settings_of_the_process
from api.wiring import services_on
from tests.accounts.people import SignedInPerson, signed_in
from tests.conftest import MovableClock, send, settings_in
from tests.feedback.reporting import a_report, do

PHOTO = b"\xff\xd8 a photo"


@asynccontextmanager
async def running(folder: Path) -> AsyncGenerator[tuple[httpx.AsyncClient, Services]]:
    """The product on a data folder."""
    settings = settings_in(folder)
    store = SqliteStore(folder / "laocai.db", MovableClock())
    await store.open(COLLECTIONS)
    try:
        async with services_on(store, settings, MovableClock()) as services:
            app = create_app(settings)
            app.state.services = services
            transport = httpx.ASGITransport(app)
            async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
                yield client, services
    finally:
        await store.close()


def backed_up(folder: Path, *, with_keys: bool = False) -> bytes:
    output = io.BytesIO()
    make_backup(folder, output, MovableClock(), with_keys=with_keys)
    return output.getvalue()


def names_in(backup: bytes) -> set[str]:
    with tarfile.open(fileobj=io.BytesIO(backup)) as tar:
        return set(tar.getnames())


async def told_of(folder: Path, person: SignedInPerson) -> tuple[str, list[str]]:
    """Return what the product at `folder` knows: the person's address, and the words of their reports."""
    async with running(folder) as (client, _):
        me = await send(client, "accounts/Me", headers=person.headers)
        reports = await send(client, "feedback/MyReports", {"first": 10}, headers=person.headers)
    edges = reports["myReports"]["edges"]
    return json.dumps(me, sort_keys=True), [edge["node"]["text"]["text"] for edge in edges]


@pytest.fixture
async def lived(tmp_path: Path) -> tuple[Path, SignedInPerson]:
    """A data folder in which somebody signed in and reported, with a photo and other things beside it."""
    folder = tmp_path / "lived"
    folder.mkdir()
    async with running(folder) as (client, services):
        person = await signed_in(client, services)
        await do(client, "SubmitReport", a_report(), person)
    for name in ("media/published/m/r/photo.jpg", "media/incoming/part", "trackers.sqlite3"):
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(PHOTO)
    return folder, person


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    folder = tmp_path / "empty"
    folder.mkdir()
    return folder


async def test_what_is_restored_is_what_was(
    lived: tuple[Path, SignedInPerson], empty: Path
) -> None:
    folder, person = lived
    before = await told_of(folder, person)

    restore_backup(io.BytesIO(backed_up(folder, with_keys=True)), empty)

    assert before[1] == ["Rác chất đống ba ngày nay."]
    assert await told_of(empty, person) == before
    assert (empty / "media/published/m/r/photo.jpg").read_bytes() == PHOTO
    assert not (empty / ".restoring").exists()


async def test_a_backup_is_of_one_moment_while_others_write(
    lived: tuple[Path, SignedInPerson], empty: Path
) -> None:
    folder, person = lived
    async with running(folder) as (client, _):
        backup = backed_up(folder, with_keys=True)
        later = a_report(text="Sau bản sao lưu.")
        assert (await do(client, "SubmitReport", later, person))["__typename"].endswith("Success")

    restore_backup(io.BytesIO(backup), empty)

    assert (await told_of(empty, person))[1] == ["Rác chất đống ba ngày nay."]
    assert len((await told_of(folder, person))[1]) == 2


async def test_keys_are_left_out_unless_they_are_asked_for(
    lived: tuple[Path, SignedInPerson], empty: Path
) -> None:
    folder, person = lived
    without, with_keys = backed_up(folder), backed_up(folder, with_keys=True)

    restore_backup(io.BytesIO(without), empty)

    assert names_in(without) == {
        "laocai.db",
        "media/published/m/r/photo.jpg",
        "manifest.json",
    }
    assert names_in(with_keys) - names_in(without) <= KEYS_AND_SECRETS
    with pytest.raises(KeysOfAnotherStore):
        await told_of(empty, person)
    shutil.copy(folder / "keys.json", empty / "keys.json")
    assert (await told_of(empty, person))[1] == ["Rác chất đống ba ngày nay."]


def test_nothing_to_back_up_is_said(empty: Path) -> None:
    with pytest.raises(NothingToBackUp):
        backed_up(empty)


async def test_a_store_is_never_written_over(lived: tuple[Path, SignedInPerson]) -> None:
    folder, person = lived
    backup = backed_up(folder, with_keys=True)
    before = await told_of(folder, person)

    with pytest.raises(StoreExists):
        restore_backup(io.BytesIO(backup), folder)

    assert await told_of(folder, person) == before


def _cut_off(backup: bytes) -> bytes:
    return backup[: len(backup) // 2]


def _rewritten(change: Callable[[str, bytes], list[tuple[str, bytes]]], backup: bytes) -> bytes:
    """Return the backup with each of its files as `change` makes it."""
    output = io.BytesIO()
    with (
        tarfile.open(fileobj=io.BytesIO(backup)) as tar,
        tarfile.open(fileobj=output, mode="w:gz") as made,
    ):
        for member in tar:
            read = tar.extractfile(member)
            assert read is not None
            for name, body in change(member.name, read.read()):
                info = tarfile.TarInfo(name)
                info.size = len(body)
                made.addfile(info, io.BytesIO(body))
    return output.getvalue()


def _with_a_changed_photo(name: str, body: bytes) -> list[tuple[str, bytes]]:
    return [(name, body + b"!" if name.endswith(".jpg") else body)]


def _without_photo(name: str, body: bytes) -> list[tuple[str, bytes]]:
    return [] if name.endswith(".jpg") else [(name, body)]


def _with_another(name: str, body: bytes) -> list[tuple[str, bytes]]:
    return [("more", b"?"), (name, body)] if name == "manifest.json" else [(name, body)]


def _leading_out(name: str, body: bytes) -> list[tuple[str, bytes]]:
    return [("../outside" if name.endswith(".jpg") else name, body)]


def _of_another_format(name: str, body: bytes) -> list[tuple[str, bytes]]:
    return [(name, body.replace(FORMAT.encode(), b"laocai-backup-9"))]


def _without_manifest(name: str, body: bytes) -> list[tuple[str, bytes]]:
    return [] if name == "manifest.json" else [(name, body)]


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        (_with_a_changed_photo, BackupDamaged),
        (_without_photo, BackupDamaged),
        (_with_another, BackupDamaged),
        (_leading_out, NotABackup),
        (_of_another_format, NotABackup),
        (_without_manifest, NotABackup),
    ],
)
def test_a_backup_that_was_changed_restores_nothing(
    lived: tuple[Path, SignedInPerson],
    empty: Path,
    change: Callable[[str, bytes], list[tuple[str, bytes]]],
    refusal: type[BackupProblem],
) -> None:
    changed = _rewritten(change, backed_up(lived[0]))

    with pytest.raises(refusal):
        restore_backup(io.BytesIO(changed), empty)

    assert list(empty.iterdir()) == []
    assert not (empty.parent / "outside").exists()


@pytest.mark.parametrize("bad", [b"", b"x" * 1_000, b"\x1f\x8b\x08\x00 no gzip"])
def test_what_is_no_backup_restores_nothing(empty: Path, bad: bytes) -> None:
    with pytest.raises(NotABackup):
        restore_backup(io.BytesIO(bad), empty)

    assert list(empty.iterdir()) == []


def test_a_backup_that_was_cut_off_restores_nothing(
    lived: tuple[Path, SignedInPerson], empty: Path
) -> None:
    with pytest.raises(NotABackup):
        restore_backup(io.BytesIO(_cut_off(backed_up(lived[0]))), empty)

    assert list(empty.iterdir()) == []


class Killed(BaseException):
    """What a kill -9 is to the files: nothing after it happens."""


def left_behind(_folder: Path, *, ignore_errors: bool = False) -> None:
    """Whoever was killed cleans nothing up."""


async def test_whoever_is_killed_while_restoring_left_no_store_and_begins_anew(
    lived: tuple[Path, SignedInPerson], empty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, person = lived
    backup = backed_up(folder, with_keys=True)
    moved = Path.replace
    moves = len(names_in(backup)) - 1
    for survived in range(moves):
        left = iter(range(survived))

        def replace(self: Path, target: Path, left: Iterator[int] = left) -> Path:
            if next(left, None) is None:
                raise Killed
            return moved(self, target)

        with monkeypatch.context() as patched:
            patched.setattr(Path, "replace", replace)
            patched.setattr(shutil, "rmtree", left_behind)
            with pytest.raises(Killed):
                restore_backup(io.BytesIO(backup), empty)
        assert not (empty / "laocai.db").exists()
        shutil.rmtree(empty / ".restoring")

    restore_backup(io.BytesIO(backup), empty)

    assert (await told_of(empty, person))[1] == ["Rác chất đống ba ngày nay."]


def commanded(folder: Path, *arguments: str, **environment: str) -> Result:
    """Run a command with its settings from the environment."""
    settings_of_the_process.cache_clear()
    given = {"LAOCAI_DATA_FOLDER": str(folder), "LC_ALL": "en_US.UTF-8", **environment}
    try:
        return CliRunner().invoke(command, arguments, env=given)
    finally:
        settings_of_the_process.cache_clear()


def test_the_commands_say_what_they_did(lived: tuple[Path, SignedInPerson], empty: Path) -> None:
    archive = lived[0].parent / "night.laocai"

    made = commanded(lived[0], "backup", str(archive))
    restored = commanded(empty, "restore", str(archive))
    again = commanded(empty, "restore", str(archive))

    assert (made.exit_code, restored.exit_code, again.exit_code) == (0, 0, 1)
    assert archive.stat().st_mode & 0o777 == 0o600
    assert "2 files as of" in restored.output
    assert "[STORE_EXISTS]" in again.output


def test_documents_in_mongodb_are_left_to_its_own_tools(empty: Path) -> None:
    url = "mongodb://localhost:1/"

    refused = commanded(empty, "backup", str(empty / "x"), LAOCAI_MONGODB_URL=url)

    assert refused.exit_code == 1
    assert "[DOCUMENTS_ELSEWHERE]" in refused.output
    assert list(empty.iterdir()) == []

"""Whatever the world holds is sealed anew, so that an old key can be forgotten."""

from collections import Counter
from pathlib import Path

from api.accounts.privacy.export_repository import EXPORT_PARTS
from api.accounts.sign_in.codes import CHALLENGES
from api.students.wiring import STUDENT_COLLECTIONS
from api.wiring import sealing_keys_of
from tests.conftest import MovableClock, settings_in
from tests.contract.kept_world import KeptWorld, entered
from tests.kept_file import KeptFile

GO_BY_THEMSELVES = {CHALLENGES.name, EXPORT_PARTS.name}
"""Collections whose documents last for two days at most."""


async def test_nothing_stays_under_the_old_key(
    kept_world: KeptWorld, kept_file: KeptFile, tmp_path: Path
) -> None:
    folder = tmp_path / "copy"
    async with entered(kept_world, kept_file, folder) as (_, services):
        keys = sealing_keys_of(services, settings_in(folder), MovableClock(kept_world.now))
        ((old, _),) = keys.ids()
        sealed_before = set((await keys.uses())[old])

        new = keys.add()
        await keys.seal_all_anew()

        uses = await keys.uses()
    assert set(uses.get(old, Counter())) <= GO_BY_THEMSELVES
    assert set(uses[new]) == sealed_before - GO_BY_THEMSELVES
    assert set(uses[new]) & {spec.name for spec in STUDENT_COLLECTIONS}

"""docs/accounts.md says of every collection what it holds of a person, until when, and by which index."""

import re

import pytest

from api.collections import COLLECTIONS
from api.kit.store import CollectionSpec
from tests.conftest import ROOT

ROW = re.compile(r"\| `(\w+)`[^|]* \| ([^|]+) \| ([^|]+) \| ([^|]*)\|")
NOT_OURS = {"bot_trackers"}
"""What other programs keep."""


def documented() -> dict[str, tuple[str, str, str]]:
    """Return what the table says of each collection: what it holds, until when, by which index."""
    text = (ROOT / "docs" / "accounts.md").read_text(encoding="utf-8")
    table = text.split("### How long things are kept", 1)[1].split("\n#", 1)[0]
    rows = [ROW.fullmatch(line) for line in table.splitlines()]
    return {row[1]: (row[2].strip(), row[3].strip(), row[4].strip("` ")) for row in rows if row}


def test_every_collection_has_a_row_and_no_other() -> None:
    assert set(documented()) - NOT_OURS == {spec.name for spec in COLLECTIONS}


@pytest.mark.parametrize("spec", COLLECTIONS, ids=lambda spec: str(spec.name))
def test_the_index_is_the_one_that_expires(spec: CollectionSpec) -> None:
    holds, until, index = documented()[spec.name]

    expiring = [one.fields[0] for one in spec.indexes if one.expire_after_seconds is not None]
    assert index == ", ".join(expiring)
    assert holds
    assert until


@pytest.mark.parametrize("spec", COLLECTIONS, ids=lambda spec: str(spec.name))
def test_the_days_after_the_index_s_moment_are_told(spec: CollectionSpec) -> None:
    _, until, _ = documented()[spec.name]

    for index in spec.indexes:
        if index.expire_after_seconds:
            assert f"{index.expire_after_seconds // 86_400} days" in until

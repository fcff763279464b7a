"""A chain that comes late and out of order ends as one that comes in order."""

import asyncio
import shutil
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from api.alerts.cap_reader import read_message
from api.collections import COLLECTIONS
from api.kit.store.sqlite import SqliteStore
from api.wiring import services_on
from tests.alerts.messages import alert, info, reference
from tests.conftest import MovableClock, settings_in

SENT = [f"2026-05-01T16:0{number}:00+07:00" for number in range(4)]
NAMES = ["flood-0", "flood-1", "flood-2", "flood-3"]
IN_ORDER = (0, 1, 2, 3)


def chain(whole: Sequence[bool], *, is_cancelled: bool) -> list[bytes]:
    """Return an alert, two updates, and a third or a Cancel.

    `whole`: whether each of them references all that came before it, or only the latest.
    """
    messages: list[bytes] = []
    for number, name in enumerate(NAMES):
        before = range(number) if whole[number] else range(max(0, number - 1), number)
        references = " ".join(reference(NAMES[one], sent=SENT[one]) for one in before)
        is_cancel = number == 3 and is_cancelled
        kind = "Cancel" if is_cancel else "Update" if number else "Alert"
        messages.append(
            alert(
                *(() if is_cancel else (info(),)),
                identifier=name,
                sent=SENT[number],
                msg_type=kind,
                references=references or None,
            )
        )
    return messages


async def states_after(
    messages: Sequence[bytes], order: Sequence[int], empty: Path
) -> tuple[list[str], list[str]]:
    """Take the messages in, in this order; return what holds then, and the state of each."""
    with TemporaryDirectory() as folder:
        clock = MovableClock()
        store = SqliteStore(Path(shutil.copy(empty, Path(folder) / "test.db")), clock)
        await store.open(COLLECTIONS)
        async with services_on(store, settings_in(Path(folder)), clock) as services:
            for number in order:
                await services.alerts.import_cap(messages[number], "order")
            page = await services.alerts.active(None, 20, None)
            records = await services.alerts.records.get_many(
                [read_message(message).id for message in messages]
            )
        await store.close()
    states = {one.identifier: one.state(clock()).name for one in records.values()}
    return [view.record.identifier for view in page.items], [states[name] for name in NAMES]


@settings(max_examples=20)
@given(
    order=st.permutations(IN_ORDER),
    whole=st.lists(st.booleans(), min_size=4, max_size=4),
    is_cancelled=st.booleans(),
)
def test_the_order_in_which_a_chain_comes_does_not_matter(
    empty_file: Path, order: Sequence[int], whole: Sequence[bool], is_cancelled: bool
) -> None:
    messages = chain(whole, is_cancelled=is_cancelled)

    active, states = asyncio.run(states_after(messages, order, empty_file))

    assert (active, states) == asyncio.run(states_after(messages, IN_ORDER, empty_file))
    assert active == ([] if is_cancelled else ["flood-3"])
    assert "ACTIVE" not in states[:3]

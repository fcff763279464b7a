"""Who runs what: a file's tests stay together, and so do those that share what is dear to start.

For `--dist loadgroup`. What takes long begins first, so that the processes end at about the same time.
"""

from collections.abc import Generator
from typing import Final

import pytest

_SHARED: Final = {"_bot_of_the_session": "bot", "kept_world": "world"}
"""Fixtures of a session that take seconds, and who shares them."""
_TALKS: Final = "tests/chatbot/talks/"
"""They share API, worker and the real bot."""
_LONG: Final = ("@talks", "tests/system/", "@world", "@bot", "killed", "machine", "hostile")


@pytest.hookimpl(wrapper=True, tryfirst=True)  # before xdist, which reads the marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Generator[None]:
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_group_of(item)))
    items.sort(key=_rank)
    return (yield)


def _group_of(item: pytest.Item) -> str:
    if item.location[0].startswith(_TALKS):
        return "talks"
    wanted = getattr(item, "fixturenames", ())
    together = (group for fixture, group in _SHARED.items() if fixture in wanted)
    return next(together, item.location[0])


def _rank(item: pytest.Item) -> int:
    name = f"{item.location[0]}@{_group_of(item)}"
    return next((rank for rank, part in enumerate(_LONG) if part in name), len(_LONG))

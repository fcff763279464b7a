"""Runs the model's components one after the other, in an order that is found once.

Rasa's finds out anew for each message and each decision which of them are needed, and hands them to Dask.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from rasa.engine.runner.dask import DaskGraphRunner


class StraightRunner(DaskGraphRunner):
    def run(
        self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None
    ) -> dict[str, Any]:
        known = {name: (name, value) for name, value in (inputs or {}).items()}
        wanted = tuple(targets or self._graph_schema.target_names)
        for name in self._in_order(wanted):
            if name not in known:
                needs = self._graph_schema.nodes[name].needs.values()
                # What nobody provides goes by its name: the component says that it misses it.
                known[name] = self._instantiated_nodes[name](
                    *(known.get(one, one) for one in needs)
                )
        return dict(known[name] for name in wanted)

    def _in_order(self, wanted: tuple[str, ...]) -> tuple[str, ...]:
        if wanted not in self._orders:
            found: dict[str, None] = {}
            for name in wanted:
                self._add(name, found)
            self._orders[wanted] = tuple(found)
        return self._orders[wanted]

    @cached_property
    def _orders(self) -> dict[tuple[str, ...], tuple[str, ...]]:
        return {}

    def _add(self, name: str, found: dict[str, None]) -> None:
        """Add a component behind those that it needs."""
        node = self._graph_schema.nodes.get(name)
        if node is None or name in found:
            return
        for need in node.needs.values():
            self._add(need, found)
        found[name] = None

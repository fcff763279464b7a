"""What a process lets be seen of itself: figures for who scrapes it, traces for who collects them.

Labels and attributes are names of ours (operations, codes, kinds), of which there are few. Nothing
that a person wrote, and no id of a person, becomes one.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from prometheus_client import CollectorRegistry

from api.kit.seeing.registry import new_registry
from api.kit.seeing.tracer import NoTracer, Tracer

__all__ = ["Seeing", "Tracer"]

Meters = TypeVar("Meters")


@dataclass(frozen=True, slots=True)
class Seeing:
    """One a process: a registry of its own, so that two apps in one process do not add up."""

    registry: CollectorRegistry = field(default_factory=new_registry)
    tracer: Tracer = field(default_factory=NoTracer)
    _made: dict[Any, object] = field(default_factory=dict[Any, object], repr=False)

    def once(self, make: Callable[["Seeing"], Meters]) -> Meters:
        """Return what `make` makes of this, made at the first call: a figure has one home."""
        if make not in self._made:
            self._made[make] = make(self)
        return cast("Meters", self._made[make])

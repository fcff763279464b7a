"""One spelling of one thing that can be found."""

from __future__ import annotations

from dataclasses import dataclass

OVERLAPPING = ("topic", "emergency")
"""Kinds that may stand over anything. Of all the others one stretch of text has one."""

NOT_MEANT = "not_meant"
"""Kind of the words that look like something and are not: they win their stretch and are not told."""

ORDER = {
    kind: order
    for order, kinds in enumerate(
        (
            (NOT_MEANT,),
            ("card",),
            ("facility",),
            ("road",),
            ("place", "commune", "province"),
            ("category",),
            ("specialty",),
            ("problem",),
            ("person",),
            ("ordinal", "day"),
            ("language",),
        )
    )
    for kind in kinds
}
"""Which kind wins between equally long matches; in one step the rank decides, as between a village and its
commune of one name. The four passes that are places and roads are places, with the road beside them."""


@dataclass(frozen=True)
class Entry:
    """`entity` is the kind, `value` the id in that kind.

    `rank` decides between equal spellings of one step of ORDER: the lowest wins. Where `only_marked`, the
    marks must be typed; where `alone`, nothing else may stand in the message. `before` and `after` count the
    letters at both ends of `spelling` that must be there and are not of the name: 3 before in "cho mẹ".
    `road` is the code of the road that a place is too, `town` that of the commune that a province's name means too.
    """

    spelling: str
    entity: str
    value: str
    rank: int = 0
    only_marked: bool = False
    alone: bool = False
    before: int = 0
    after: int = 0
    road: str = ""
    town: str = ""

    @property
    def group(self) -> str:
        return self.entity if self.entity in OVERLAPPING else ""

    @property
    def order(self) -> tuple[int, int]:
        return ORDER.get(self.entity, len(ORDER)), self.rank

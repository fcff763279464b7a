"""Which of the places that a message names is where a trip begins, and which is where it leads.

The words beside a name tell it, not the order of names: "to Bac Ha, starting from Sa Pa".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from dialogue.tasks.telltale_words import holds
from dialogue.turn import Found, Turn

_LETTERS_BEFORE, _LETTERS_BEHIND = 48, 16
_ROOM = (
    r"\s*(?:(?:the|(?:my |our |the )?hotel (?:in|at)|(?:the )?cent(?:er|re) of|la|le|l['’]|thị xã|thị trấn|thành phố|tp\.?"
    r"|phường|xã|huyện|trung tâm|khách sạn(?: ở)?|thi xa|thi tran|thanh pho|phuong|xa|huyen|trung tam|khach san(?: o)?)\s*)?$"
)
_START_BEFORE = re.compile(
    r"(?:\b(?:from|out of|leaving|departing|(?:start|begin)(?:ing|s)? (?:in|at)|stay(?:ing)? (?:in|at)"
    r"|(?:i am|i['’]m|we are|we['’]re) (?:in|at)"
    r"|từ|(?:xuất phát|khởi hành|bắt đầu)(?: (?:ở|tại))?|đang ở"
    r"|au départ d[eu]|départ(?: d[eu])?|depuis|partir d[eu]|partant d[eu]"
    r"|(?:je suis|nous sommes|on est|nous logeons|je loge) à)"
    r"|au départ d['’]|départ\s*:|출발지는|출발\s*:|出発地?は|出発地?\s*[:：]|出发地?\s*(?:是|[:：])|[从從])"
    + _ROOM
)
_START_BEFORE_UNMARKED = re.compile(
    r"(?:(?<!thu )\btu|\b(?:xuat phat|khoi hanh|bat dau)(?: (?:o|tai))?|\bdang o"
    r"|\bau depart de|\bdepart(?: de)?|\bpartir de)(?=\s)" + _ROOM
)
_START_BEHIND = re.compile(
    r"\s*(?:出发|出發|启程|起程|에서\s*(?:출발|시작|떠나)|부터|출발|から|より|発|を?出発|を?スタート)"
)
_MAYBE_START_BEFORE = re.compile(rf"(?:\b(?:de|du|d['’]|in|at|ở|tại)|在){_ROOM}")
_MAYBE_START_BEFORE_UNMARKED = re.compile(rf"\b(?:o|tai)(?=\s){_ROOM}")
_MAYBE_START_BEHIND = re.compile(r"\s*(?:에서|で)")
_GOAL_BEFORE = re.compile(
    rf"(?:\b(?:to|towards?|visit(?:ing)?|đến|tới|đi|chơi|lên|thăm|à|au|vers|pour|visiter)|[去到往玩游]){_ROOM}"
)
_GOAL_BEFORE_UNMARKED = re.compile(rf"\b(?:den|toi|di|choi|len|tham)(?=\s){_ROOM}")
_GOAL_BEHIND = re.compile(r"\s*(?:へ|まで|に|까지|(?:으)?로(?:\s|$)|에(?!서))")
_WITHIN_BEFORE = re.compile(
    rf"(?:\b(?:in|at|around|within|ở|tại|quanh|dans|autour d[eu])|在){_ROOM}"
)
_WITHIN_BEFORE_UNMARKED = re.compile(rf"\b(?:o|tai|quanh)(?=\s){_ROOM}")
_WITHIN_BEHIND = re.compile(r"\s*(?:で|周辺|에서|안에서|주변|周边|附近)")


@dataclass(frozen=True, slots=True)
class _Words:
    """Words beside a name; `unmarked`: those before it as they are typed without marks."""

    before: re.Pattern[str]
    unmarked: re.Pattern[str]
    behind: re.Pattern[str]

    def stand_beside(self, turn: Turn, named: Found) -> bool:
        before = turn.text[max(0, named.start - _LETTERS_BEFORE) : named.start]
        behind = turn.text[named.end : named.end + _LETTERS_BEHIND].casefold()
        return holds(before, self.before, self.unmarked) or bool(self.behind.match(behind))


_START = _Words(_START_BEFORE, _START_BEFORE_UNMARKED, _START_BEHIND)
_MAYBE_START = _Words(_MAYBE_START_BEFORE, _MAYBE_START_BEFORE_UNMARKED, _MAYBE_START_BEHIND)
"""Only beside another commune: "de Sa Pa à Bac Ha", "사파에서 박하로"."""
_GOAL = _Words(_GOAL_BEFORE, _GOAL_BEFORE_UNMARKED, _GOAL_BEHIND)
_WITHIN = _Words(_WITHIN_BEFORE, _WITHIN_BEFORE_UNMARKED, _WITHIN_BEHIND)


@dataclass(frozen=True)
class Ends:
    """Where a trip begins and where it leads, as one message tells it. `is_goal_said`: words say so of the goal."""

    start: Found | None = None
    goal: Found | None = None
    is_goal_said: bool = False


def ends_in(turn: Turn) -> Ends:
    """Return the ends of a trip that a message names.

    Of two communes of which no word tells, the first is the start; a lone one is the goal, unless the whole
    trip is to be in it.
    """
    communes = list(turn.all_of("commune"))
    start = _start_in(turn, communes)
    if start is None and len(communes) == 1 and _WITHIN.stand_beside(turn, communes[0]):
        return Ends(start=communes[0])
    goal = next((one for one in communes if start is None or one.value != start.value), None)
    return Ends(start, goal, goal is not None and _GOAL.stand_beside(turn, goal))


def is_start(turn: Turn, named: Found) -> bool:
    """Tell whether the words beside a name say that a way begins there."""
    return _START.stand_beside(turn, named)


def _start_in(turn: Turn, communes: list[Found]) -> Found | None:
    for named in turn.all_of("commune", "place"):
        if is_start(turn, named):
            return named
    if len({one.value for one in communes}) < 2:
        return None
    maybe = next((one for one in communes if _MAYBE_START.stand_beside(turn, one)), None)
    return maybe or (None if _GOAL.stand_beside(turn, communes[0]) else communes[0])

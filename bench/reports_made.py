"""A province's reports of two years, made up: most lie in four towns, most have ended."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from api.feedback.agencies.agency import shipped_agencies
from api.feedback.categories.category import shipped_categories
from api.feedback.clocks.working_days import shipped_calendar
from api.feedback.following.followers import FollowerRepository
from api.feedback.life.moves import Move, Mover
from api.feedback.life.steps import Step, StepRepository, Words
from api.feedback.reports.code import new_code
from api.feedback.reports.records import (
    Deadlines,
    Report,
    ReportContent,
    Reporter,
    ReporterKind,
    ReportState,
    Visibility,
)
from api.feedback.reports.repository import ReportRepository
from api.feedback.routing.route import Routing, shipped_owners
from api.kit.geo import Position
from api.kit.ids import new_id
from api.kit.sealing import Sealer
from api.kit.store import Store
from api.tourism.commune_index import CommuneIndex

TOWNS = (
    Position(22.3364, 103.8438),
    Position(22.4856, 103.9707),
    Position(21.7050, 104.8700),
    Position(21.5990, 104.5120),
)
"""Sa Pa, Lào Cai, Yên Bái, Nghĩa Lộ."""
IN_TOWNS = 0.7
TOWN_DEGREES = 0.012
PROVINCE = (21.35, 22.85, 103.55, 105.05)
"""South, north, west, east."""
YEARS = timedelta(days=730)
_AT_ONCE = 500
_TEXT = "Ổ gà sâu ở giữa đường, tối không thấy, xe máy đã ngã hai lần trong tuần này. "
_S = ReportState
_LIVES: Sequence[tuple[int, Sequence[tuple[Move, ReportState, Mover]]]] = (
    (6, ()),
    (4, ((Move.ACCEPT, _S.ACCEPTED, Mover.AGENCY),)),
    (
        5,
        ((Move.ACCEPT, _S.ACCEPTED, Mover.AGENCY), (Move.START, _S.IN_PROGRESS, Mover.AGENCY)),
    ),
    (5, ((Move.REFUSE, _S.REFUSED, Mover.AGENCY),)),
    (
        80,
        (
            (Move.ACCEPT, _S.ACCEPTED, Mover.AGENCY),
            (Move.ANSWER, _S.ANSWERED, Mover.AGENCY),
            (Move.CLOSE, _S.CLOSED, Mover.CLOCK),
        ),
    ),
)
"""How common each life is, in percent, and what happens in it."""


@dataclass(slots=True)
class MadeReports:
    """`chance` decides of everything, so that two runs make the same."""

    store: Store
    sealer: Sealer
    communes: CommuneIndex
    now: datetime
    chance: random.Random

    async def fill(self, count: int) -> None:
        """Write reports, their histories and who follows them."""
        reports, steps = (
            ReportRepository(self.store, self.sealer),
            StepRepository(self.store, self.sealer),
        )
        followers, codes = FollowerRepository(self.store), _codes()
        for start in range(0, count, _AT_ONCE):
            async with self.store.transaction():
                for _ in range(min(_AT_ONCE, count - start)):
                    report, history = self._made(next(codes))
                    await reports.add(report)
                    for step in history:
                        await steps.add(step)
                    if report.reporter is not None:
                        await followers.add(
                            report.id, report.reporter, "vi", report.received_at, is_reporter=True
                        )

    def position(self) -> tuple[Position, str]:
        """Return a place in the province, and its commune."""
        while True:
            position = self._anywhere()
            commune = self.communes.at(position)
            if commune is not None:
                return position, commune

    def _anywhere(self) -> Position:
        if self.chance.random() < IN_TOWNS:
            town = self.chance.choice(TOWNS)
            return Position(
                self.chance.gauss(town.latitude, TOWN_DEGREES),
                self.chance.gauss(town.longitude, TOWN_DEGREES),
            )
        south, north, west, east = PROVINCE
        return Position(self.chance.uniform(south, north), self.chance.uniform(west, east))

    def _made(self, code: str) -> tuple[Report, list[Step]]:
        (moves,) = self.chance.choices(
            [moves for _, moves in _LIVES], [weight for weight, _ in _LIVES]
        )
        category = self.chance.choice(list(shipped_categories().categories.values()))
        position, commune = self.position()
        (visibility,) = self.chance.choices(list(Visibility), [30, 10, 60])
        is_open = not moves or moves[-1][1] is not ReportState.CLOSED
        age = self.chance.uniform(0, 30) if is_open else self.chance.uniform(20, YEARS.days)
        received, end_of = self.now - timedelta(days=age), shipped_calendar().end_of
        received = received.replace(microsecond=0)
        at = {move: received + timedelta(hours=5 * nth) for nth, (move, _, _) in enumerate(moves)}
        report = Report(
            id=new_id(),
            code=code,
            category=category.code,
            visibility=visibility,
            commune_code=commune,
            reporter=Reporter(ReporterKind.PERSON, new_id()),
            content=ReportContent(position, 8.0, received, _TEXT * 2, "vi", None, {}),
            photos=(),
            spot=None if visibility is Visibility.PRIVATE else position,
            route=Routing(shipped_agencies(), shipped_owners()).route(category, commune, {}),
            state=moves[-1][1] if moves else ReportState.RECEIVED,
            received_at=received,
            state_since=max(at.values(), default=received),
            due=Deadlines(
                end_of(category.terms.accept, received),
                end_of(category.terms.answer, received),
                end_of(category.terms.fix, received),
            ),
            steps=1 + len(moves),
            accepted_at=at.get(Move.ACCEPT),
            answered_at=at.get(Move.ANSWER),
            ended_at=at.get(Move.CLOSE, at.get(Move.REFUSE)),
        )
        return report, list(_history(report, moves))


def _history(report: Report, moves: Sequence[tuple[Move, ReportState, Mover]]) -> Iterator[Step]:
    received = (Move.RECEIVE, ReportState.RECEIVED, Mover.REPORTER)
    for number, (move, state, mover) in enumerate((received, *moves), start=1):
        has_words = move in (Move.ANSWER, Move.REFUSE)
        yield Step(
            report_id=report.id,
            number=number,
            move=move,
            state=state,
            mover=mover,
            agency_id=report.route.agency_id,
            at=report.received_at + timedelta(hours=5 * (number - 1)),
            words=Words(_TEXT, "vi") if has_words else None,
        )


def _codes() -> Iterator[str]:
    """Yield codes, each once."""
    given: set[str] = set()
    while True:
        code = new_code()
        if code not in given:
            given.add(code)
            yield code

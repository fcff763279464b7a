"""Counts the ratings anew, and names each tally that says otherwise."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from api.feedback.satisfaction.records import KEPT_FOR, month_of
from api.feedback.satisfaction.repository import RatingRepository
from api.feedback.satisfaction.tallies import TallyRepository, counted, counts_of
from api.kit.clock import Clock
from api.kit.store import Store
from api.kit.transactions import transact

_AT_ONCE = 200
_MONTH = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Difference:
    """`where`: the tally and what it counts, such as "agency:commune-03006 2026-11 interaction total"."""

    where: str
    expected: int
    found: int


@dataclass(frozen=True, slots=True)
class Recount:
    tallies: int
    ratings: int
    differences: tuple[Difference, ...]


class Recounting:
    """Looks at months of which every rating is still kept."""

    def __init__(
        self, store: Store, ratings: RatingRepository, tallies: TallyRepository, clock: Clock
    ) -> None:
        self._store = store
        self._ratings = ratings
        self._tallies = tallies
        self._clock = clock

    async def run(self) -> Recount:
        """Compare each tally with its ratings, as one moment has both."""
        since = month_of(self._clock() - KEPT_FOR + _MONTH)
        seen: set[str] = set()
        ratings, differences, after = 0, list[Difference](), ""
        while found := await self._tallies.since(since, after, _AT_ONCE):
            for tally in found:
                count, wrong = await self._compare(tally.id)
                ratings, differences = ratings + count, differences + wrong
                seen.add(tally.id)
            after = found[-1].id
        differences += await self._without_tally()
        return Recount(len(seen), ratings, tuple(differences))

    async def _compare(self, tally_id: str) -> tuple[int, list[Difference]]:
        async def work() -> tuple[int, list[Difference]]:
            tally = await self._tallies.get(tally_id)
            if tally is None:
                return 0, []
            counts, expected = counts_of(tally), Counter[str]()
            ratings = await self._ratings.counted_in(tally_id)
            for rating in ratings:
                expected.update(counted(rating.opinion))
            name = f"{tally.office} {tally.month} {tally.source}"
            wrong = sorted(path for path in expected | counts if expected[path] != counts[path])
            differences = [
                Difference(f"{name} {path}", expected[path], counts[path]) for path in wrong
            ]
            return len(ratings), differences

        return await transact(self._store, work)

    async def _without_tally(self) -> list[Difference]:
        """Return the ratings that nothing counts."""
        counts = await self._ratings.count_by_tally()
        return [
            Difference(f"{tally_id} total", count, 0)
            for tally_id, count in sorted(counts.items())
            if await self._tallies.get(tally_id) is None
        ]

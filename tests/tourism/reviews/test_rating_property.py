"""Whatever people do, in whatever order: the kept rating is what a scan of the reviews would count."""

import asyncio
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from api.accounts.caller import Caller
from api.collections import COLLECTIONS
from api.context import Services
from api.kit.errors import DomainError
from api.tourism.reviews.archive import ReviewArchive
from api.tourism.reviews.personal_data import ReviewData
from api.tourism.reviews.records import Fault, Review
from api.tourism.reviews.repository import ReviewRepository
from api.wiring import services_on
from tests.conftest import MovableClock, settings_in
from tests.lives import LIVES
from tests.store.model import ModelStore
from tests.tourism.content import a_place, hold
from tests.tourism.reviews.acting import (
    LAN,
    MAI,
    PLACE,
    SUNG,
    TUA,
    a_key,
    decide,
    kept_rating,
    scanned_rating,
    write,
)

AUTHORS = (MAI, SUNG, LAN)
"""A moderator writes reviews too."""
STEPS = (
    "write",
    "write",
    "approve",
    "approve",
    "refuse",
    "take down",
    "report",
    "appeal",
    "remove",
    "erase",
    "claim",
)
Step = tuple[str, int, int]


@settings(max_examples=4 * LIVES)
@given(
    st.lists(
        st.tuples(st.sampled_from(STEPS), st.integers(0, 2), st.integers(1, 5)),
        min_size=4,
        max_size=30,
    )
)
def test_the_rating_is_always_what_is_shown(program: list[Step]) -> None:
    asyncio.run(run(program))


async def run(program: Sequence[Step]) -> None:
    """Run a program over a new store, and compare after each step."""
    clock, store = MovableClock(), ModelStore()
    await store.open(COLLECTIONS)
    await hold(store, [a_place(PLACE.id)])
    with tempfile.TemporaryDirectory() as folder:
        plan = settings_in(Path(folder))
        async with services_on(store, plan, clock) as services:
            for kind, who, number in program:
                clock.advance(minutes=20)
                # Of a refusal nothing may be left, and the comparison tells.
                with suppress(DomainError):
                    await do(services, kind, AUTHORS[who], number)
                kept = await kept_rating(services)
                assert kept == await scanned_rating(store), (kind, who, number)
                assert min(kept) >= 0
    await store.close()


async def do(services: Services, kind: str, author: Caller, number: int) -> None:
    if kind == "write":
        await write(services, author, number)
        return
    review = await ReviewRepository(services.store).by(author.person(), PLACE)
    if review is not None:
        await do_with(services, kind, review, author, number)


async def do_with(
    services: Services, kind: str, review: Review, author: Caller, number: int
) -> None:
    """Do it; a number tells which moderator does it, and which version was seen."""
    moderator, reviews = (LAN, TUA)[number % 2], services.tourism.reviews
    match kind:
        case "approve":
            await decide(services, moderator, review)
        case "refuse" | "take down":
            await decide(services, moderator, review, Fault.ABUSE, takes_down=kind == "take down")
        case "report":
            reader = Caller(f"reader-{number}")
            await reviews.reading.report(reader, review.id, Fault.PERSONAL_DATA, a_key())
        case "appeal":
            await reviews.writing.appeal(author, review.id, None)
        case "remove":
            await reviews.writing.remove(author, review.id)
        case "claim":
            await reviews.moderating.claim(moderator, review.id)
        case _:
            archive = ReviewArchive(services.store, services.media.library)
            await ReviewData(archive).erase(author.person())

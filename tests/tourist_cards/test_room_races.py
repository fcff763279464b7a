"""Two passes for one person at the same moment, in a store of snapshots; with a control without the guard."""

import asyncio
import itertools
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine

import pytest

from api.accounts.caller import Caller
from api.accounts.people.repository import Account, AccountRepository, Profile
from api.collections import COLLECTIONS
from api.context import Services
from api.credentials.status.repository import StatusRepository
from api.kit.errors import DomainError
from api.settings import Settings
from api.tourist_cards.buying import Bought
from api.tourist_cards.passes import Pass
from api.tourist_cards.products import AgeGroup, Product
from api.tourist_cards.repository import CardRepository
from api.wiring import services_on
from tests.accounts.people import new_key
from tests.accounts.snapshot_store import SnapshotStore
from tests.conftest import NOW, MovableClock
from tests.tourist_cards.buyers import a_product, an_account

Both = Callable[[Services, SnapshotStore], Awaitable[Counter[str]]]
MAI, LAN = Caller("mai"), Caller("lan")


@pytest.fixture
async def snapshots() -> AsyncIterator[SnapshotStore]:
    store = SnapshotStore(meeting=0)
    await store.open(COLLECTIONS)
    yield store
    await store.close()


@pytest.fixture
async def meeting(
    snapshots: SnapshotStore, settings: Settings, clock: MovableClock
) -> AsyncIterator[Services]:
    """The services over a store whose transactions a test lets meet; two people have accounts."""
    async with services_on(snapshots, settings, clock) as built:
        for caller in (MAI, LAN):
            await an_account(built, caller)
        yield built


@pytest.fixture(autouse=True)
def cards_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no two cards collide in the status lists, which would hide what these tests look for."""
    indexes = itertools.count()

    async def take_index(*_: object) -> int:
        return next(indexes)

    async def change(*_: object) -> None:
        return

    monkeypatch.setattr(StatusRepository, "take_index", take_index)
    monkeypatch.setattr(StatusRepository, "change", change)


async def a_free_product(services: Services, people: int = 1) -> Product:
    return await a_product(services, people=(AgeGroup.CHILD,) * people, price=0)


async def bought(services: Services, caller: Caller, product: Product) -> Bought:
    return await services.cards.buying.buy(caller, product.id, 0, new_key())


async def with_39(services: Services) -> None:
    """Let Mai have room for one more."""
    for _ in range(3):
        await bought(services, MAI, await a_free_product(services, 13))


async def bought_twice_at_once(services: Services, snapshots: SnapshotStore) -> Counter[str]:
    """Let Mai buy two free passes at once; return how that was answered."""
    await with_39(services)
    product = await a_free_product(services)
    snapshots.meet(2)
    return await answers_of(bought(services, MAI, product), bought(services, MAI, product))


async def taken_twice_at_once(services: Services, snapshots: SnapshotStore) -> Counter[str]:
    """Let Mai take two passes of Lan's at once; return how that was answered."""
    await with_39(services)
    giving = services.cards.giving
    given = (await bought(services, LAN, await a_free_product(services, 2))).passes
    first, second = [(await giving.offer(LAN, it.id, new_key())).code for it in given]
    snapshots.meet(2)
    return await answers_of(
        giving.accept(MAI, first, new_key()), giving.accept(MAI, second, new_key())
    )


async def answers_of(*asked: Coroutine[None, None, Bought | Pass]) -> Counter[str]:
    results = await asyncio.gather(*asked, return_exceptions=True)
    return Counter(
        it.code.name if isinstance(it, DomainError) else type(it).__name__ for it in results
    )


async def test_of_two_bought_at_once_the_41st_is_refused(
    meeting: Services, snapshots: SnapshotStore
) -> None:
    answers = await bought_twice_at_once(meeting, snapshots)

    assert answers == {"Bought": 1, "TOO_MANY_PASSES": 1}
    assert await unused(meeting) == 40


async def test_of_two_taken_at_once_the_41st_is_refused(
    meeting: Services, snapshots: SnapshotStore
) -> None:
    answers = await taken_twice_at_once(meeting, snapshots)

    assert answers == {"Pass": 1, "TOO_MANY_PASSES": 1}
    assert await unused(meeting) == 40


@pytest.mark.parametrize("both", [bought_twice_at_once, taken_twice_at_once])
async def test_control_of_two_who_do_not_write_the_account_neither_is_refused(
    meeting: Services, snapshots: SnapshotStore, monkeypatch: pytest.MonkeyPatch, both: Both
) -> None:
    async def looked_at(*_: object) -> bool:
        return True

    monkeypatch.setattr(AccountRepository, "hold", looked_at)

    answers = await both(meeting, snapshots)

    assert answers["TOO_MANY_PASSES"] == 0
    assert await unused(meeting) == 41


async def test_who_is_leaving_gets_no_pass(meeting: Services, snapshots: SnapshotStore) -> None:
    product = await a_free_product(meeting)
    accounts = AccountRepository(snapshots, meeting.sealer)
    await accounts.replace(Account("mai", "en", Profile(), frozenset(), NOW, is_leaving=True))

    answers = await answers_of(bought(meeting, MAI, product))

    assert answers == {"NOT_SIGNED_IN": 1}
    assert await unused(meeting) == 0


async def unused(services: Services) -> int:
    """Return how many passes Mai holds, all of which are unused."""
    return len(await CardRepository(services.store).all_passes_of(MAI.person()))

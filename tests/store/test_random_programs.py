"""The same random program on every engine: the same answers and the same refusals are demanded.

A program runs against two collections of each store, one with indexes and one without. The state
machine's own steps are synchronous; the engines live on the event loop of one runner.
"""

import asyncio
import tempfile
from collections.abc import Callable, Coroutine, Generator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from api.kit.store import (
    Collection,
    Document,
    DuplicateKey,
    Filter,
    Sort,
    Store,
    StoreError,
    Update,
)
from api.kit.store.values import Value, is_dictionary, is_list
from tests.lives import examples
from tests.store.conftest import ENGINES, made_store
from tests.store.programs import (
    DOCUMENTS,
    IDS,
    INDEXED,
    PLAIN,
    SCALAR_PATHS,
    SORTS,
    UPDATES,
    UPDATES_OF_MANY,
    Question,
    filters,
    put_to,
    readings,
)

# Questions are drawn from many alternatives, whose name Hypothesis computes and shows to nobody.
pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")

SPECS_BY_NAME = {"plain": PLAIN, "indexed": INDEXED}
Call = Callable[[Collection], Coroutine[Any, Any, Any]]

SETTINGS = settings(
    derandomize=True,
    database=None,
    deadline=None,
    stateful_step_count=25,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.filter_too_much,
    ],
)


class Program(RuleBasedStateMachine):
    """Steps that every store of `stores` takes; the first is the model."""

    stores: ClassVar[dict[str, Store]]
    runner: ClassVar[asyncio.Runner]

    @initialize(documents=st.lists(DOCUMENTS, min_size=3, max_size=8))
    def begin(self, documents: list[dict[str, Any]]) -> None:
        for spec in ("plain", "indexed"):
            self.demand_same(spec, lambda things: things.delete_many({}), compare=False)
            for document in documents:
                self.demand_same(spec, inserting(document))

    def put(self, filter: Filter) -> Filter:
        """Return a filter with values that occur where it stands open which."""
        model = next(iter(self.stores.values()))
        found = [self.runner.run(model[spec].find({})) for spec in SPECS_BY_NAME.values()]
        result: Filter = put_to([*found[0], *found[1], {"_id": "a"}], filter)
        return result

    def demand_same(self, spec: str, call: Call, *, compare: bool = True) -> None:
        answers = {
            name: self.runner.run(answer_of(call, store[SPECS_BY_NAME[spec]]))
            for name, store in self.stores.items()
        }
        if compare:
            expected = next(iter(answers.values()))
            assert answers == dict.fromkeys(answers, expected)


def inserting(document: dict[str, Any]) -> Call:
    return lambda things: things.insert(document)


def finding(filter: Filter, sort: Sort, limit: int | None) -> Call:
    return lambda things: things.find(filter, sort=sort, limit=limit)


SPECS = st.sampled_from(["plain", "indexed"])


async def answer_of(call: Call, things: Collection) -> Value:
    """Return what a call answers with its types, or what it refuses."""
    try:
        return typed(await call(things))
    except DuplicateKey as error:
        # Which of several unique indexes is named first is the engine's choice.
        return ("refused", DuplicateKey.__name__, error.collection)
    except StoreError as error:
        return ("refused", type(error).__name__)


def typed(value: Value) -> Value:
    """Return a value that is equal only to one of the same types: 1, 1.0 and True are three."""
    if is_dictionary(value):
        return {key: typed(element) for key, element in value.items()}
    if is_list(value):
        return [typed(element) for element in value]
    if isinstance(value, datetime):
        return ("datetime", value.isoformat())
    return (type(value).__name__, repr(value))


def steps(*, none_in_lists: bool) -> type[Program]:
    """Return a program whose filters are those that all its engines answer as MongoDB does."""
    asked = filters(none_in_lists=none_in_lists)

    class Steps(Program):
        @rule(spec=SPECS, document=DOCUMENTS)
        def insert(self, spec: str, document: dict[str, Any]) -> None:
            self.demand_same(spec, lambda things: things.insert(document))

        @rule(spec=SPECS, documents=st.lists(DOCUMENTS, max_size=4))
        def insert_many(self, spec: str, documents: list[dict[str, Any]]) -> None:
            self.demand_same(spec, lambda things: things.insert_many(documents))

        @rule(spec=SPECS, document=DOCUMENTS)
        def upsert(self, spec: str, document: dict[str, Any]) -> None:
            self.demand_same(spec, lambda things: things.upsert(document))

        @rule(spec=SPECS, document=DOCUMENTS, version=st.integers(0, 1))
        def replace(self, spec: str, document: dict[str, Any], version: int) -> None:
            self.demand_same(spec, lambda things: things.upsert({**document, "version": 0}))
            self.demand_same(spec, lambda things: things.replace_if_version(document, version))

        @rule(spec=SPECS, filter=asked, update=UPDATES, sort=SORTS)
        def update_one(self, spec: str, filter: Filter, update: Update, sort: Sort) -> None:
            where = self.put(filter)
            self.demand_same(spec, lambda things: things.update_one(where, update, sort=sort))

        @rule(spec=SPECS, filter=asked, update=UPDATES_OF_MANY)
        def update_many(self, spec: str, filter: Filter, update: Update) -> None:
            where = self.put(filter)
            self.demand_same(spec, lambda things: things.update_many(where, update))

        @rule(spec=SPECS, filter=asked)
        def delete_one(self, spec: str, filter: Filter) -> None:
            where = self.put(filter)
            self.demand_same(spec, lambda things: things.delete_one(where))

        @rule(spec=SPECS, filter=asked)
        def delete_few(self, spec: str, filter: Filter) -> None:
            few = {"$and": [self.put(filter), {"_id": {"$in": ["a", "b"]}}]}
            self.demand_same(spec, lambda things: things.delete_many(few))

        @rule(
            questions=st.lists(
                st.tuples(asked, SORTS, st.sampled_from([None, None, 0, 1, 3])),
                min_size=3,
                max_size=6,
            )
        )
        def find(self, questions: list[Question]) -> None:
            for open_filter, sort, limit in questions:
                call = finding(self.put(open_filter), sort, limit)
                self.demand_same("plain", call)
                self.demand_same("indexed", call)

        @rule(spec=SPECS, filter=asked, sort=SORTS, size=st.integers(1, 3))
        def page_through(self, spec: str, filter: Filter, sort: Sort, size: int) -> None:
            where = self.put(filter)
            self.demand_same(spec, lambda things: pages(things, where, sort, size))

        @rule(spec=SPECS, ids=st.lists(IDS, max_size=4))
        def get(self, spec: str, ids: list[str]) -> None:
            self.demand_same(spec, lambda things: things.get_many(ids))

        @rule(spec=SPECS, filter=asked, path=SCALAR_PATHS)
        def count(self, spec: str, filter: Filter, path: str) -> None:
            where = self.put(filter)
            self.demand_same(spec, lambda things: things.count(where))
            self.demand_same(spec, lambda things: counted(things, path, where))

        @rule(
            document=DOCUMENTS,
            filter=asked,
            update=UPDATES_OF_MANY,
            is_kept=st.booleans(),
            spec=SPECS,
        )
        def transact(
            self, document: Document, filter: Filter, update: Update, is_kept: bool, spec: str
        ) -> None:
            where = self.put(filter)
            for store in self.stores.values():
                self.runner.run(block(store, spec, document, where, update, is_kept=is_kept))
            for each in ("plain", "indexed"):
                self.demand_same(each, lambda things: things.find({}))

    return Steps


async def pages(things: Collection, filter: Filter, sort: Sort, size: int) -> list[list[Any]]:
    """Return a whole answer page by page, as a reader would ask for it."""
    found: list[list[Any]] = []
    after: list[Any] | None = None
    while page := await things.find(filter, sort=sort, limit=size, after=after):
        found.append(page)
        after = [*(value_at(page[-1], path) for path, _ in sort), page[-1]["_id"]]
    return found


def value_at(document: Document, path: str) -> Value:
    value: Value = document
    for name in path.split("."):
        value = value.get(name) if is_dictionary(value) else None
    return value


async def counted(things: Collection, path: str, filter: Filter) -> list[tuple[str, int]]:
    """Return the counts; of 1, 1.0 and True, which are one key, it is open which one is there."""
    counts = await things.count_by(path, filter)
    numbers = (bool, int, float)
    return sorted((str(k + 0.0 if isinstance(k, numbers) else k), n) for k, n in counts.items())


async def block(
    store: Store, spec: str, document: Document, filter: Filter, update: Update, *, is_kept: bool
) -> None:
    """Write to two collections in one transaction, which may end in any of the ways there are."""
    try:
        async with store.transaction():
            await store[PLAIN].upsert(document)
            try:
                await store[SPECS_BY_NAME[spec]].insert({"_id": "a", "key": document.get("a")})
            except DuplicateKey:
                await store[SPECS_BY_NAME[spec]].delete_one({"_id": "b"})
            await store[INDEXED].update_many(filter, update)
            if not is_kept:
                raise LookupError
    except (StoreError, LookupError):
        return


@pytest.fixture
def runner() -> Generator[asyncio.Runner]:
    with asyncio.Runner() as opened:
        yield opened


@contextmanager
def opened_stores(
    engines: list[str], runner: asyncio.Runner, request: pytest.FixtureRequest
) -> Generator[dict[str, Store]]:
    """Open a store of each engine, with both collections."""
    with tempfile.TemporaryDirectory() as folder:
        made = {name: made_store(name, request, Path(folder) / f"{name}.db") for name in engines}
        try:
            for store, _ in made.values():
                runner.run(store.open([PLAIN, INDEXED]))
            yield {name: store for name, (store, _) in made.items()}
        finally:
            for store, drop in made.values():
                runner.run(store.close())
                drop()


EXAMPLES = examples(5)
# Which engines are compared, whether None is looked for in lists (mongoeco differs: see
# test_filters.py), and how many times as many examples are tried.
COMPARISONS = pytest.mark.parametrize(
    ("engines", "none_in_lists", "share"),
    [(ENGINES, False, 1), (["model", "sqlite"], True, 2)],
    ids=["all_engines", "sqlite"],
)


@COMPARISONS
def test_programs_go_alike(
    engines: list[str],
    none_in_lists: bool,
    share: int,
    runner: asyncio.Runner,
    request: pytest.FixtureRequest,
) -> None:
    program = steps(none_in_lists=none_in_lists)
    program.runner = runner
    with opened_stores(engines, runner, request) as program.stores:
        limits = settings(SETTINGS, max_examples=EXAMPLES * share)
        run_state_machine_as_test(program, settings=limits)


@COMPARISONS
def test_questions_are_answered_alike(
    engines: list[str],
    none_in_lists: bool,
    share: int,
    runner: asyncio.Runner,
    request: pytest.FixtureRequest,
) -> None:
    with opened_stores(engines, runner, request) as stores:

        @settings(SETTINGS, max_examples=EXAMPLES * 2 * share)
        @given(readings(none_in_lists=none_in_lists))
        def demand_same(reading: tuple[list[Document], list[Question]]) -> None:
            documents, asked = reading
            questions = [
                (put_to(documents, open_one), sort, limit) for open_one, sort, limit in asked
            ]
            answers = [
                runner.run(answered(store, documents, questions)) for store in stores.values()
            ]
            for question, *given in zip(questions, *answers, strict=True):
                assert given == [given[0]] * len(given), question

        demand_same()


async def answered(
    store: Store, documents: Sequence[Document], questions: Sequence[Question]
) -> list[Any]:
    """Ask both collections every question; both hold what they take of the same documents."""
    for spec in (PLAIN, INDEXED):
        await store[spec].delete_many({})
        for document in documents:
            await answer_of(inserting(document), store[spec])
    return [
        [await answer_of(finding(*question), store[spec]) for spec in (PLAIN, INDEXED)]
        for question in questions
    ]

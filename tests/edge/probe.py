"""A schema with one field for each way a resolver can behave, behind the product's own edge."""

import asyncio
from collections.abc import AsyncGenerator
from enum import StrEnum, auto
from typing import Annotated

import strawberry

from api.context import Info
from api.kit.errors import DomainError
from api.kit.pages import Listing, checked_first
from api.kit.pagination import Connection
from api.kit.store import StoreUnavailable
from api.schema import schema_of

INTERNALS = "mongodb://user:pass@host"


class ProbeErrorCode(StrEnum):
    CLOSED_TODAY = auto()


class ClosedToday(DomainError):
    code = ProbeErrorCode.CLOSED_TODAY
    # A msgid of the product, so that its translations can be seen.
    message = "Ask for 1 to {most} items at a time."


@strawberry.type
class Leaf:
    name: str
    number: int

    @strawberry.field
    def leaf(self) -> "Leaf":
        return self


@strawberry.type
class Item:
    number: int


NUMBERS = Listing("probe.numbers", (int, str))


@strawberry.type
class Query:
    @strawberry.field
    def leaf(self) -> Leaf:
        return Leaf(name="leaf", number=1)

    @strawberry.field
    def echo(self, text: str) -> str:
        return text

    @strawberry.field
    def language(self, info: Info) -> str:
        return info.context.language

    @strawberry.field
    def trace(self, info: Info) -> str:
        return info.context.trace_id

    @strawberry.field
    def conversation(self, info: Info) -> str | None:
        return info.context.ticket.subject if info.context.ticket else None

    @strawberry.field
    def bug(self) -> str | None:
        raise RuntimeError(INTERNALS)

    @strawberry.field
    def refusal(self) -> str | None:
        raise ClosedToday(most=7)

    @strawberry.field
    def unavailable(self) -> str | None:
        raise StoreUnavailable(INTERNALS)

    @strawberry.field
    def needed_unavailable(self) -> str:
        raise StoreUnavailable(INTERNALS)

    @strawberry.field
    def overflow(self) -> int | None:
        return 2**40

    @strawberry.field
    def total(self, numbers: list[int]) -> int:
        return sum(numbers)

    @strawberry.field
    def items(self, first: int = 20, after: str | None = None) -> Connection[Item]:
        last = NUMBERS.values(after)
        start = last[0] + 1 if last else 0
        found = list(range(start, 5))[: checked_first(first) + 1]
        page = NUMBERS.page(found, first=first, after=after, values=lambda n: (n, str(n)))
        return Connection[Item].of(page, lambda number: Item(number=number))

    @strawberry.field
    async def doubled(self, info: Info, number: int) -> int:
        return await info.context.loader(doubles).load(number)


LOADS: list[list[int]] = []


async def doubles(numbers: list[int]) -> list[int]:
    LOADS.append(list(numbers))
    return [number * 2 for number in numbers]


@strawberry.type
class Mutation:
    @strawberry.mutation
    def echo(self, text: str) -> str:
        return text

    @strawberry.mutation
    async def never(self) -> int:
        await asyncio.Event().wait()
        return 1


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def count(
        self, to: Annotated[int, strawberry.argument(description="Last number.")]
    ) -> AsyncGenerator[int]:
        for number in range(1, to + 1):
            yield number

    @strawberry.subscription
    async def wait(self) -> AsyncGenerator[int]:
        yield 1
        await asyncio.Event().wait()

    @strawberry.subscription
    async def never(self) -> AsyncGenerator[int]:
        await asyncio.Event().wait()
        yield 1

    @strawberry.subscription
    async def language(self, info: Info) -> AsyncGenerator[str]:
        yield info.context.language

    @strawberry.subscription
    async def bug(self) -> AsyncGenerator[int]:
        yield 1
        raise RuntimeError(INTERNALS)

    @strawberry.subscription
    async def refusal(self) -> AsyncGenerator[int]:
        yield 1
        raise ClosedToday(most=7)


probe_schema = schema_of(Query, Mutation, Subscription)

"""Relay connections (GraphQL Cursor Connections Specification) over pages."""

from collections.abc import Callable
from typing import Annotated, Generic, TypeVar

import strawberry

from api.kit.pages import Page

Item = TypeVar("Item")
Node = TypeVar("Node")

First = Annotated[int, strawberry.argument(description="How many at most, 1 to 100.")]
After = Annotated[
    str | None, strawberry.argument(description="`endCursor` of the page before this one.")
]


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None = strawberry.field(description="Give it as `after` for the next page.")


@strawberry.type
class Edge(Generic[Node]):
    node: Node
    cursor: str = strawberry.field(description="Opaque; good for `after` in the same list only.")


@strawberry.type
class Connection(Generic[Node]):
    edges: list[Edge[Node]]
    page_info: PageInfo

    @classmethod
    def of(cls, page: Page[Item], node: Callable[[Item], Node]) -> "Connection[Node]":
        """Present a page, each item as the GraphQL type that `node` makes of it."""
        return cls(
            edges=[
                Edge(node=node(item), cursor=cursor)
                for item, cursor in zip(page.items, page.cursors, strict=True)
            ],
            page_info=PageInfo(
                has_next_page=page.has_next,
                has_previous_page=page.has_previous,
                start_cursor=page.cursors[0] if page.cursors else None,
                end_cursor=page.cursors[-1] if page.cursors else None,
            ),
        )

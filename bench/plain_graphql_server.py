"""The peer of bench/graphql.py: plain Strawberry on FastAPI, as its documentation shows it.

The same schema shape as ours for `places`, the same answer, from objects in memory. No guard, no
caches, no store, no languages: `python -m bench.plain_graphql_server PORT ANSWER.json`.
"""

import json
import sys
from enum import Enum
from pathlib import Path
from typing import Any

import strawberry
import uvicorn
from fastapi import FastAPI
from strawberry.fastapi import GraphQLRouter


@strawberry.type
class LocalizedText:
    text: str
    language: str


@strawberry.type
class Position:
    latitude: float
    longitude: float


@strawberry.input
class PositionInput:
    latitude: float
    longitude: float


@strawberry.type
class Commune:
    code: strawberry.ID
    name: LocalizedText


@strawberry.enum
class PlaceCategory(Enum):
    HERITAGE = "HERITAGE"
    LAKE = "LAKE"
    MARKET = "MARKET"
    MOUNTAIN = "MOUNTAIN"


@strawberry.type
class Place:
    id: strawberry.ID
    name: LocalizedText
    description: LocalizedText | None
    category: str
    category_name: str
    position: Position
    position_accuracy: float
    altitude: float | None
    distance: float | None
    commune: Commune | None
    former_unit: str | None
    opening_note: LocalizedText | None


@strawberry.type
class Edge:
    node: Place
    cursor: str


@strawberry.type
class PageInfo:
    has_next_page: bool
    end_cursor: str | None


@strawberry.type
class PlaceConnection:
    edges: list[Edge]
    page_info: PageInfo


def text(members: dict[str, Any] | None) -> LocalizedText | None:
    return LocalizedText(**members) if members else None


def connection(answer: dict[str, Any]) -> PlaceConnection:
    edges: list[Edge] = []
    for edge in answer["edges"]:
        node = edge["node"]
        commune = node["commune"]
        place = Place(
            id=node["id"],
            name=LocalizedText(**node["name"]),
            description=text(node["description"]),
            category=node["category"],
            category_name=node["categoryName"],
            position=Position(**node["position"]),
            position_accuracy=node["positionAccuracy"],
            altitude=node["altitude"],
            distance=node["distance"],
            commune=commune
            and Commune(code=commune["code"], name=LocalizedText(**commune["name"])),
            former_unit=node["formerUnit"],
            opening_note=text(node["openingNote"]),
        )
        edges.append(Edge(node=place, cursor=edge["cursor"]))
    info = answer["pageInfo"]
    return PlaceConnection(
        edges=edges,
        page_info=PageInfo(has_next_page=info["hasNextPage"], end_cursor=info["endCursor"]),
    )


ANSWER = connection(json.loads(Path(sys.argv[2]).read_text(encoding="utf-8")))


@strawberry.type
class Query:
    @strawberry.field
    async def places(
        self,
        near: PositionInput | None = None,
        within: float | None = None,
        categories: list[PlaceCategory] | None = None,
        search: str | None = None,
        first: int = 20,
        after: str | None = None,
    ) -> PlaceConnection:
        return ANSWER


app = FastAPI()
app.include_router(GraphQLRouter[Any, Any](strawberry.Schema(Query)), prefix="/graphql")

if __name__ == "__main__":
    uvicorn.run(app, port=int(sys.argv[1]), log_level="warning", access_log=False)

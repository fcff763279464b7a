from typing import Annotated

import strawberry

from api.context import Info
from api.guide.search.service import SearchKind, SearchQuery
from api.guide.search.service import SearchResult as SearchFound
from api.kit.pagination import After, Connection, First
from api.kit.schema_types import LocalizedText, Position, PositionInput
from api.kit.search.highlights import Segment

strawberry.enum(SearchKind, description="What can be found.")


@strawberry.type(description="A part of a text; all parts, joined, are the text.")
class TextSegment:
    text: str = strawberry.field(description="Plain text, white space included.")
    is_match: bool = strawberry.field(description="Whether it answers to what was typed.")

    @classmethod
    def all_of(cls, segments: tuple[Segment, ...]) -> list["TextSegment"]:
        return [cls(text=it.text, is_match=it.is_match) for it in segments]


@strawberry.type(
    description="Something that was found. `kind` says which field tells more of it: `place(id)` for PLACE and"
    " HOSPITAL, `communes` for COMMUNE, and so on."
)
class SearchResult:
    kind: SearchKind = strawberry.field(description="What it is.")
    id: strawberry.ID = strawberry.field(description="Opaque; unique among its kind.")
    label: str = strawberry.field(description="What sort of thing it is, in the reader's language.")
    name: LocalizedText = strawberry.field(description="In the reader's language if we have it.")
    name_segments: list[TextSegment] = strawberry.field(
        description="`name` in parts, to show in bold what answers to the text."
    )
    found_as: list[TextSegment] | None = strawberry.field(
        description="The other name (former, or in another language) that answers, when `name` does not."
    )
    summary: LocalizedText | None = strawberry.field(description="A few sentences.")
    around: LocalizedText | None = strawberry.field(description="The commune it lies in.")
    position: Position | None = strawberry.field(
        description="Null for what is nowhere in particular."
    )
    distance: float | None = strawberry.field(
        description="Metres from `near` as the crow flies; null without it."
    )

    @classmethod
    def of(cls, found: SearchFound, info: Info) -> "SearchResult":
        it, language = found.document, info.context.language
        return cls(
            kind=SearchKind(it.kind),
            id=strawberry.ID(it.id),
            label=info.context.translate(it.label),
            name=LocalizedText(text=it.names[found.language], language=found.language),
            name_segments=TextSegment.all_of(found.name),
            found_as=None if found.found_as is None else TextSegment.all_of(found.found_as),
            summary=LocalizedText.of(it.summary or {}, language),
            around=LocalizedText.of(it.around or {}, language),
            position=None if it.position is None else Position.of(it.position),
            distance=found.distance_metres,
        )


@strawberry.type
class SearchQueries:
    @strawberry.field(
        description="Places, hospitals, communes, events, trails and tours: best match first; with `near`, of"
        " matches alike the nearest first."
    )
    async def search(
        self,
        info: Info,
        text: Annotated[
            str,
            strawberry.argument(
                description="At most 100 characters in any of the six languages, as people type: marks are not"
                " needed, former names and small typing errors are understood."
            ),
        ],
        near: PositionInput | None = None,
        kinds: Annotated[
            list[SearchKind] | None, strawberry.argument(description="None or empty: all.")
        ] = None,
        first: First = 20,
        after: After = None,
    ) -> Connection[SearchResult]:
        query = SearchQuery(text, near.position() if near else None, frozenset(kinds or ()))
        page = await info.context.services.guide.search.search(
            query, info.context.language, first=first, after=after
        )
        return Connection[SearchResult].of(page, lambda found: SearchResult.of(found, info))

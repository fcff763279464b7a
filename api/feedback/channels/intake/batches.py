"""Batches of items as systems send them: JSON, checked before anything is written.

Members that are not ours are passed over: a system may send who wrote something, and we do not keep it.
"""

from dataclasses import dataclass
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from api.feedback.channels.errors import ItemsNotUnderstood, SignatureWrong, SourcePaused
from api.feedback.channels.intake import signatures
from api.feedback.channels.intake.taking_in import TakingIn
from api.feedback.channels.records import NewItem, SourceState
from api.feedback.channels.sources.repository import SourceRepository
from api.kit.clock import Clock

ITEMS_AT_MOST = 100
_NOBODY = "a secret that no source has"


class _Item(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    id: Annotated[str, Field(min_length=1, max_length=1_000)]
    text: Annotated[str, Field(min_length=1, max_length=20_000)]
    title: Annotated[str, Field(max_length=2_000)] = ""
    url: Annotated[str, Field(max_length=2_000)] | None = None
    published_at: Annotated[AwareDatetime | None, Field(alias="publishedAt", strict=False)] = None

    def item(self) -> NewItem:
        return NewItem(self.id, self.url, self.title, self.text, self.published_at)


class _Batch(BaseModel):
    model_config = ConfigDict(extra="ignore")

    items: Annotated[list[_Item], Field(min_length=1, max_length=ITEMS_AT_MOST)]


@dataclass(frozen=True, slots=True)
class BatchTaken:
    """`known`: items that were taken in before."""

    taken: int
    known: int


class Batches:
    def __init__(self, sources: SourceRepository, taking_in: TakingIn, clock: Clock) -> None:
        self._sources = sources
        self._taking_in = taking_in
        self._clock = clock

    async def verify(self, source_id: str, header: str, body: bytes) -> None:
        """Check who sent it. Raises SignatureWrong, SignatureOutOfTime and SourcePaused."""
        secrets, now = await self._sources.secrets_of(source_id), self._clock()
        good = secrets.at(now) if secrets is not None else [_NOBODY]
        signatures.check(header, good, source_id, body, now)
        source = await self._sources.get(source_id) if secrets is not None else None
        if source is None:
            raise SignatureWrong
        if source.state is not SourceState.ACTIVE:
            raise SourcePaused

    async def take(self, source_id: str, body: bytes) -> BatchTaken:
        """Take in what was verified; what is sent again is known. Raises ItemsNotUnderstood."""
        items = _items(body)
        new = [await self._taking_in.take(source_id, item) for item in items]
        await self._sources.heard(source_id, self._clock())
        return BatchTaken(taken=sum(new), known=len(new) - sum(new))


def _items(body: bytes) -> list[NewItem]:
    try:
        return [one.item() for one in _Batch.model_validate_json(body).items]
    except ValidationError as error:
        where = error.errors(include_url=False, include_input=False, include_context=False)[0][
            "loc"
        ]
        number = next((part for part in where if isinstance(part, int)), None)
        raise ItemsNotUnderstood(".".join(map(str, where))[:100] or "body", number) from error

"""What may be reviewed: each kind is looked up where it is kept."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Protocol

from api.tourism.content_ids import is_content_id
from api.tourism.records import Texts
from api.tourism.repository import TourismRepository
from api.tourism.reviews.errors import SubjectNotFound
from api.tourism.reviews.records import Subject, SubjectKind


class SubjectsOfKind(Protocol):
    """Where things of one kind are kept."""

    async def names(self, ids: Sequence[str]) -> Mapping[str, Texts]:
        """Return the names, by id, of those that readers can see."""
        ...


class Subjects:
    """`kinds`: a new one needs a line in api.wiring, and nothing here."""

    def __init__(self, kinds: Mapping[SubjectKind, SubjectsOfKind]) -> None:
        self._kinds = kinds

    async def check(self, subject: Subject) -> None:
        """Raise SubjectNotFound unless readers can see it."""
        if subject not in await self.names([subject]):
            raise SubjectNotFound

    async def names(self, subjects: Sequence[Subject]) -> dict[Subject, Texts]:
        """Return what the subjects are called; those that nobody sees any more are left out."""
        ids: defaultdict[SubjectKind, set[str]] = defaultdict(set)
        for subject in filter(lambda one: is_content_id(one.id), subjects):
            ids[subject.kind].add(subject.id)
        found: dict[Subject, Texts] = {}
        for kind, wanted in ids.items():
            names = await self._kinds[kind].names(sorted(wanted))
            found |= {Subject(kind, subject_id): texts for subject_id, texts in names.items()}
        return found

    async def named(self, subjects: Sequence[Subject]) -> list[Texts | None]:
        """Return what each is called, in their order."""
        names = await self.names(subjects)
        return [names.get(subject) for subject in subjects]


class PlaceSubjects:
    def __init__(self, repository: TourismRepository) -> None:
        self._repository = repository

    async def names(self, ids: Sequence[str]) -> Mapping[str, Texts]:
        places = await self._repository.places_by_id(ids)
        return {place_id: place.names for place_id, place in places.items()}

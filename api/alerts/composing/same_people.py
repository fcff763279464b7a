"""Whether two accounts are one person's, as far as it can be known: by the papers they registered."""

from collections.abc import Iterable

from api.accounts.identity_papers.repository import IdentityPaperRepository

_ACCOUNTS_OF_A_PAPER_AT_MOST = 20


class SamePeople:
    def __init__(self, papers: IdentityPaperRepository) -> None:
        self._papers = papers

    async def is_one_of(self, person_id: str, others: Iterable[str]) -> bool:
        """Tell whether somebody is one of the others, or has registered the same paper as their own."""
        wanted = frozenset(others)
        if person_id in wanted:
            return True
        for paper in await self._papers.all_of(person_id):
            if paper.dependant_id is not None:
                continue
            same = await self._papers.with_number(paper.number, _ACCOUNTS_OF_A_PAPER_AT_MOST)
            if any(one.dependant_id is None and one.person_id in wanted for one in same):
                return True
        return False

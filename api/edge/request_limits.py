"""How many GraphQL requests a minute one client may send, and one person."""

from pathlib import Path

from api.kit.addresses import line_of
from api.kit.limits import Allowance, Limits
from api.kit.operation_texts import operation_texts, texts_of
from api.kit.tickets import Ticket

CALLS_FOR_HELP = (
    "safety/AddSosPosition",
    "safety/AnswerMuster",
    "safety/RaiseSos",
    "safety/TakeBackSos",
)
"""What somebody in danger sends: whoever shares an address with a busy crowd must not wait for it."""
_SECONDS = 60


def documents_that_call_for_help(operations: Path) -> frozenset[str]:
    """Return the texts of those of CALLS_FOR_HELP that are published there."""
    published = operation_texts(operations).keys() & frozenset(CALLS_FOR_HELP)
    return texts_of(operations, published)


class RequestLimits:
    """A subscription over WebSocket counts like a POST.

    `calls_for_help`: the texts of CALLS_FOR_HELP. They are not counted for a person, and beyond what their
    address may ask they have as much again for themselves.
    """

    def __init__(
        self, *, per_address: int, per_person: int, calls_for_help: frozenset[str]
    ) -> None:
        self._per_address = Allowance(per_address, _SECONDS)
        self._per_person = Allowance(per_person, _SECONDS)
        self._calls_for_help = calls_for_help

    def is_call_for_help(self, document: str) -> bool:
        """Tell whether it is one of the documents that somebody in danger sends, as published."""
        return document in self._calls_for_help

    async def check_client(self, limits: Limits, address: str, ticket: Ticket | None) -> None:
        """Count a request for its address. Raises TooManyRequests.

        All that the bot sends comes from one address: there, it counts for the conversation.
        """
        if ticket is None:
            await limits.check("graphql.address", line_of(address), self._per_address)
        else:
            await limits.check("graphql.conversation", ticket.subject, self._per_person)

    async def check_person(self, limits: Limits, person_id: str | None) -> None:
        """Count a request for who is signed in. Raises TooManyRequests."""
        if person_id is not None:
            await limits.check("graphql.person", person_id, self._per_person)

    async def check_call_for_help(self, limits: Limits, address: str) -> None:
        """Count a call for help from an address that may ask for nothing else now. Raises TooManyRequests."""
        await limits.check("graphql.help", line_of(address), self._per_address)

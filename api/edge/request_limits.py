"""How many GraphQL requests a minute one client may send, and one person."""

from api.kit.addresses import line_of
from api.kit.limits import Allowance, Limits
from api.kit.tickets import Ticket

_SECONDS = 60


class RequestLimits:
    """A subscription over WebSocket counts like a POST."""

    def __init__(self, *, per_address: int, per_person: int) -> None:
        self._per_address = Allowance(per_address, _SECONDS)
        self._per_person = Allowance(per_person, _SECONDS)

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

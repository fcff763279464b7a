"""The link in an invitation by which one tap rates, without signing in."""

import hmac

from api.feedback.satisfaction.records import Rating
from api.kit.sealing import Sealer

PATH = "/feedback/v1/rate"
_PURPOSE = "rating tickets"
_SIGNATURE_CHARACTERS = 32


class RatingTickets:
    """A ticket gives one rating and tells nothing of it; short enough for an SMS.

    The rating's id and half of an HMAC-SHA-256 over it. It ends with the rating, after 30 days or the first tap.
    """

    def __init__(self, sealer: Sealer, public_url: str) -> None:
        self._sealer = sealer
        self._public_url = public_url

    def link(self, rating: Rating) -> str:
        """Return where one tap rates; it opens no account."""
        return f"{self._public_url}{PATH}?ticket={self.issue(rating.id)}"

    def issue(self, rating_id: str) -> str:
        """Return the ticket of a rating, always the same."""
        signed = self._sealer.digest(_PURPOSE, rating_id)
        return f"{rating_id}.{signed[:_SIGNATURE_CHARACTERS]}"

    def read(self, ticket: str) -> str | None:
        """Return the id of the rating, None for what is no ticket of ours."""
        rating_id = ticket.partition(".")[0]
        is_ours = ticket.isascii() and hmac.compare_digest(ticket, self.issue(rating_id))
        return rating_id if is_ours else None

"""Short-lived tickets: what the bot carries instead of a person's token (FINDINGS on trackers).

A JWT (RFC 7519), HS256, audience "bot". It names a conversation, never a person or a place.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt

from api.kit.clock import Clock
from api.kit.ids import new_id

AUDIENCE = "bot"
ALGORITHM = "HS256"
TOKEN_CHARACTERS_AT_MOST = 2_048


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket that was found good. `subject` is the conversation; `id` is unique to the ticket."""

    id: str
    subject: str
    expires_at: datetime


class Tickets:
    """Issues and reads tickets under one secret of 32 characters or more."""

    def __init__(self, secret: str, clock: Clock) -> None:
        self._secret = secret
        self._clock = clock

    def issue(self, subject: str, lifetime: timedelta, ticket_id: str | None = None) -> str:
        """Return a new ticket's token; its id is made by chance unless it is given."""
        now = self._clock()
        claims = {
            "aud": AUDIENCE,
            "sub": subject,
            "jti": ticket_id or new_id(),
            "iat": int(now.timestamp()),
            "exp": int((now + lifetime).timestamp()),
        }
        return jwt.encode(claims, self._secret, algorithm=ALGORITHM)

    def read(self, token: str) -> Ticket | None:
        """Return the ticket, or None when it is not ours, malformed, or expired."""
        if len(token) > TOKEN_CHARACTERS_AT_MOST:
            return None
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                self._secret,
                algorithms=[ALGORITHM],
                audience=AUDIENCE,
                # Time is a parameter here, so the moment is compared below and not by the library.
                options={
                    "require": ["exp", "jti", "sub", "aud"],
                    "verify_exp": False,
                    "verify_iat": False,
                },
            )
            ticket = Ticket(
                str(claims["jti"]), str(claims["sub"]), datetime.fromtimestamp(claims["exp"], UTC)
            )
        except (jwt.InvalidTokenError, TypeError, ValueError, OverflowError, OSError):
            return None
        return ticket if self._clock() < ticket.expires_at else None

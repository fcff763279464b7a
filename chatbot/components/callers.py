"""Who may give the bot orders: whoever shows the secret that it shares with our API."""

from __future__ import annotations

import hmac

from sanic.request import Request

import project


def is_allowed(request: Request) -> bool:
    """Tell whether a request brings `Authorization: Bearer <secret>`."""
    secret = project.bot_secret()
    shown = (request.token or "").encode(errors="surrogateescape")
    return bool(secret) and hmac.compare_digest(shown, secret.encode())

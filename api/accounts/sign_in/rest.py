"""GET /.well-known/jwks.json (RFC 7517): the keys under which our access tokens can be checked."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from api.kit.http_problem import unavailable_response
from api.kit.signing_keys import SigningKeys
from api.kit.store import StoreError

CACHED_SECONDS = 60
"""Shorter than a new key is published before it signs."""

router = APIRouter()


@router.get("/.well-known/jwks.json")
async def published_keys(request: Request) -> Response:
    """Answer the set, the oldest key first."""
    keys: SigningKeys = request.app.state.services.accounts.access_keys
    try:
        published = await keys.published()
    except StoreError:
        return unavailable_response(request)
    headers = {
        "cache-control": f"public, max-age={CACHED_SECONDS}",
        "access-control-allow-origin": "*",
    }
    return JSONResponse({"keys": published}, headers=headers)

"""The signature of a pack: a JWT (RFC 7519, EdDSA) over its hash, apart from the bytes.

A phone checks it without a network by the keys of /v1/packs/keys.json, which it has kept. It says which area, language
and version it is of, so no pack passes for another one, and when it was made, so that an old one does not pass for new.
"""

from datetime import timedelta

import jwt

from api.guide.packs.format import PackEdition
from api.guide.packs.repository import PackFile
from api.kit.clock import Clock
from api.kit.signing_keys import SigningKeys

PURPOSE = "packs"
AUDIENCE = "laocai-pack"
ALGORITHM = "EdDSA"
TOKEN_TYPE = "pack+jwt"  # noqa: S105 - a media type
HOLDS_FOR = timedelta(days=90)
"""After that a phone says that its pack is old; also how long a key verifies that signs no more."""


class PackSignatures:
    """`issuer`: the address under which phones reach us."""

    def __init__(self, keys: SigningKeys, issuer: str, clock: Clock) -> None:
        self.keys = keys
        self._issuer = issuer
        self._clock = clock

    async def sign(self, edition: PackEdition, file: PackFile) -> str:
        key_id, private = await self.keys.to_sign()
        issued_at = int(self._clock().timestamp())
        claims = {
            "iss": self._issuer,
            "aud": AUDIENCE,
            "sub": edition.scope.name,
            "language": edition.language,
            "version": file.version,
            "since": file.since,
            "sha256": file.sha256,
            "byteCount": file.byte_count,
            "iat": issued_at,
            "exp": issued_at + int(HOLDS_FOR.total_seconds()),
        }
        headers = {"kid": key_id, "typ": TOKEN_TYPE}
        return jwt.encode(claims, private, algorithm=ALGORITHM, headers=headers)

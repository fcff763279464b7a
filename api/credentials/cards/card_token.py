"""What is on a card: a compact JWS (RFC 7515, EdDSA) of short claims, small enough for a QR code.

The claims name no person: `i` the credential, `k` its kind, `a` the audience's tag, `s` the place in
the status lists, `g` the generation, `e` the epoch of the gate key, `h` the salted hash of the holder,
`p` a printed card; `nbf` and `exp` as in RFC 7519. Pure: no store and no network.
"""

import binascii
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from api.credentials.records import CredentialKind
from api.kit import base64url
from api.kit.ids import is_id
from api.kit.json_values import is_object

PURPOSE = "credentials"
"""Of the signing keys."""
ALGORITHM = "EdDSA"
TOKEN_TYPE = "card+jwt"  # noqa: S105 - a media type
CHARACTERS_AT_MOST = 400
_LETTERS = {CredentialKind.TOURIST_PASS: "T", CredentialKind.STUDENT_CARD: "S"}
_KINDS = {letter: kind for kind, letter in _LETTERS.items()}
_SHAPE = re.compile(r"[\w-]{1,200}\.[\w-]{1,300}\.[\w-]{86}", re.ASCII)
_TAG = re.compile(r"[\w-]{11}", re.ASCII)
_HOLDER = re.compile(r"[\w-]{11}", re.ASCII)
_SECONDS_AT_MOST = 2**35
_NUMBER_AT_MOST = 2**31


@dataclass(frozen=True, slots=True)
class CardToken:
    """What a good token says. Valid from `not_before`, before `expires_at`."""

    credential_id: str
    kind: CredentialKind
    audience_tag: str
    status_index: int
    generation: int
    epoch: int
    holder_hash: str
    not_before: datetime
    expires_at: datetime
    is_printed: bool = False


def signed(card: CardToken, key_id: str, private: Ed25519PrivateKey) -> str:
    claims: dict[str, Any] = {
        "i": card.credential_id,
        "k": _LETTERS[card.kind],
        "a": card.audience_tag,
        "s": card.status_index,
        "g": card.generation,
        "e": card.epoch,
        "h": card.holder_hash,
        "nbf": int(card.not_before.timestamp()),
        "exp": int(card.expires_at.timestamp()),
    }
    if card.is_printed:
        claims["p"] = 1
    headers = {"kid": key_id, "typ": TOKEN_TYPE}
    return jwt.encode(claims, private, algorithm=ALGORITHM, headers=headers)


def key_id_of(token: str) -> str | None:
    """Return which key a token says it is signed with; None for what is no token of a card."""
    if len(token) > CHARACTERS_AT_MOST or not _SHAPE.fullmatch(token) or not _is_canonical(token):
        return None
    try:
        header: object = json.loads(base64url.decoded(token.partition(".")[0]))
    except (ValueError, RecursionError):
        return None
    if not is_object(header):
        return None
    key_id = header.get("kid")
    is_card = header.get("typ") == TOKEN_TYPE and header.get("alg") == ALGORITHM
    return key_id if is_card and isinstance(key_id, str) and is_id(key_id) else None


def card_of(token: str, public: Ed25519PublicKey) -> CardToken | None:
    """Return what a token says, None unless this key has signed exactly these characters.

    Whether it holds at a moment is for the caller to say: time is a parameter.
    """
    if key_id_of(token) is None:
        return None
    # Moments are compared by the caller, and not by the library's clock.
    options: Any = {"verify_exp": False, "verify_nbf": False, "verify_iat": False}
    try:
        claims = jwt.decode(token, public, algorithms=[ALGORITHM], options=options)
    except (jwt.InvalidTokenError, ValueError, TypeError, RecursionError):
        return None
    return _card(claims)


def _card(claims: dict[str, Any]) -> CardToken | None:
    numbers = [claims.get(name) for name in ("s", "g", "e")]
    moments = [claims.get(name) for name in ("nbf", "exp")]
    kind = _KINDS.get(str(claims.get("k")))
    texts = [str(claims.get(name)) for name in ("i", "a", "h")]
    is_sound = (
        kind is not None
        and all(_is_number(number, _NUMBER_AT_MOST) for number in numbers)
        and all(_is_number(moment, _SECONDS_AT_MOST) for moment in moments)
        and is_id(texts[0])
        and _TAG.fullmatch(texts[1]) is not None
        and _HOLDER.fullmatch(texts[2]) is not None
    )
    if not is_sound or kind is None:
        return None
    return CardToken(
        credential_id=texts[0],
        kind=kind,
        audience_tag=texts[1],
        status_index=claims["s"],
        generation=claims["g"],
        epoch=claims["e"],
        holder_hash=texts[2],
        not_before=datetime.fromtimestamp(claims["nbf"], UTC),
        expires_at=datetime.fromtimestamp(claims["exp"], UTC),
        is_printed="p" in claims,
    )


def _is_number(value: object, most: int) -> bool:
    return type(value) is int and 0 <= value < most


def _is_canonical(token: str) -> bool:
    """Tell whether no other characters say the same: the last one of a part may carry idle bits."""
    try:
        return all(base64url.encoded(base64url.decoded(part)) == part for part in token.split("."))
    except (ValueError, binascii.Error):
        return False

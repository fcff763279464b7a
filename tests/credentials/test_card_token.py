"""Tokens: what they say, that nothing in them can be changed, and that they fit a QR code."""

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import jwt
import pytest
import segno
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from api.context import Services
from api.credentials.cards.card_token import (
    CHARACTERS_AT_MOST,
    CardToken,
    card_of,
    key_id_of,
    signed,
)
from api.credentials.cards.shown import QR_VERSION_AT_MOST, Shown, qr_code, qr_svg, read
from api.credentials.records import CredentialKind
from api.kit.ids import new_id
from tests.credentials.cards import Phone, a_card

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEY_ID = "a" * 26
CARD = CardToken(
    credential_id="b" * 26,
    kind=CredentialKind.TOURIST_PASS,
    audience_tag="abcdefghijk",
    status_index=41,
    generation=2,
    epoch=3,
    holder_hash="lmnopqrstuv",
    not_before=datetime(2026, 5, 1, tzinfo=UTC),
    expires_at=datetime(2026, 6, 1, tzinfo=UTC),
)
LARGEST = replace(
    CARD,
    kind=CredentialKind.STUDENT_CARD,
    status_index=2**31 - 1,
    generation=2**31 - 1,
    epoch=2**31 - 1,
    expires_at=datetime(2200, 1, 1, tzinfo=UTC),
    is_printed=True,
)


@pytest.mark.parametrize("card", [CARD, replace(CARD, is_printed=True), LARGEST])
def test_what_was_signed_is_read(card: CardToken) -> None:
    token = signed(card, KEY_ID, KEY)

    assert key_id_of(token) == KEY_ID
    assert card_of(token, KEY.public_key()) == card


def test_another_key_has_not_signed_it() -> None:
    assert card_of(signed(CARD, KEY_ID, KEY), Ed25519PrivateKey.generate().public_key()) is None


def test_no_character_of_a_token_can_be_changed() -> None:
    token = signed(CARD, KEY_ID, KEY)
    public = KEY.public_key()
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

    # Of the last characters all neighbours are tried: some of their bits mean nothing.
    ends = {part_end - 1 for part_end in (token.index("."), token.rindex("."), len(token))}
    changed = [
        token[:place] + other + token[place + 1 :]
        for place in range(len(token))
        for other in (alphabet if place in ends else "A_")
        if other != token[place]
    ]

    assert len(changed) > len(token)
    assert [one for one in changed if card_of(one, public) is not None] == []


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "EdDSA", "kid": KEY_ID, "typ": "at+jwt"},
        {"alg": "EdDSA", "kid": KEY_ID, "typ": "statuslist+jwt"},
        {"alg": "EdDSA", "kid": KEY_ID},
        {"alg": "none", "kid": KEY_ID, "typ": "card+jwt"},
        {"alg": "HS256", "kid": KEY_ID, "typ": "card+jwt"},
        {"alg": "EdDSA", "kid": ["x"], "typ": "card+jwt"},
        {"alg": "EdDSA", "kid": "../keys", "typ": "card+jwt"},
    ],
)
def test_other_tokens_of_ours_are_no_cards(header: dict[str, object]) -> None:
    token = signed(CARD, KEY_ID, KEY)
    other = base64.urlsafe_b64encode(json.dumps(header).encode()).decode().rstrip("=")

    assert key_id_of(f"{other}.{token.partition('.')[2]}") is None


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"s": -1},
        {"s": True},
        {"g": 1.5},
        {"nbf": "1"},
        {"exp": 2**40},
        {"k": "X"},
        {"i": "short"},
        {"a": "../"},
        {"h": None},
    ],
)
def test_claims_that_cannot_be_are_no_card_though_signed(claims: dict[str, object]) -> None:
    good = jwt.decode(signed(CARD, KEY_ID, KEY), options={"verify_signature": False})
    headers = {"kid": KEY_ID, "typ": "card+jwt"}
    body = {**good, **claims} if claims else {}
    token = jwt.encode(body, KEY, algorithm="EdDSA", headers=headers)

    assert card_of(token, KEY.public_key()) is None


def test_the_largest_token_with_its_code_fits_a_qr_code_of_version_15() -> None:
    token = signed(LARGEST, KEY_ID, KEY)

    code = qr_code(Shown(token, "01234567").text)

    assert len(token) <= CHARACTERS_AT_MOST
    assert (int(code.version) <= QR_VERSION_AT_MOST, code.error) == (True, "M")


def test_a_common_card_has_a_qr_code_of_version_14() -> None:
    code = qr_code(Shown(signed(CARD, KEY_ID, KEY), "01234567").text)

    assert code.designator == "14-M"


def test_more_than_version_15_is_refused() -> None:
    with pytest.raises(ValueError, match="version 16"):
        qr_code("a" * 413)


def test_the_svg_is_the_qr_code_with_its_quiet_zone() -> None:
    svg = qr_svg(signed(CARD, KEY_ID, KEY))
    wide, high = segno.make_qr(
        signed(CARD, KEY_ID, KEY), error="m", boost_error=False
    ).symbol_size()

    assert svg.startswith(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}"')


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a.b",
        "a.b.c.1234567",
        "a.b.c.123456789",
        "a.b.c.１２３４５６７８",
        "a.b.c.12345678.1",
        "a.b.c.12345678 ",
        "x" * 500,
    ],
)
def test_what_is_shown_has_three_parts_and_maybe_a_code(text: str) -> None:
    assert read(text) is None


async def test_a_token_names_no_person(services: Services) -> None:
    person = new_id()
    service = services.credentials
    first, second = await a_card(service, holder=person), await a_card(service, holder=person)

    claims = [
        jwt.decode(
            (await Phone.with_card(service, card)).token, options={"verify_signature": False}
        )
        for card in (first, second)
    ]

    assert set(claims[0]) == {"i", "k", "a", "s", "g", "e", "h", "nbf", "exp"}
    assert claims[0]["h"] != claims[1]["h"]
    assert person not in json.dumps(claims)


async def test_the_holder_s_hash_stays_while_the_holder_does(services: Services) -> None:
    service, now = services.credentials, datetime(2026, 5, 1, 9, 30, tzinfo=UTC)
    card = await a_card(service, holder=new_id())

    async def holder_hash() -> str:
        kept = await service.issuing.get(card.id)
        assert kept is not None
        token = (await Phone.with_card(service, kept)).token
        claims = jwt.decode(token, options={"verify_signature": False})
        return str(claims["h"])

    first = await holder_hash()
    await service.issuing.reissue(card.id, now)
    second = await holder_hash()
    await service.issuing.hand_over(card.id, new_id(), now + timedelta(seconds=1))

    assert first == second
    assert await holder_hash() != first

"""Makes the tokens of credentials, for phones and for printed cards, and reads them back."""

from api.credentials.cards.card_token import CardToken, card_of, key_id_of, signed
from api.credentials.gates.gate_keys import GateKeys
from api.credentials.records import Credential
from api.kit.signing_keys import SigningKeys


class CardSigning:
    def __init__(self, keys: SigningKeys, gate_keys: GateKeys) -> None:
        self.keys = keys
        self._gate_keys = gate_keys

    async def token_of(self, credential: Credential, *, is_printed: bool = False) -> str:
        """Return the token of the newest generation as it is valid now."""
        key_id, private = await self.keys.to_sign()
        return signed(self._card(credential, is_printed=is_printed), key_id, private)

    async def read(self, token: str) -> CardToken | None:
        """Return what a token of ours says, None for any other."""
        key_id = key_id_of(token)
        public = await self.keys.to_verify(key_id) if key_id else None
        return card_of(token, public) if public else None

    def _card(self, credential: Credential, *, is_printed: bool) -> CardToken:
        generation = credential.generation
        holder = credential.holder_id or credential.subject_id
        return CardToken(
            credential_id=credential.id,
            kind=credential.kind,
            audience_tag=credential.audience.tag,
            status_index=generation.index,
            generation=generation.number,
            epoch=generation.epoch,
            holder_hash=self._gate_keys.holder_hash(credential.id, holder),
            not_before=credential.valid_from,
            expires_at=credential.valid_until,
            is_printed=is_printed,
        )

"""Makes the bundle of an enrolled gate: the keys of its audience as they are now, and the status lists."""

from datetime import timedelta

from api.credentials.gates.bundle import GateBundle, GateKey, SignedBundle, sign_bundle
from api.credentials.gates.gate_keys import GateKeys
from api.credentials.gates.records import Gate
from api.credentials.status.publishing import Publishing
from api.kit.clock import Clock
from api.kit.signing_keys import SigningKeys

HOLDS_FOR = timedelta(days=7)


class Bundling:
    def __init__(
        self, keys: SigningKeys, gate_keys: GateKeys, publishing: Publishing, clock: Clock
    ) -> None:
        self._keys = keys
        self._gate_keys = gate_keys
        self._publishing = publishing
        self._clock = clock

    async def bundle(self, gate: Gate) -> SignedBundle:
        now = self._clock()
        epochs = await self._gate_keys.epochs(gate.audience)
        lists: dict[str, str] = {}
        for list_id in await self._publishing.list_ids(gate.audience.tag):
            if published := await self._publishing.whole(list_id):
                lists[self._publishing.uri(list_id)] = published.token
        bundle = GateBundle(
            gate_id=gate.id,
            audience_tag=gate.audience.tag,
            jwks=await self._keys.published(),
            gate_keys=tuple(
                GateKey(epoch, self._gate_keys.gate_key(gate.audience, epoch), until)
                for epoch, until in sorted(epochs.accepted(now).items())
            ),
            list_uris=tuple(lists),
            policy=gate.policy,
            made_at=now,
            expires_at=now + HOLDS_FOR,
        )
        key_id, private = await self._keys.to_sign()
        return SignedBundle(bundle, sign_bundle(bundle, key_id, private), lists)

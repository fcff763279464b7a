"""Gates without a network, as tests need them."""

import json

from api.credentials.gates.bundle import read_bundle_file
from api.credentials.gates.records import DEFAULT_POLICY, OldListPolicy
from api.credentials.offline.verifier import OfflineVerifier
from api.credentials.service import CredentialService
from tests.credentials.cards import CABLE_CAR, a_gate_with_secret, keeper_of


async def a_bundle_file(service: CredentialService, policy: OldListPolicy = DEFAULT_POLICY) -> str:
    """Return what a new gate of the cable car fetched just now, as the file of `laocai verify`."""
    gate, secret = await a_gate_with_secret(service, CABLE_CAR, policy)
    signed = await service.enrolling.bundle(keeper_of(CABLE_CAR), gate.id, secret)
    lists = [{"url": url, "token": token} for url, token in signed.lists.items()]
    return json.dumps({"token": signed.token, "statusLists": lists})


async def an_offline_gate(
    service: CredentialService, policy: OldListPolicy = DEFAULT_POLICY
) -> OfflineVerifier:
    return OfflineVerifier(*read_bundle_file(await a_bundle_file(service, policy)))

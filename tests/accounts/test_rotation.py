"""After a rotation of the sealing key nothing stays under the old one but what goes by itself."""

import httpx

from api.accounts.sign_in.codes import CHALLENGES
from api.context import Services
from api.kit.store import Store
from api.settings import Settings
from api.wiring import sealing_keys_of
from notifications.text_outbox import TEXT_OUTBOX
from notifications.text_recordings import RECORDED_TEXTS, TextRecordings
from tests.accounts.families import a_dependant, consent, put_paper
from tests.accounts.people import MAI, MINJUN, me, request_code, signed_in, text_sent
from tests.accounts.staff import an_administrator, invite
from tests.conftest import MovableClock

GO_BY_THEMSELVES = {CHALLENGES.name}
"""Collections whose documents last for some hours at most."""


async def test_no_collection_is_forgotten(
    client: httpx.AsyncClient,
    services: Services,
    store: Store,
    settings: Settings,
    clock: MovableClock,
) -> None:
    person = await signed_in(client, services, MAI, app="Phone")
    await consent(services, person)
    await a_dependant(client, person)
    await put_paper(client, person, "CCCD", "010190123456")
    administrator = await an_administrator(client, services)
    await invite(client, administrator, MINJUN)
    code_id = (await request_code(client, MINJUN))["sentCode"]["id"]
    recordings = TextRecordings(store, services.sealer, clock)
    await recordings.add(await text_sent(services, code_id))
    keys = sealing_keys_of(services, settings, clock)
    ((old, _),) = keys.ids()
    before, mine = await keys.uses(), await me(client, person)

    new = keys.add()
    await keys.seal_all_anew()

    uses = await keys.uses()
    assert set(uses[old]) == GO_BY_THEMSELVES
    assert uses[new] + uses[old] == before[old]
    assert {TEXT_OUTBOX.name, RECORDED_TEXTS.name} < set(uses[new])
    assert await me(client, person) == mine

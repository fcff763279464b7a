"""An agency at the HTTP door, phones on a table, and the messages they got."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import httpx
import pytest

from api.context import Services
from api.kit.geo import Position
from api.kit.job_runner import JobRunner
from api.kit.store import Store
from api.worker import handlers_of
from notifications.notice import Text
from notifications.senders import Message
from notifications.worker import OutboxWorker
from tests.alerts.messages import SA_PA, SENDER
from tests.conftest import ROOT, MovableClock, send
from tests.notifications.factories import a_device, put
from tests.notifications.senders import ScriptedSender

REAL_MESSAGES = ROOT.parent / "shared" / "data" / "cap"
needs_real_messages = pytest.mark.skipif(
    not REAL_MESSAGES.is_dir(), reason="the real CAP messages (shared/data/cap) are not here"
)


@dataclass(frozen=True, slots=True)
class Door:
    """POST /cap/v1/alerts, with the key of an agency that may speak as SENDER."""

    client: httpx.AsyncClient
    key: str

    async def post(
        self,
        message: bytes,
        *,
        key: str | None = None,
        content_type: str = "application/cap+xml",
        language: str = "en",
    ) -> httpx.Response:
        return await self.client.post(
            "/cap/v1/alerts",
            content=message,
            headers={
                "authorization": f"Bearer {key or self.key}",
                "content-type": content_type,
                "accept-language": language,
            },
        )

    async def accepts(self, message: bytes) -> dict[str, object]:
        """Post a message that must be new, and return the answer."""
        reply = await self.post(message)
        assert reply.status_code == 201, reply.text
        answer: dict[str, object] = reply.json()
        return answer


@dataclass(slots=True)
class Phones:
    """Registered phones, and the worker that reaches them."""

    store: Store
    services: Services
    clock: MovableClock
    sender: ScriptedSender = field(default_factory=ScriptedSender)

    async def add(
        self,
        name: str,
        at: Position | None = SA_PA,
        *,
        language: str = "vi",
        homes: Sequence[str] = (),
    ) -> None:
        """Put a phone of that name somewhere."""
        await put(self.store, a_device(id=name, at=at, language=language, homes=homes))

    async def deliver(self) -> int:
        """Run everything that is due, jobs and outbox; return how many jobs ran."""
        jobs = JobRunner(self.store, self.clock, handlers_of(self.services))
        ran = await jobs.run_due()
        await self.services.alerts.newcomers.look_if_due()
        await OutboxWorker(self.store, self.clock, self.sender).run_due()
        return ran

    async def told(self) -> dict[str, list[Text]]:
        """Deliver what is due, and return what each phone has got, oldest first."""
        await self.deliver()
        got: dict[str, list[Text]] = {}
        for message in self.sender.sent:
            _, text = message.notice.text_for(message.device.profile.language)
            got.setdefault(message.device.id, []).append(text)
        return got

    async def names(self) -> set[str]:
        """Deliver what is due, and return the names of the phones that have got anything."""
        return set(await self.told())

    async def last(self, name: str) -> Message:
        """Deliver what is due, and return the last message to the phone of that name."""
        await self.deliver()
        return [message for message in self.sender.sent if message.device.id == name][-1]


@pytest.fixture
async def door(client: httpx.AsyncClient, services: Services) -> Door:
    made = await services.alerts.keys.create("Civil Defence", [SENDER])
    return Door(client, made.key)


@pytest.fixture
def phones(store: Store, services: Services, clock: MovableClock) -> Phones:
    return Phones(store, services, clock)


async def active_identifiers(client: httpx.AsyncClient, at: Position | None = SA_PA) -> list[str]:
    """Ask which warnings hold, in the order in which they are given."""
    where = {"latitude": at.latitude, "longitude": at.longitude} if at else None
    data = await send(client, "alerts/ActiveAlerts", {"at": where})
    return [edge["node"]["identifier"] for edge in data["activeAlerts"]["edges"]]

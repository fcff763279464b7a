"""People who asked for warnings by SMS, and the worker that sends them."""

from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from api.context import Services
from api.kit.store import Store
from notifications.senders import Message
from notifications.text_outbox import TEXT_OUTBOX
from notifications.text_worker import TextWorker
from notifications.texts import Channel
from tests.accounts.people import SignedInPerson, call, new_key, signed_in
from tests.accounts.phones import credentials, register
from tests.alerts.conftest import Phones
from tests.alerts.messages import (
    SA_PA_CODE,
    SENT,
    alert,
    area,
    geocode,
    info,
    polygon,
    reference,
)
from tests.conftest import send
from tests.notifications.senders import ScriptedTextSender

IN_SA_PA = area(polygon(), geocode("VN-COMMUNE", SA_PA_CODE))
EXTREME = info(severity="Extreme", areas=IN_SA_PA, instruction="Lên chỗ cao ngay.")
MAI, SON = "+84912345671", "+84912345672"


async def choose(client: httpx.AsyncClient, person: SignedInPerson, **changes: Any) -> Any:  # noqa: ANN401
    wish = {"communes": [SA_PA_CODE], "consent": True, **changes}
    data = await send(client, "alerts/SetWarningSms", {"input": wish}, headers=person.headers)
    return data["setWarningSms"]


async def someone(client: httpx.AsyncClient, services: Services, number: str) -> SignedInPerson:
    """Sign in with a number, and ask for SMS."""
    person = await signed_in(client, services, number)
    await choose(client, person)
    return person


async def sms(store: Store, services: Services) -> dict[str, str]:
    """Return what is queued of warnings, by person."""
    found = await store[TEXT_OUTBOX].find({"channel": "sms", "state": "queued"})
    return {
        document["person_id"]: services.sealer.open(
            document["content"], f"text_outbox/{document['_id']}"
        )["body"]
        for document in found
        if document["person_id"]
    }


async def minutes_later(phones: Phones, minutes: int = 5) -> None:
    await phones.deliver()
    phones.clock.advance(minutes=minutes)
    await phones.deliver()


@pytest.fixture
async def mai(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    return await someone(client, services, MAI)


async def a_phone_of(
    client: httpx.AsyncClient, person: SignedInPerson, name: str
) -> dict[str, Any]:
    """Register a phone at home in Sa Pa, and link it."""
    phone = await register(client, new_key(), registration=name, homeCommunes=[SA_PA_CODE])
    linking = {**credentials(phone), "idempotencyKey": new_key()}
    await call(client, "LinkDevice", linking, person)
    return phone


async def opens(client: httpx.AsyncClient, phone: dict[str, Any], message: Message) -> None:
    await call(
        client,
        "NoticeOpened",
        {
            "noticeId": message.notice.id,
            "deviceId": phone["device"]["id"],
            "deviceSecret": phone["secret"],
        },
    )


FIRST = ("flood-1", SENT)
"""How a later message names the first one."""


def update(
    *infos: str, identifier: str = "flood-2", of: tuple[str, str] = FIRST, minute: int = 10
) -> bytes:
    """Return an Update, sent so many minutes after the first message."""
    return alert(
        *infos,
        identifier=identifier,
        msg_type="Update",
        references=reference(of[0], sent=of[1]),
        sent=sent_at(minute),
    )


def cancel(of: tuple[str, str] = FIRST, minute: int = 20) -> bytes:
    return alert(
        identifier=f"cancel-of-{of[0]}",
        msg_type="Cancel",
        references=reference(of[0], sent=of[1]),
        sent=sent_at(minute),
    )


def sent_at(minute: int) -> str:
    return f"2026-05-01T16:{minute:02}:00+07:00"


@dataclass(slots=True)
class Texting:
    """Jobs, phones, and a service for SMS that answers by script."""

    services: Services
    phones: Phones
    sender: ScriptedTextSender = field(default_factory=ScriptedTextSender)

    @property
    def worker(self) -> TextWorker:
        services = self.services
        senders = {Channel.SMS: self.sender}
        return TextWorker(services.store, services.sealer, self.phones.clock, senders)

    async def run(self, *, minutes: int = 0) -> None:
        """Run all that is due, so many minutes later."""
        self.phones.clock.advance(minutes=minutes)
        for _ in range(2):
            await self.phones.deliver()
            await self.worker.run_due()

    def got(self, number: str) -> list[str]:
        """Return the first lines of what went to a number of warnings, oldest first."""
        return [text.split("\n", 1)[0] for text in self.texts(number)]

    def texts(self, number: str) -> list[str]:
        return [one.body for one in self.sender.sent if one.to == number and one.person_id]


@pytest.fixture
def texting(services: Services, phones: Phones) -> Texting:
    return Texting(services, phones)

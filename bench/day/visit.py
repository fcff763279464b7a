"""One visit of one phone: a few operations in a row, begun when it was due, whoever else waits."""

import random
import time
from dataclasses import dataclass
from typing import Any

from bench.day.cast import Cast
from bench.day.wire import Failed, Phone, Wire


@dataclass(slots=True)
class Visit:
    """`due`: when the first operation should have been sent, by time.perf_counter; later ones follow the answers."""

    wire: Wire
    cast: Cast
    phone: Phone
    chance: random.Random
    hour: int
    due: float | None

    @property
    def device(self) -> dict[str, Any]:
        return {"device": self.phone.device}

    def some_officer(self) -> Phone:
        return self.chance.choice(self.cast.officers)

    async def ask(self, operation: str, phone: Phone | None = None, /, **variables: Any) -> Any:  # noqa: ANN401
        """Ask as this phone, or as another one. Raises Refused and Failed, which end the visit."""
        asking = phone or self.phone
        await self.wire.renewed(asking, self.hour)
        due, self.due = self.due, None
        return await self.wire.ask(asking, operation, variables, hour=self.hour, due=due)

    async def change(self, operation: str, phone: Phone | None = None, /, **values: Any) -> Any:  # noqa: ANN401
        return await self.ask(operation, phone, input=values)

    async def post(self, name: str, path: str, body: bytes, headers: dict[str, str]) -> None:
        """Post to a door that is not GraphQL; noted like an operation. Raises Failed."""
        started = self.begun()
        base = self.wire.base_of(self.phone)
        async with self.wire.session.post(f"{base}{path}", data=body, headers=headers) as reply:
            text = await reply.text()
        error = "" if reply.status < 300 else f"{reply.status} {text}"
        self.wire.note(name, self.hour, started, error=error)
        if error:
            raise Failed(f"{name}: {error}")

    def begun(self) -> float:
        """Return when what comes now was due."""
        due, self.due = self.due, None
        return time.perf_counter() if due is None else due

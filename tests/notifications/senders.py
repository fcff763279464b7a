"""Senders that do as they are told."""

import asyncio
from collections.abc import Callable, Sequence

from typing_extensions import override

from notifications.senders import Answer, Message, Report, Verdict
from notifications.texts import TextMessage

Script = Callable[[Message], Answer]
TextScript = Callable[[TextMessage], Answer]


def accept(_: Message) -> Answer:
    return Answer(Verdict.ACCEPTED)


class ScriptedSender:
    """Answers by script, and remembers what it was given in order."""

    def __init__(self, script: Script = accept) -> None:
        self.script: Script = script
        self.sent: list[Message] = []

    @property
    def device_ids(self) -> list[str]:
        return [message.device.id for message in self.sent]

    async def send(self, messages: Sequence[Message], report: Report) -> None:
        for message in messages:
            self.sent.append(message)
            report(message, self.script(message))

    async def close(self) -> None:
        pass


class StuckSender(ScriptedSender):
    """Sends the first message of a batch, then waits until `go_on` is set."""

    def __init__(self) -> None:
        super().__init__()
        self.go_on = asyncio.Event()
        self.is_stuck = asyncio.Event()

    @override
    async def send(self, messages: Sequence[Message], report: Report) -> None:
        await super().send(messages[:1], report)
        self.is_stuck.set()
        await self.go_on.wait()
        await super().send(messages[1:], report)


def accept_text(_: TextMessage) -> Answer:
    return Answer(Verdict.ACCEPTED)


class ScriptedTextSender:
    """Answers by script, and remembers what it was given in order. Waits first, when told to."""

    def __init__(self, script: TextScript = accept_text) -> None:
        self.script: TextScript = script
        self.sent: list[TextMessage] = []
        self.go_on = asyncio.Event()
        self.go_on.set()
        self.is_stuck = asyncio.Event()

    @property
    def ids(self) -> list[str]:
        return [message.id for message in self.sent]

    async def send(self, message: TextMessage) -> Answer:
        self.sent.append(message)
        if not self.go_on.is_set():
            self.is_stuck.set()
            await self.go_on.wait()
        return self.script(message)

    async def close(self) -> None:
        pass

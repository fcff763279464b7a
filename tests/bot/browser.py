"""A Chromium without a screen, spoken to by its DevTools protocol: no driver and no download of ours."""

import asyncio
import itertools
import json
import shutil
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

COMMAND = shutil.which("chromium") or shutil.which("google-chrome")
WHY_NOT = "no Chromium is installed (Debian: apt-get install chromium)"
_SECONDS = 40
_FRAME_BYTES = 16_000_000


class Page:
    """One tab. `violations`: what the page was kept from by its policy, and its uncaught errors."""

    def __init__(
        self, socket: ClientConnection, session: str, numbers: "itertools.count[int]"
    ) -> None:
        self._socket = socket
        self._session = session
        self._numbers = numbers
        self.violations: list[str] = []

    async def call(self, method: str, **parameters: Any) -> dict[str, Any]:  # noqa: ANN401
        """Send a command of the protocol and return its result."""
        return await _called(
            self, self._socket, next(self._numbers), method, parameters, self._session
        )

    async def run(self, script: str) -> Any:  # noqa: ANN401
        """Return what the expression, or the promise that it is, comes to."""
        answer = await self.call(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    async def until(self, condition: str) -> None:
        """Wait until the expression is true."""
        async with asyncio.timeout(_SECONDS):
            while not await self.run(condition):  # noqa: ASYNC110 - another process is looked at
                await asyncio.sleep(0.05)

    async def open(self, url: str, *, id: str = "chat") -> None:
        """Go there, and wait until it is loaded and holds an element of this id."""
        await self.call("Page.navigate", url=url)
        await self.until(f"document.readyState === 'complete' && !!document.getElementById('{id}')")

    async def press(self, key: str, *, text: str = "") -> None:
        """Press and let go of a key, as a keyboard does."""
        for kind in ("keyDown", "keyUp"):
            typed = {"text": text} if text and kind == "keyDown" else {}
            code = {"Tab": 9, "Enter": 13}.get(key, 0)
            await self.call(
                "Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=code, **typed
            )

    def hears(self, message: dict[str, Any]) -> None:
        if message.get("method") == "Log.entryAdded":
            self.violations.append(message["params"]["entry"]["text"])
        if message.get("method") == "Runtime.exceptionThrown":
            self.violations.append(str(message["params"]["exceptionDetails"]))


@asynccontextmanager
async def a_browser(folder: Path, *, language: str = "en-US") -> AsyncGenerator[Page]:
    """Start it with a profile in `folder`, and give its only page."""
    assert COMMAND is not None
    process = await asyncio.create_subprocess_exec(
        COMMAND,
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-first-run",
        f"--lang={language}",
        f"--user-data-dir={folder}",
        "--remote-debugging-port=0",
        "about:blank",
        stderr=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(_SECONDS):
            url = await _address(process)
        async with connect(url, max_size=_FRAME_BYTES) as socket:
            yield await _page(socket)
    finally:
        process.kill()
        await process.wait()


async def _address(process: asyncio.subprocess.Process) -> str:
    assert process.stderr is not None
    mark = "DevTools listening on "
    while line := (await process.stderr.readline()).decode():
        if line.startswith(mark):
            return line.removeprefix(mark).strip()
    raise AssertionError("Chromium ended at once")


async def _page(socket: ClientConnection) -> Page:
    numbers = itertools.count(1)
    target = await _called(
        None, socket, next(numbers), "Target.createTarget", {"url": "about:blank"}
    )
    attached = await _called(
        None,
        socket,
        next(numbers),
        "Target.attachToTarget",
        {"targetId": target["targetId"], "flatten": True},
    )
    page = Page(socket, attached["sessionId"], numbers)
    for domain in ("Page", "Runtime", "Log"):
        await page.call(f"{domain}.enable")
    return page


async def _called(
    page: Page | None,
    socket: ClientConnection,
    number: int,
    method: str,
    parameters: dict[str, Any],
    session: str | None = None,
) -> dict[str, Any]:
    command = {"id": number, "method": method, "params": parameters}
    await socket.send(json.dumps(command | ({"sessionId": session} if session else {})))
    async with asyncio.timeout(_SECONDS):
        while True:
            message = json.loads(await socket.recv())
            if message.get("id") == number:
                assert "error" not in message, message
                return dict(message["result"])
            if page is not None:
                page.hears(message)

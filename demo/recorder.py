"""What the recorder kept in place of phones and mailboxes, and waiting for it."""

import os
import time
from collections.abc import Callable
from typing import Any

import httpx

from demo.phone import Phone

PATIENCE = float(os.environ.get("DEMO_PATIENCE", "1"))
"""How many times as long everything may take: more where the machine is busy with something else, as the tests say."""
CODE_SECONDS = 10.0


def text_to(client: httpx.Client, address: str) -> dict[str, Any]:
    """Return the first text to this address, once it is there; stop when none comes."""
    if not wait_until(lambda: bool(texts_to(client, address)), CODE_SECONDS):
        raise SystemExit(f"No text came to {address}.")
    return texts_to(client, address)[0]


def texts_to(client: httpx.Client, address: str) -> list[dict[str, Any]]:
    """Return the SMS and e-mails that the recorder kept for this address."""
    reply = client.get("/dev/recorder.json", params={"to": address})
    texts: list[dict[str, Any]] = reply.raise_for_status().json()["texts"]
    return texts


def received_by(client: httpx.Client, phone: Phone) -> list[dict[str, Any]]:
    """Return what the recorder kept for this phone."""
    reply = client.get("/dev/recorder.json", params={"device": phone.device_id})
    recordings: list[dict[str, Any]] = reply.raise_for_status().json()["recordings"]
    return recordings


def wait_until(condition: Callable[[], bool], seconds: float, pause: float = 0.1) -> bool:
    """Return whether `condition` came true in time."""
    deadline = time.monotonic() + seconds * PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True

"""Pushes: what one message costs us, beside h2load and firebase-admin, all to the same local FCM.

Each runs in a process of its own, and its processor time is counted, not the server's. h2load, which sends
the same bytes over ten connections and reads no reply's meaning, is the floor. The last line sends a million
within the quota, whose clock moves only when the quota is waited for. `python -m bench.push`, with h2load (nghttp2-client) on the PATH; `--without-million` for a short run.
"""

import asyncio
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from api.kit.clock import system_clock
from api.kit.ids import new_id
from bench.local_fcm import LocalFcm, local_fcm
from bench.machine import described_machine
from notifications.devices import Device, DeviceProfile, Platform, Registration, RegistrationKind
from notifications.notice import Notice, Priority, Text
from notifications.payload import Payload
from notifications.senders import Answer, Message, Verdict
from notifications.worker import LANES

MESSAGES = 100_000
BY_FIREBASE = 2_000
MILLION = 1_000_000
QUOTA_A_MINUTE = 600_000
A_BATCH = 1_000
TIMES_THE_FLOOR_AT_MOST = 5.0
TIMES_CHEAPER_AT_LEAST = 25.0
MILLION_SECONDS_AT_MOST = 110.0
MEMORY_MB_AT_MOST = 400.0


@dataclass(frozen=True, slots=True)
class Figures:
    """`accepted` of `messages`; `memory_mb`: the most that the process had.

    `quota_seconds`: how long the quota was waited for, by its own clock.
    """

    messages: int
    accepted: int
    processor_seconds: float
    seconds: float
    memory_mb: float
    quota_seconds: float = 0.0

    @property
    def microseconds_each(self) -> float:
        return self.processor_seconds / self.messages * 1e6


def a_notice() -> Notice:
    return Notice(
        id="bench-of-pushes",
        thread="flash-flood-bao-yen",
        texts={
            "vi": Text("Cảnh báo lũ quét: xã Phúc Khánh", "Lên chỗ cao ngay. " * 12),
            "en": Text("Flash flood warning: Phúc Khánh", "Go to higher ground now. " * 10),
        },
        priority=Priority.EXTREME,
        overrides_quiet_hours=True,
        expires_at=system_clock() + timedelta(hours=6),
        data={"alert": "vn-laocai-2026-000123", "type": "warning"},
    )


def devices(count: int) -> list[Device]:
    return [_device(number) for number in range(count)]


def _device(number: int) -> Device:
    now = system_clock()
    profile = DeviceProfile(
        registration=Registration(RegistrationKind.TOKEN, f"{new_id()}:{new_id() * 5}"),
        platform=(Platform.ANDROID, Platform.ANDROID, Platform.IOS)[number % 3],
        language=("vi", "vi", "vi", "en")[number % 4],
        quiet_hours=None,
        home_communes=frozenset({"02647"}),
        position=None,
    )
    return Device(
        id=new_id(),
        secret_digest="0" * 64,
        profile=profile,
        created_at=now,
        updated_at=now,
        retired_at=None,
    )


class QuotaClock:
    """Stands still, but for what is waited for the quota."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.seconds += seconds  # whoever asks next sees this, so that no wait counts twice
        await asyncio.sleep(0)


def by_us(fcm: LocalFcm, messages: int, quota: int) -> Figures:
    """Send as the worker does: a few batches at a time."""
    return asyncio.run(_by_us(fcm, messages, quota))


async def _by_us(fcm: LocalFcm, messages: int, quota: int) -> Figures:
    os.environ["REQUESTS_CA_BUNDLE"] = fcm.certificates  # of firebase-admin's token requests
    from notifications.senders.fcm import FcmSender
    from notifications.senders.token_bucket import TokenBucket

    clock = QuotaClock()
    sender = FcmSender(
        fcm.credentials,
        system_clock,
        url=fcm.url,
        quota=TokenBucket(quota, clock, clock.sleep),
        certificates=fcm.certificates,
    )
    notice, phones = a_notice(), devices(A_BATCH)
    accepted = 0

    def report(_: Message, answer: Answer) -> None:
        nonlocal accepted
        accepted += answer.verdict is Verdict.ACCEPTED

    async def slot() -> None:
        for _ in batches:
            await sender.send([Message(notice, device) for device in phones], report)

    batches = iter(range(messages // A_BATCH))
    began, used = time.monotonic(), _processor_seconds()
    await asyncio.gather(*(slot() for _ in LANES[1:]))
    figures = _figures(messages, accepted, began, used)
    await sender.close()
    return replace(figures, quota_seconds=clock.seconds)


def by_firebase_admin(fcm: LocalFcm, messages: int, _: int) -> Figures:
    """Send with `send_each`, 500 at a time, its most."""
    os.environ["REQUESTS_CA_BUNDLE"] = fcm.certificates
    import firebase_admin  # pyright: ignore[reportMissingTypeStubs]
    import requests.adapters
    from firebase_admin import (  # pyright: ignore[reportMissingTypeStubs]
        credentials,
        messaging,
    )

    admin: Any = firebase_admin
    app = admin.initialize_app(credentials.Certificate(str(fcm.credentials)))
    service: Any = vars(messaging)["_get_messaging_service"](
        app
    )  # the only way to lead it elsewhere
    service._fcm_url = fcm.send_url
    pool = requests.adapters.HTTPAdapter(pool_connections=100, pool_maxsize=100)
    service._client.session.mount(fcm.url, pool)
    text = a_notice().texts["vi"]
    made = [
        messaging.Message(
            token=device.profile.registration.value,
            notification=messaging.Notification(title=text.title, body=text.body),
            data={"alert": "vn-laocai-2026-000123", "type": "warning"},
            android=messaging.AndroidConfig(priority="high", collapse_key="flash-flood-bao-yen"),
        )
        for device in devices(messages)
    ]
    began, used = time.monotonic(), _processor_seconds()
    answers = [messaging.send_each(made[start : start + 500]) for start in range(0, messages, 500)]
    return _figures(messages, sum(it.success_count for it in answers), began, used)


def by_h2load(fcm: LocalFcm, messages: int, _: int) -> Figures:
    """Send the bytes of one of our messages with h2load, ten connections of 100 streams."""
    (device,) = devices(1)
    payload = Payload(a_notice(), "vi", Platform.ANDROID, system_clock())
    program = shutil.which("h2load")
    if program is None:
        raise FileNotFoundError("h2load, of nghttp2-client, is not on the PATH")
    with tempfile.NamedTemporaryFile() as body:
        body.write(payload.addressed_to(device.profile.registration))
        body.flush()
        command = [program, "-n", str(messages), "-c", "10", "-m", "100", "-d", body.name]
        fields = ["-H", "content-type: application/json", "-H", "authorization: Bearer a-token"]
        began, used = time.monotonic(), _processor_seconds(resource.RUSAGE_CHILDREN)
        done = subprocess.run(
            [*command, *fields, fcm.send_url], check=True, capture_output=True, text=True
        )
    accepted = next(int(it.split()[2]) for it in done.stdout.splitlines() if "status codes" in it)
    children = resource.RUSAGE_CHILDREN
    return _figures(messages, accepted, began, used, children)


def _processor_seconds(who: int = resource.RUSAGE_SELF) -> float:
    usage = resource.getrusage(who)
    return usage.ru_utime + usage.ru_stime


def _figures(
    messages: int, accepted: int, began: float, used: float, who: int = resource.RUSAGE_SELF
) -> Figures:
    return Figures(
        messages=messages,
        accepted=accepted,
        processor_seconds=_processor_seconds(who) - used,
        seconds=time.monotonic() - began,
        memory_mb=resource.getrusage(who).ru_maxrss / 1_024,
    )


Way = Callable[[LocalFcm, int, int], Figures]


def apart(way: Way, fcm: LocalFcm, messages: int, quota: int = 60_000_000) -> Figures:
    """Run in a process of its own."""
    context = get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_run, args=(way, fcm, messages, quota, there))
    process.start()
    there.close()
    try:
        figures: Figures = here.recv()
    except EOFError:
        raise RuntimeError(f"{way.__name__} broke off") from None
    finally:
        process.join()
    return figures


def _run(way: Way, fcm: LocalFcm, messages: int, quota: int, to: Connection) -> None:
    to.send(way(fcm, messages, quota))


def measured(*, with_million: bool) -> dict[str, Figures]:
    with tempfile.TemporaryDirectory() as folder, local_fcm(Path(folder)) as fcm:
        rows = {
            "h2load, the floor": apart(by_h2load, fcm, MESSAGES),
            "laocai": apart(by_us, fcm, MESSAGES),
            "firebase-admin send_each": apart(by_firebase_admin, fcm, BY_FIREBASE),
        }
        if with_million:
            rows["laocai, a million in the quota"] = apart(by_us, fcm, MILLION, QUOTA_A_MINUTE)
        return rows


def main(arguments: Sequence[str]) -> int:
    """Print the table; return 1 when a bound is not kept."""
    rows = measured(with_million="--without-million" not in arguments)
    table = Table(
        "sender", "messages", "accepted", "CPU µs each", "seconds", "a second", "quota s", "MB"
    )
    for name, row in rows.items():
        numbers = (f"{row.messages:,}", f"{row.accepted:,}", f"{row.microseconds_each:,.1f}")
        rate = f"{row.messages / row.seconds:,.0f}"
        table.add_row(
            name,
            *numbers,
            f"{row.seconds:.1f}",
            rate,
            f"{row.quota_seconds:.1f}",
            f"{row.memory_mb:.0f}",
        )
    Console(width=110).print(described_machine(), table)
    return 0 if _is_right(rows) else 1


def _is_right(rows: dict[str, Figures]) -> bool:
    floor, ours, firebase, *million = rows.values()
    each = ours.microseconds_each
    bounds = [
        all(row.accepted == row.messages for row in rows.values()),
        each <= TIMES_THE_FLOOR_AT_MOST * floor.microseconds_each,
        firebase.microseconds_each >= TIMES_CHEAPER_AT_LEAST * each,
        all(row.quota_seconds <= MILLION_SECONDS_AT_MOST for row in million),
        all(row.memory_mb <= MEMORY_MB_AT_MOST for row in (ours, *million)),
    ]
    Console().print(
        f"{each / floor.microseconds_each:.1f} times the floor (at most {TIMES_THE_FLOOR_AT_MOST}), "
        f"{firebase.microseconds_each / each:.0f} times cheaper than firebase-admin (at least {TIMES_CHEAPER_AT_LEAST})"
    )
    return all(bounds)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""A card at a gate: online at 50 scans a second, and offline, each beside a floor.

Online, the server is one process under uvicorn, and every scan is the first of another tourist pass, which starts it; latencies count from
the moment at which a scan was due, so that a queue would show. The floor is the same server and caller
asked for nothing. Offline, the floor is one check of an Ed25519 signature. Processor time, of the server or
of the verification, says what each costs when others keep the machine busy. `python -m bench.scan`.
"""

import asyncio
import base64
import json
import os
import random
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from statistics import quantiles

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from rich.console import Console
from rich.table import Table

from api.accounts.caller import Caller, Grant, Role, Scope, ScopeKind
from api.accounts.people.repository import Account, AccountRepository, Profile
from api.credentials.cards.rotating_code import code_of, step_at
from api.credentials.gates.bundle import read_bundle_file
from api.credentials.gates.enrolling import NewGate
from api.credentials.holding import ShownTo
from api.credentials.offline.verifier import Decision, OfflineVerifier
from api.credentials.status.status_list import Stamp, Status, StatusList, sign_list
from api.kit.clock import system_clock
from api.kit.ids import new_id
from api.tourism.seeding import seed
from api.tourist_cards.products import AgeGroup, Product, SaleState
from api.tourist_cards.repository import CardRepository
from api.tourist_cards.terms import Entitlement, EntitlementKind, RefundRule, RollingHours, Terms
from bench.machine import described_machine
from bench.otp_race import new_code
from bench.races import Server, running

SECONDS = 20
A_SECOND = 50
OFFLINE = 2_000
ONLINE_P95_AT_MOST_MS = 50.0
OFFLINE_AT_MOST_MS = 2.0
LIST_BYTES_AT_MOST = 300_000
CABLE_CAR = Scope(ScopeKind.MERCHANT, "cable-car")
PLACE = "P002"
ADDRESS = "gatekeeper@example.com"
SIGN_IN = """mutation In($code: String!, $id: ID!) {
  signIn(input: {codeId: $id, code: $code, idempotencyKey: "bench-of-scans-sign-in"}) {
    ... on SignInSuccess { tokens { accessToken } }
  }
}"""
SCAN = """mutation Scan($input: ScanInput!) {
  scan(input: $input) {
    __typename
    ... on ScanSuccess { scan { id message } }
    ... on CredentialError { code }
  }
}"""
Request = Callable[[int], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Latencies:
    """Milliseconds, and how many answers were not what they should be. `processor`: a piece."""

    name: str
    count: int
    p50: float
    p95: float
    p99: float
    most: float
    processor: float
    wrong: int

    @classmethod
    def of(cls, name: str, seconds: Sequence[float], processor: float, wrong: int) -> "Latencies":
        """`processor`: seconds for all of them."""
        cuts = quantiles((one * 1_000 for one in seconds), n=100)
        most = max(seconds) * 1_000
        each = processor * 1_000 / len(seconds)
        return cls(name, len(seconds), cuts[49], cuts[94], cuts[98], most, each, wrong)


def processor_seconds(process_id: int) -> float:
    """Return what a process has used so far (Linux; elsewhere 0)."""
    file = Path(f"/proc/{process_id}/stat")
    if not file.exists():
        return 0.0
    user, system = file.read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


async def at_a_rate(name: str, server: Server, request: Request) -> Latencies:
    """Make requests at A_SECOND a second for SECONDS, whether or not earlier ones are answered."""
    used = processor_seconds(server.process_id)
    start = time.perf_counter() + 0.1

    async def one(number: int) -> tuple[float, bool]:
        due = start + number / A_SECOND
        await asyncio.sleep(due - time.perf_counter())
        is_right = await request(number)
        return time.perf_counter() - due, is_right

    answers = await asyncio.gather(*(one(number) for number in range(SECONDS * A_SECOND)))
    wrong = sum(not is_right for _, is_right in answers)
    used = processor_seconds(server.process_id) - used
    return Latencies.of(name, [seconds for seconds, _ in answers], used, wrong)


async def online(server: Server) -> list[Latencies]:
    headers = {"authorization": f"Bearer {await gatekeeper(server)}"}
    gate_id, _ = await a_gate(server)
    product = await a_product(server)
    cards = [await a_card(server, product) for _ in range(SECONDS * A_SECOND)]
    url = f"http://127.0.0.1:{server.ports[0]}/graphql"
    limits = httpx.Limits(max_connections=20, max_keepalive_connections=20)
    async with httpx.AsyncClient(headers=headers, limits=limits, trust_env=False) as http:

        async def nothing(_: int) -> bool:
            reply = await http.post(url, json={"query": "{ __typename }"}, timeout=60)
            return bool(reply.json()["data"])

        async def scan(number: int) -> bool:
            values = {
                "id": f"scan-of-the-bench-{number:06}",
                "gate": gate_id,
                "shown": shown_now(cards[number]),
                "purpose": "ENTRY",
            }
            body = {"query": SCAN, "variables": {"input": values}}
            reply = await http.post(url, json=body, timeout=60)
            return bool(reply.json()["data"]["scan"]["__typename"] == "ScanSuccess")

        return [
            await at_a_rate("floor: asked for nothing", server, nothing),
            await at_a_rate("online scan", server, scan),
        ]


async def offline(server: Server) -> list[Latencies]:
    gate_id, secret = await a_gate(server)
    product = await a_product(server)
    cards = [await a_card(server, product) for _ in range(OFFLINE)]
    credentials = server.services.credentials
    signed = await credentials.enrolling.bundle(keeper(), gate_id, secret)
    lists = [{"url": url, "token": token} for url, token in signed.lists.items()]
    file = json.dumps({"token": signed.token, "statusLists": lists})
    verifier = OfflineVerifier(*read_bundle_file(file))
    key = Ed25519PrivateKey.generate()
    public, message = key.public_key(), bytes(250)
    signature = key.sign(message)
    floor: list[float] = []
    taken: list[float] = []
    wrong, floor_used, used = 0, 0.0, 0.0
    for card in cards:
        shown, now = shown_now(card), system_clock()
        start, start_used = time.perf_counter(), time.thread_time()
        public.verify(signature, message)
        between, between_used = time.perf_counter(), time.thread_time()
        verdict = verifier.verify(shown, now)
        taken.append(time.perf_counter() - between)
        floor.append(between - start)
        used += time.thread_time() - between_used
        floor_used += between_used - start_used
        wrong += verdict.decision is not Decision.LET_IN
    return [
        Latencies.of("floor: one signature", floor, floor_used, 0),
        Latencies.of("offline verification", taken, used, wrong),
    ]


def list_bytes() -> int:
    """Return the size of the signed list of a million cards of which 100,000 are revoked."""
    places = random.Random(417).sample(range(1_000_000), 100_000)
    full = StatusList()
    full.change(100_000, [(place, Status.INVALID) for place in places])
    stamp = Stamp("https://example.com/", system_clock(), timedelta(days=7), timedelta(minutes=1))
    return len(sign_list(full, stamp, "a" * 26, Ed25519PrivateKey.generate()))


async def gatekeeper(server: Server) -> str:
    """Sign in somebody who keeps the cable car's gates, and return the access token."""
    code_id, code = await new_code(server, ADDRESS)
    answer = await server.ask(SIGN_IN, {"id": code_id, "code": code})
    token: str = answer["signIn"]["tokens"]["accessToken"]
    services = server.services
    caller = await services.accounts.sessions.caller_of(token)
    accounts = AccountRepository(services.store, services.sealer)
    account = await accounts.get(caller.person())
    if account is None:
        raise LookupError(ADDRESS)
    held = account.grants | {Grant(Role.GATEKEEPER, CABLE_CAR)}
    await accounts.replace(replace(account, grants=held))
    return token


def keeper() -> Caller:
    return Caller(new_id(), new_id(), frozenset({Grant(Role.GATEKEEPER, CABLE_CAR)}))


async def a_gate(server: Server) -> tuple[str, str]:
    await seed(server.services.store, lambda _done, _total: None)
    merchant = Caller(new_id(), new_id(), frozenset({Grant(Role.MERCHANT, CABLE_CAR)}))
    gate, secret = await server.services.credentials.enrolling.add(
        merchant, NewGate({"vi": "Cổng"}, CABLE_CAR, place_id=PLACE), f"bench-of-scans-{new_id()}"
    )
    return gate.id, secret


async def a_product(server: Server) -> Product:
    """Return a tourist card that costs nothing and lets in at the gate's place."""
    ride = Entitlement("ride", EntitlementKind.RIDE, {"en": "Ride"}, (PLACE,), uses=10)
    product = Product(
        id=f"bench-{new_id()}",
        names={"en": "Bench", "vi": "Bench"},
        descriptions={},
        price_dong=0,
        people=(AgeGroup.ADULT,),
        terms=Terms(RollingHours(48), (ride,), RefundRule(0, 0)),
        state=SaleState.ON_SALE,
    )
    await CardRepository(server.services.store).add_product(product)
    return product


async def a_card(server: Server, product: Product) -> ShownTo:
    """Return what the phone of a new pass has."""
    services, buyer = server.services, Caller(new_id())
    accounts = AccountRepository(services.store, services.sealer)
    await accounts.add(Account(buyer.person(), "en", Profile(), frozenset(), system_clock()))
    bought = await services.cards.buying.buy(buyer, product.id, 0, f"bench-of-scans-{new_id()}")
    card = await services.credentials.issuing.get(bought.passes[0].credential_id)
    if card is None:
        raise LookupError(product.id)
    return await services.credentials.holding.shown_to(card)


def shown_now(card: ShownTo) -> str:
    return f"{card.token}.{code_of(base64.b64decode(card.key), step_at(system_clock()))}"


async def main() -> int:
    """Print the table; return 1 when a bound does not hold."""
    async with running(guarded=True) as server:
        rows = [*await online(server), *await offline(server)]
    size = list_bytes()
    table = Table(
        "what", "count", "p50 ms", "p95 ms", "p99 ms", "most ms", "processor ms", "wrong", "bound"
    )
    _, scan, _, verification = rows
    bounds = {
        scan.name: f"p95 < {ONLINE_P95_AT_MOST_MS:.0f}",
        verification.name: f"processor < {OFFLINE_AT_MOST_MS:.0f}",
    }
    for row in rows:
        figures = (row.p50, row.p95, row.p99, row.most, row.processor)
        numbers = (f"{figure:.3f}" for figure in figures)
        table.add_row(row.name, str(row.count), *numbers, str(row.wrong), bounds.get(row.name, ""))
    Console(width=120).print(described_machine(), table)
    Console(width=120).print(
        f"status list, 100,000 revoked of 1,000,000: {size:,} bytes (bound {LIST_BYTES_AT_MOST:,})"
    )
    holds = scan.p95 < ONLINE_P95_AT_MOST_MS and verification.processor < OFFLINE_AT_MOST_MS
    is_right = not any(row.wrong for row in rows) and size < LIST_BYTES_AT_MOST
    return 0 if holds and is_right else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))

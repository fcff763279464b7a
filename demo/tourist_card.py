"""A visitor buys a tourist card, shows it at two gates, one without a network, pays at a stall, and is paid back."""

import base64
import json
import subprocess
import tempfile
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from api.credentials.cards.rotating_code import code_of, step_at
from api.credentials.cards.shown import Shown
from demo.checks import Checks
from demo.people import LAOCAI, done, new_key, signed_in, staff, with_phone
from demo.phone import Phone

PRODUCT, MUSEUM, CAT_CAT = "sa-pa-48h", "P009", "P010"
PAID_IN, STALL = 500_000, 45_000


def tourist_card(client: httpx.Client, checks: Checks) -> None:
    """Pay in, buy, be let in at both gates, learn what is left, and be paid back."""
    run = uuid.uuid4().hex[:8]
    keeper = staff(
        client,
        "The gatekeeper",
        f"gatekeeper-{run}",
        ("MERCHANT", "GATEKEEPER"),
        ("MERCHANT", f"sights-{run}"),
    )
    anna = signed_in(client, "Anna in Sa Pa", f"anna-{run}", "en")
    price = _paid_in(anna, checks)
    held, spare = (_bought(anna, price) for _ in range(2))
    key, token = _on_the_phone(anna, held["credentialId"])
    with_network = _gate(keeper, f"sights-{run}", CAT_CAT)
    without = _gate(keeper, f"sights-{run}", MUSEUM)
    bundle = keeper.ask(
        "credentials/GateBundle", {"gate": without["gate"]["id"], "secret": without["secret"]}
    )

    now = datetime.now(UTC)
    shown, next_shown = (Shown(token, code_of(key, step_at(now) + later)).text for later in (0, 1))
    checks.expect(
        "A gate without a network lets the card in", _is_let_in_offline(bundle, shown, now)
    )
    scan = {"id": uuid.uuid4().hex, "gate": with_network["gate"]["id"], "purpose": "ENTRY"}
    online = keeper.send("credentials/Scan", {"input": {**scan, "shown": next_shown}})["scan"]
    checks.expect("A gate with one too", online.get("scan", {}).get("message") == "Xin mời vào.")
    photo = {**scan, "id": uuid.uuid4().hex, "shown": next_shown}
    refused = keeper.send("credentials/Scan", {"input": photo})["scan"]
    checks.expect("A photo of the screen is refused", refused.get("code") == "CODE_USED")
    _tell_late(keeper, without["gate"]["id"], shown, now, checks)
    _see_what_is_left(anna, held["id"], checks)
    _pay_at_the_stall(anna, keeper, f"sights-{run}", checks)
    _pay_back(anna, spare["id"], price, checks)


def _paid_in(anna: Phone, checks: Checks) -> int:
    """Let Anna's bank pay in for her; return the price of the card."""
    begun = anna.send("wallet/TopUp", {"input": {"amount": PAID_IN, **new_key()}})["topUp"]
    order_id = begun["topUp"]["id"]
    subprocess.run([LAOCAI, "wallet", "pretend", order_id, str(PAID_IN)], check=True)  # noqa: S603 - ours
    checks.expect("What a bank reports is in the wallet", _money(anna) == PAID_IN)
    product = anna.send("tourist_cards/CardProduct", {"id": PRODUCT})["cardProduct"]
    return int(product["price"])


def _money(anna: Phone) -> int:
    return int(anna.ask("wallet/Wallet", {})["wallet"]["balance"]["amount"])


def _bought(anna: Phone, price: int) -> dict[str, Any]:
    asked = {"productId": PRODUCT, "price": price, **new_key()}
    bought = anna.send("tourist_cards/BuyPass", {"input": asked})["buyPass"]
    return dict(bought["passes"][0])


def _on_the_phone(anna: Phone, credential_id: str) -> tuple[bytes, str]:
    """Take the card to Anna's phone; return the key of its codes and its token."""
    with_phone(anna)
    asked = {"id": credential_id, "device": anna.device_id, **new_key()}
    taken = anna.ask("credentials/TakeCredential", {"input": asked})["takeCredential"]
    return base64.b64decode(taken["key"]), str(taken["token"])


def _gate(keeper: Phone, merchant: str, place_id: str) -> dict[str, Any]:
    asked = {
        "names": [{"language": "vi", "text": "Cổng"}],
        "scopeKind": "MERCHANT",
        "scopeId": merchant,
        "placeId": place_id,
        **new_key(),
    }
    return dict(keeper.ask("credentials/AddGate", {"input": asked})["addGate"])


def _is_let_in_offline(bundle: dict[str, Any], shown: str, now: datetime) -> bool:
    """Ask the reference verifier, which has a file and nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bundle.json"
        file.write_text(json.dumps(bundle["gateBundle"]))
        verify = [LAOCAI, "verify", shown, "--bundle", str(file), "--at", now.isoformat()]
        said = subprocess.run(verify, check=False, capture_output=True, text=True)  # noqa: S603 - ours
    print(f"\n[The gate without a network] laocai verify\n  ← {said.stdout.strip()}")
    return said.returncode == 0


def _tell_late(keeper: Phone, gate: str, shown: str, at: datetime, checks: Checks) -> None:
    """Let the gate tell, twice, what it let in."""
    scan = {
        "id": uuid.uuid4().hex,
        "shown": shown,
        "purpose": "ENTRY",
        "scannedAt": at.isoformat(),
    }
    told = [
        keeper.send("credentials/RecordScans", {"input": {"gate": gate, "scans": [scan]}})
        for _ in range(2)
    ]
    (first,), (again,) = (it["recordScans"]["scans"] for it in told)
    checks.expect(
        "What it let in is told later, without a fault and once",
        (first["scan"]["faults"], first["wasKnown"], again["wasKnown"]) == ([], False, True),
    )


def _see_what_is_left(anna: Phone, pass_id: str, checks: Checks) -> None:
    passes = anna.send("tourist_cards/MyPasses", {})["myPasses"]["edges"]
    held = next(edge["node"] for edge in passes if edge["node"]["id"] == pass_id)
    left = [it["text"] for it in held["left"]]
    checks.expect("Anna reads what is left", "Sights of Sa Pa: visits left: 3." in left)


def _pay_at_the_stall(anna: Phone, keeper: Phone, merchant: str, checks: Checks) -> None:
    """Let a merchant ask for money, Anna pay what she is shown, and the merchant give it back."""
    before = _money(anna)
    asked = done(
        keeper, "wallet/RequestCharge", {"merchantId": merchant, "amount": STALL, **new_key()}
    )
    charge = {"id": asked["charge"]["id"], "amount": STALL}
    paid = done(anna, "wallet/ConfirmCharge", {**charge, **new_key()})["charge"]
    checks.expect("Anna pays at a stall what she is shown", _money(anna) == before - STALL)
    payment = {"paymentId": paid["paymentId"], "amount": STALL}
    done(keeper, "wallet/RefundPayment", {**payment, **new_key()})
    checks.expect("The stall gives it back", _money(anna) == before)


def _pay_back(anna: Phone, pass_id: str, price: int, checks: Checks) -> None:
    asked = {"passId": pass_id, **new_key()}
    anna.send("tourist_cards/RefundPass", {"input": asked})
    checks.expect("The unused card is paid back whole", _money(anna) == PAID_IN - price)

"""A phone that knows nothing of the server but its address and the published operations."""

import json
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

OPERATIONS = Path(__file__).resolve().parents[1] / "graphql" / "operations"
ANSWER_CHARACTERS_SHOWN = 1_200


@dataclass(slots=True)
class Phone:
    """A person's phone. `position` in degrees, WGS 84; `device_id` and `secret` come with registration."""

    owner: str
    language: str
    latitude: float
    longitude: float
    client: httpx.Client
    registration: str = field(default_factory=lambda: f"demo-{uuid.uuid4().hex}{uuid.uuid4().hex}")
    device_id: str = ""
    secret: str = ""
    conversation_id: str | None = None
    access_token: str = ""
    session_id: str = ""

    @property
    def position(self) -> dict[str, float]:
        """The `PositionInput` of where the phone is."""
        return {"latitude": self.latitude, "longitude": self.longitude}

    def send(self, operation: str, variables: dict[str, Any]) -> dict[str, Any]:
        """Send a published operation, print request and answer, and return its `data`."""
        _say(f"\n[{self.owner}, {self.language}] {operation}")
        _say(f"  → {json.dumps(variables, ensure_ascii=False)}")
        data = self.ask(operation, variables)
        answer = json.dumps(data, ensure_ascii=False)
        more = "…" if len(answer) > ANSWER_CHARACTERS_SHOWN else ""
        _say(f"  ← {answer[:ANSWER_CHARACTERS_SHOWN]}{more}")
        return data

    def ask(self, operation: str, variables: dict[str, Any]) -> dict[str, Any]:
        """Send a published operation and return its `data`; stop when it has errors."""
        headers = {"accept-language": self.language}
        if self.access_token:
            headers["authorization"] = f"Bearer {self.access_token}"
        reply = self.client.post(
            "/graphql",
            json={
                "operationName": operation.rpartition("/")[2],
                "query": (OPERATIONS / f"{operation}.graphql").read_text(),
                "variables": variables,
            },
            headers=headers,
        )
        body: dict[str, Any] = reply.json()
        data = body.get("data")
        if data is None or body.get("errors"):
            raise SystemExit(f"{operation} failed: {reply.text[:2000]}")
        return dict(data)

    def register(self) -> None:
        """Register for warnings, giving the coarse position with consent."""
        data = self.send(
            "accounts/RegisterDevice",
            {
                "input": {
                    "idempotencyKey": _new_key(),
                    "registration": self.registration,
                    "registrationKind": "TOKEN",
                    "platform": "ANDROID",
                    "language": self.language,
                    "position": {"position": self.position, "consent": True},
                }
            },
        )
        registered = data["registerDevice"]
        self.device_id = registered["device"]["id"]
        self.secret = registered["secret"]

    def request_code(self, address: str) -> str:
        """Ask for a one-time code and return the id it goes with."""
        data = self.send(
            "accounts/RequestCode", {"input": {"address": address, "idempotencyKey": _new_key()}}
        )
        return str(data["requestCode"]["sentCode"]["id"])

    def sign_in(self, code_id: str, code: str) -> None:
        """Sign in with a code; from then on requests carry the access token."""
        message = {"codeId": code_id, "code": code, "app": "Demo", "idempotencyKey": _new_key()}
        data = self.ask("accounts/SignIn", {"input": message})
        self.access_token = data["signIn"]["tokens"]["accessToken"]
        (session,) = [
            session
            for session in self.send("accounts/Me", {})["me"]["sessions"]
            if session["isThisOne"]
        ]
        self.session_id = session["id"]

    def chat(self, text: str) -> dict[str, Any]:
        """Say one thing to the bot, in this phone's conversation."""
        answered = self.send("bot/SendChatMessage", self._message(text))["sendChatMessage"]
        self.conversation_id = answered["conversation"]["id"]
        return dict(answered)

    def finds_the_bot(self) -> bool:
        """Greet the bot, in a conversation of its own; tell whether it was the bot that answered."""
        answered = self.ask("bot/SendChatMessage", self._message("hello"))["sendChatMessage"]
        return bool(answered["answeredBy"] == "BOT")

    def _message(self, text: str) -> dict[str, Any]:
        message = {
            "conversationId": self.conversation_id,
            "text": text,
            "position": self.position,
            "idempotencyKey": _new_key(),
        }
        return {"input": message}


def _new_key() -> str:
    return uuid.uuid4().hex


def _say(text: str) -> None:
    print(text, flush=True)

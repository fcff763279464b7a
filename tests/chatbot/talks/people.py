"""People who sign in on the running product, and what they have there."""

import itertools
from typing import Any

from tests.chatbot.talks.talker import Answer, Talker, code_in
from tests.system.running_product import RunningProduct, wait_until

MOTHER = "Vàng Thị Mẩy"
_NUMBERS = itertools.count(1)


def _new_address() -> str:
    return f"talker-{next(_NUMBERS)}@example.com"


class People:
    """Makes accounts; `tokens`: every access token and one-time code that was given out."""

    def __init__(self, product: RunningProduct) -> None:
        self._product = product
        self.tokens: list[str] = []

    def somebody(self, language: str = "en") -> Talker:
        """Return somebody new who has signed in with the code that came."""
        talker = Talker(self._product.client, language)
        return talker.signs_in(self.token())

    def clerk(self, agency: str) -> Talker:
        """Return somebody whom a new administrator has invited to the desk of an agency."""
        chief, address = _new_address(), _new_address()
        made = self._product.command("admin", "create", chief)
        assert made.returncode == 0, made.stderr
        administrator = Talker(self._product.client).signs_in(self.token(chief))
        clerk = Talker(self._product.client).signs_in(self.token(address))
        role = {"role": "CLERK", "scopeKind": "AGENCY", "scopeId": agency}
        offered = administrator.do("accounts/InviteStaff", address=address, **role)
        clerk.do("accounts/AcceptInvitation", id=offered["invitation"]["id"])
        return clerk

    def token(self, address: str = "") -> str:
        """Let somebody sign in, somebody new without an address, and return the access token."""
        address = address or _new_address()
        talker = Talker(self._product.client)
        sent = talker.do("accounts/RequestCode", address=address)
        wait_until(lambda: bool(self._sent_to(address)))
        code = next(code_in(self._sent_to(address)))
        signed_in = talker.do(
            "accounts/SignIn", codeId=sent["sentCode"]["id"], code=code, app="Talks"
        )
        token: str = signed_in["tokens"]["accessToken"]
        self.tokens.append(token)
        return token

    def patient(self, language: str = "en") -> Talker:
        """Return somebody who may book, for her mother too."""
        lan = self.somebody(language)
        lan.ask("accounts/UpdateProfile", input={"name": "Giàng Thị Lan"})
        mother = lan.do(
            "accounts/AddDependant", name=MOTHER, bornOn="1958-03-02", relation="PARENT"
        )["dependant"]["id"]
        consent: dict[str, Any] = {"purpose": "HEALTH", "version": 1, "language": "vi"}
        lan.do("accounts/GiveConsent", **consent)
        lan.do("accounts/GiveConsent", **consent, dependantId=mother, dependantAgrees=True)
        return lan

    def with_money(self, amount: int, language: str = "en") -> Talker:
        """Return somebody whose bank has paid into the wallet."""
        anna = self.somebody(language)
        order = anna.do("wallet/TopUp", amount=amount)["topUp"]["id"]
        paid = self._product.command("wallet", "pretend", order, str(amount))
        assert paid.returncode == 0, paid.stderr
        return anna

    def _sent_to(self, address: str) -> list[Answer]:
        reply = self._product.client.get("/dev/recorder.json", params={"to": address})
        found: list[Answer] = reply.json()["texts"]
        return found

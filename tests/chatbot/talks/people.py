"""People who sign in on the running product, and what they have there."""

import itertools
from typing import Any

from tests.chatbot.talks.talker import Answer, Talker, code_in
from tests.system.running_product import RunningProduct, wait_until

_NUMBERS = itertools.count(1)
MOTHER = "Vàng Thị Mẩy"


class People:
    """Makes accounts; `tokens`: every access token and one-time code that was given out."""

    def __init__(self, product: RunningProduct) -> None:
        self._product = product
        self.tokens: list[str] = []

    def somebody(self, language: str = "en") -> Talker:
        """Return somebody new who has signed in with the code that came."""
        talker = Talker(self._product.client, language)
        return talker.signs_in(self.token())

    def token(self) -> str:
        """Let somebody new sign in, and return the access token."""
        address = f"talker-{next(_NUMBERS)}@example.com"
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

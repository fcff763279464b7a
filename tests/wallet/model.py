"""The wallet as a plain model: dictionaries of numbers, without any store."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class ModelTransfer:
    """`state` as TransferState names it; `returned`: what refunds gave back."""

    debit: str
    credit: str
    amount: int
    state: str
    expires: int = 0
    returned: int = 0
    is_reversed: bool = False
    posted: int = 0


@dataclass(slots=True)
class Model:
    """Balances by name; `free`: names that may be overdrawn. Answers the code of a refusal, or None."""

    free: frozenset[str]
    now: int = 0
    balances: dict[str, int] = field(default_factory=dict[str, int])
    transfers: dict[str, ModelTransfer] = field(default_factory=dict[str, ModelTransfer])

    def held(self, name: str) -> int:
        return sum(
            it.amount
            for it in self.transfers.values()
            if it.state == "PENDING" and it.debit == name
        )

    def available(self, name: str) -> int:
        return self.balances[name] - self.held(name)

    def add(self, key: str, debit: str, credit: str, amount: int, expires: int = 0) -> str | None:
        known = self.transfers.get(key)
        if amount < 1:
            return "INVALID_AMOUNT"
        if debit == credit:
            return "SAME_ACCOUNT"
        if known is not None:
            asked = (debit, credit, amount, bool(expires))
            kept = (known.debit, known.credit, known.amount, bool(known.expires))
            return None if asked == kept else "TRANSFER_ID_REUSED"
        if debit not in self.free and self.available(debit) < amount:
            return "NOT_ENOUGH_MONEY"
        state = "PENDING" if expires else "POSTED"
        self.transfers[key] = ModelTransfer(debit, credit, amount, state, expires)
        if not expires:
            self._move(self.transfers[key], amount)
        return None

    def settle(self, key: str, state: str, amount: int) -> str | None:
        it = self.transfers[key]
        if state == "POSTED" and not 1 <= amount <= it.amount:
            return "INVALID_AMOUNT"
        if it.state == "PENDING" and self.now < it.expires:
            it.state = state
            if state == "POSTED":
                self._move(it, amount)
            return None
        if it.expires and it.state == state and it.posted == (amount if state == "POSTED" else 0):
            return None
        return "HOLD_EXPIRED" if it.state in ("PENDING", "EXPIRED") else "ALREADY_SETTLED"

    def pass_time(self, minutes: int) -> None:
        """Let the job of each hold whose time is over run, too."""
        self.now += minutes
        for it in self.transfers.values():
            if it.state == "PENDING" and it.expires <= self.now:
                it.state = "EXPIRED"

    def refund(self, key: str, amount: int, *, is_reversal: bool) -> str | None:
        it = self.transfers[key]
        if it.state != "POSTED":
            return "NOT_REVERSIBLE"
        left = it.posted - it.returned
        if is_reversal and (not left or it.is_reversed):
            return "MORE_THAN_LEFT"
        amount = left if is_reversal else amount
        if amount > left or it.is_reversed:
            return "MORE_THAN_LEFT"
        if it.credit not in self.free and self.available(it.credit) < amount:
            return "NOT_ENOUGH_MONEY"
        self.balances[it.credit] -= amount
        self.balances[it.debit] += amount
        it.returned += amount
        it.is_reversed = is_reversal
        return None

    def _move(self, it: ModelTransfer, amount: int) -> None:
        it.posted = amount
        self.balances[it.debit] -= amount
        self.balances[it.credit] += amount

"""Decides at a gate without a network, from a bundle and its status lists. Pure: no store, no network.

It accepts what the online scan accepts, but for what only we know: that another gate has just used the
code, and what has changed since the status list was made. What it lets in is told to us later.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from api.credentials.cards.card_token import CardToken, card_of, key_id_of
from api.credentials.cards.rotating_code import STEP_SECONDS, STEPS_APART, device_key, step_shown
from api.credentials.cards.shown import Shown, read
from api.credentials.gates.bundle import GateBundle
from api.credentials.gates.records import OldListRule
from api.credentials.scans.records import Fault
from api.credentials.status.status_list import CARDS_IN_A_LIST, SignedList, Status

_REMEMBERED_FOR = timedelta(seconds=STEP_SECONDS * (2 * STEPS_APART + 2))
"""Longer than any code is good."""
_NEED_A_LOOK = frozenset({Fault.UNCONFIRMED, Fault.LIST_TOO_OLD})


class Decision(StrEnum):
    LET_IN = auto()
    CONFIRM = auto()
    """Let in once the clerk has compared photo and name."""
    REFUSE = auto()


@dataclass(frozen=True, slots=True)
class Verdict:
    """`card`: what the token says, None unless it is signed by us; `step`: of a right code."""

    decision: Decision
    faults: tuple[Fault, ...] = ()
    card: CardToken | None = None
    step: int | None = None


class OfflineVerifier:
    """One gate. It remembers the codes that it has let in, for as long as they are good."""

    def __init__(self, bundle: GateBundle, lists: Sequence[SignedList]) -> None:
        """Raise ValueError for a bundle whose keys are none."""
        self._bundle = bundle
        self._public: Mapping[str, Ed25519PublicKey] = bundle.public_keys()
        self._gate_keys = {one.epoch: one for one in bundle.gate_keys}
        self._lists = {one.uri: one for one in lists}
        self._used: dict[tuple[str, int, int], datetime] = {}

    def verify(self, text: str, moment: datetime, *, is_confirmed: bool = False) -> Verdict:
        """Decide on what was read at a moment; a code that is let in is used up.

        `is_confirmed`: the clerk has compared photo and name.
        """
        shown = read(text)
        card = self._card(shown.token) if shown else None
        if shown is None or card is None:
            return Verdict(Decision.REFUSE, (Fault.WRONG_SIGNATURE,))
        if card.audience_tag != self._bundle.audience_tag:
            return Verdict(Decision.REFUSE, (Fault.FOREIGN,), card)
        code_faults, step = self._code(card, shown, moment)
        faults = (*_faults_of_time(card, moment), *self._status(card, moment), *code_faults)
        decision = self._decision(frozenset(faults), is_confirmed=is_confirmed)
        if decision is Decision.LET_IN and step is not None:
            self._use_up(card, step, moment)
        return Verdict(decision, faults, card, step)

    def _card(self, token: str) -> CardToken | None:
        key_id = key_id_of(token)
        public = self._public.get(key_id) if key_id else None
        return card_of(token, public) if public else None

    def _code(
        self, card: CardToken, shown: Shown, moment: datetime
    ) -> tuple[tuple[Fault, ...], int | None]:
        if card.is_printed:
            return (Fault.UNCONFIRMED,), None
        if shown.code is None:
            return (Fault.CODE_MISSING,), None
        gate_key = self._gate_keys.get(card.epoch)
        if gate_key is None or not gate_key.is_accepted(moment):
            return (Fault.KEY_ENDED,), None
        key = device_key(gate_key.key, card.credential_id, card.generation)
        step = step_shown(key, shown.code, moment)
        if step is None:
            return (Fault.CODE_WRONG,), None
        is_used = (card.credential_id, card.generation, step) in self._used
        return ((Fault.CODE_USED,) if is_used else ()), step

    def _status(self, card: CardToken, moment: datetime) -> tuple[Fault, ...]:
        kept = self._list_of(card)
        if kept is None or moment >= min(kept.expires_at, self._bundle.expires_at):
            # A list that is no good any more says nothing; nor does a bundle that has ended.
            return (Fault.LIST_EXPIRED,)
        is_old = moment - kept.made_at > self._bundle.policy.max_age
        rule = self._bundle.policy.rule
        too_old = (Fault.LIST_TOO_OLD,) if is_old and rule is not OldListRule.LET_IN else ()
        match kept.list.status(card.status_index % CARDS_IN_A_LIST):
            case Status.INVALID:
                return (Fault.REVOKED, *too_old)
            case Status.SUSPENDED:
                return (Fault.SUSPENDED, *too_old)
            case Status.VALID:
                return too_old

    def _list_of(self, card: CardToken) -> SignedList | None:
        number = card.status_index // CARDS_IN_A_LIST
        uris = self._bundle.list_uris
        return self._lists.get(uris[number]) if number < len(uris) else None

    def _decision(self, faults: frozenset[Fault], *, is_confirmed: bool) -> Decision:
        refuses_old = self._bundle.policy.rule is OldListRule.REFUSE
        if faults - _NEED_A_LOOK or (Fault.LIST_TOO_OLD in faults and refuses_old):
            return Decision.REFUSE
        return Decision.CONFIRM if faults and not is_confirmed else Decision.LET_IN

    def _use_up(self, card: CardToken, step: int, moment: datetime) -> None:
        good = {code: at for code, at in self._used.items() if moment - at < _REMEMBERED_FOR}
        self._used = {**good, (card.credential_id, card.generation, step): moment}


def _faults_of_time(card: CardToken, moment: datetime) -> tuple[Fault, ...]:
    if moment < card.not_before:
        return (Fault.NOT_YET_VALID,)
    return (Fault.EXPIRED,) if moment >= card.expires_at else ()

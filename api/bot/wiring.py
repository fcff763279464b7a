"""Builds what the chat needs: the bot behind it, and the people at desks."""

from dataclasses import dataclass
from datetime import timedelta

import aiohttp

from api.accounts.people.repository import AccountRepository
from api.accounts.privacy.consent_ledger import ConsentLedger
from api.bot.answer_meters import AnswerMeters
from api.bot.handoff.callbacks.desk import CallbackDesk
from api.bot.handoff.callbacks.repository import CallbackRepository
from api.bot.handoff.callbacks.service import Callbacks
from api.bot.handoff.desk import HandoffDesks
from api.bot.handoff.lapse import HandoffLapse
from api.bot.handoff.personal_data import ChatsWithPeople
from api.bot.handoff.repository import HandoffRepository
from api.bot.handoff.service import Handoffs
from api.bot.handoff.sharing import ChatSharing
from api.bot.personal_data import ChatData
from api.bot.rasa import Rasa
from api.bot.repository import ChatRepository
from api.bot.service import ChatService
from api.bot.unanswered.repository import UnansweredRepository
from api.bot.unanswered.service import Unanswered
from api.bot.words import ChatWords
from api.foundations import Foundations

_MARGIN_SECONDS = 3.0


@dataclass(frozen=True, slots=True, repr=False)
class BotPlace:
    """Where Rasa listens, under which `secret` it forgets, and how long it is waited for."""

    url: str
    secret: str
    timeout_seconds: float


class Chats:
    """The slice, without what asks for its people."""

    def __init__(self, on: Foundations, place: BotPlace, to_rasa: aiohttp.ClientSession) -> None:
        meters = on.seeing.once(AnswerMeters)
        rasa = self.rasa = Rasa(to_rasa, place.url, place.secret, place.timeout_seconds, meters)
        patience = timedelta(seconds=place.timeout_seconds + _MARGIN_SECONDS)
        self.repository = ChatRepository(on.store, patience, on.sealer)
        kept = HandoffRepository(on.store, on.sealer, on.events)
        self.sharing = ChatSharing(
            ConsentLedger(on.store, on.sealer),
            AccountRepository(on.store, on.sealer),
            self.repository,
            kept,
        )
        self.handoffs = Handoffs(
            self.repository, kept, on.events, on.jobs, self.sharing, on.idempotency, on.clock
        )
        self.desks = HandoffDesks(
            on.store, self.repository, kept, on.events, on.audit, on.idempotency, on.clock
        )
        self.lapse = HandoffLapse(on.store, kept, on.jobs, on.clock)
        self.service = ChatService(
            self.repository, rasa, on.tickets, on.clock, patience, self.handoffs, meters
        )
        self.words = ChatWords(on.store, on.sealer, on.clock)
        called = CallbackRepository(on.store, on.sealer)
        self.callbacks = Callbacks(self.repository, called, on.idempotency, on.clock)
        self.callback_desk = CallbackDesk(called, on.audit, on.idempotency, on.clock)
        with_people = ChatsWithPeople(kept, called, on.idempotency)
        questions = UnansweredRepository(on.store, on.sealer)
        self.unanswered = Unanswered(questions, on.idempotency, on.clock)
        self.data = ChatData(self.repository, self.words, with_people, questions, rasa, on.clock)
        self.resealed = (kept, called)

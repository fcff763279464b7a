"""Whom a ticket of the bot stands for, while it answers one message, and what it may ask for them.

A ticket names a conversation and no person. Whose it is, is found here: nobody's, unless the message under
way came from the signed-in person whose conversation it is. Then the bot may send the documents below, as the
contract publishes them, and holds none of the person's roles. Once the message is answered, or its lease has
ended, the ticket is nobody's again.
"""

from dataclasses import replace

from api.accounts.caller import ANONYMOUS, Caller
from api.accounts.sign_in.sessions import Sessions
from api.bot.repository import ChatRepository
from api.kit.clock import Clock
from api.kit.tickets import Ticket

DELEGATED_OPERATIONS = (
    "accounts/MyDependants",
    "bot/ChatWords",
    "bot/KeepChatWords",
    "bot/RequestCallback",
    "bot/TalkToPerson",
    "feedback/ConfirmFix",
    "feedback/MyRatings",
    "feedback/MyReport",
    "feedback/MyReports",
    "feedback/Rate",
    "feedback/ReopenReport",
    "feedback/SubmitReport",
    "health/BookAppointment",
    "health/CancelAppointment",
    "health/HoldSlot",
    "health/MyAppointments",
    "health/MyQueue",
    "health/RescheduleAppointment",
    "safety/RaiseSos",
    "students/Attendance",
    "students/ExplainAbsence",
    "students/MealMoney",
    "students/MyPupils",
    "students/BookLoans",
    "students/StopStudentCard",
    "students/StudentCard",
    "tourist_cards/BuyPass",
    "tourist_cards/MyPasses",
    "wallet/Wallet",
)
"""What the bot may send in a person's name; whatever else it sends is asked by nobody in particular."""


class Delegation:
    """`documents`: the texts of DELEGATED_OPERATIONS."""

    def __init__(
        self, chats: ChatRepository, sessions: Sessions, clock: Clock, documents: frozenset[str]
    ) -> None:
        self._chats = chats
        self._sessions = sessions
        self._clock = clock
        self._documents = documents

    async def caller_of(self, ticket: Ticket, document: str) -> Caller:
        """Return the person whose message is under way, without roles; else nobody."""
        if document not in self._documents:
            return ANONYMOUS
        session_id = await self._chats.session_behind(ticket.id, self._clock())
        if session_id is None:
            return ANONYMOUS
        return replace(await self._sessions.caller_in(session_id), grants=frozenset())

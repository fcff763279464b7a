"""Whether a desk may see what the assistant answered: the consent CHAT_HANDOFF, of whoever chats."""

from dataclasses import dataclass
from datetime import datetime

from api.accounts.caller import Caller
from api.accounts.people.repository import AccountRepository
from api.accounts.privacy.consent_ledger import ConsentAct, ConsentLedger, ConsentState
from api.accounts.privacy.consents import counts
from api.accounts.privacy.purposes import ConsentPurpose, ConsentText, current_texts
from api.bot.handoff.errors import SharingConsentMissing
from api.bot.handoff.repository import HandoffRepository
from api.bot.repository import ChatRepository

_PURPOSE = ConsentPurpose.CHAT_HANDOFF


@dataclass(frozen=True, slots=True)
class ReadConsent:
    """Which text somebody says to have read: `version` None for none, in `language`."""

    version: int | None
    language: str


class ChatSharing:
    """Of the signed in the ledger has it; whoever is not agrees each time, and the hand-off keeps that."""

    def __init__(
        self,
        ledger: ConsentLedger,
        accounts: AccountRepository,
        chats: ChatRepository,
        handoffs: HandoffRepository,
    ) -> None:
        self._ledger = ledger
        self._accounts = accounts
        self._chats = chats
        self._handoffs = handoffs

    async def agreed(
        self, caller: Caller, conversation_id: str, read: ReadConsent, now: datetime
    ) -> int:
        """Return the version that is agreed to, written down in the open transaction.

        Raises SharingConsentMissing, also in the conversation of somebody else.
        """
        owner_id = await self._chats.owner_of(conversation_id)
        if owner_id is not None and owner_id != caller.person_id:
            raise SharingConsentMissing
        text = current_texts(_PURPOSE)[read.language]
        has_read = read.version is not None and text.counts_since <= read.version <= text.version
        if caller.person_id is None:
            if not has_read:
                raise SharingConsentMissing
            return text.version
        return await self._of_person(caller, text if has_read else None, now)

    async def _of_person(self, caller: Caller, text: ConsentText | None, now: datetime) -> int:
        person_id = caller.person()
        # A withdrawal writes the account too: of both at once, none is overlooked.
        if not await self._accounts.hold(person_id):
            raise SharingConsentMissing
        newest = await self._ledger.newest(person_id, _PURPOSE, None)
        if newest is not None and counts(newest):
            return newest.version
        if text is None:
            raise SharingConsentMissing
        act = ConsentAct(
            ConsentState.GIVEN,
            text,
            None,
            dependant_agreed=False,
            session_id=caller.session_id,
            at=now,
        )
        return (await self._ledger.append(person_id, act)).version

    async def consent_withdrawn(
        self, person_id: str, subject_id: str | None, purpose: ConsentPurpose
    ) -> None:
        """Let desks see no more of the assistant's answers to a person; joins the open transaction."""
        if purpose is not _PURPOSE or subject_id is not None:
            return
        await self._accounts.hold(person_id)
        for conversation in await self._chats.of_person(person_id):
            await self._handoffs.share_no_more(conversation.id)

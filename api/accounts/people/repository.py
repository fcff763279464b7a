"""Accounts as documents. What tells who somebody is is sealed; what is looked up has a blind index."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from api.accounts.caller import Grant
from api.accounts.people.personal_details import AccessibilityNeed, Needs
from api.kit.resealing import seal_anew
from api.kit.sealing import Sealer
from api.kit.store import CollectionSpec, Document, Index, Store

ACCOUNTS = CollectionSpec("accounts", (Index(("grants",), many=True),))


@dataclass(frozen=True, slots=True, repr=False)
class Profile:
    """What a person told of themselves."""

    name: str | None = None
    born_on: date | None = None
    needs: Needs = frozenset()


@dataclass(frozen=True, slots=True, repr=False)
class Account:
    """One person. `language` is one of locales.AVAILABLE; `is_leaving`: being erased.

    `dependants`: how many people this one acts for. Every write makes `version` one higher, so who
    decides something by an account and writes it back has decided by what is still so.
    """

    id: str
    language: str
    profile: Profile
    grants: frozenset[Grant]
    created_at: datetime
    is_leaving: bool = False
    dependants: int = 0
    version: int = 1


class AccountRepository:
    """All queries on accounts."""

    def __init__(self, store: Store, sealer: Sealer) -> None:
        self._accounts = store[ACCOUNTS]
        self._sealer = sealer

    async def get(self, account_id: str) -> Account | None:
        document = await self._accounts.get(account_id)
        return self._account(document) if document else None

    async def add(self, account: Account) -> None:
        await self._accounts.insert(self._document(account))

    async def replace(self, account: Account) -> Account | None:
        """Put `account` in place of its version; None when somebody was faster."""
        stored = await self._accounts.replace_if_version(self._document(account), account.version)
        return self._account(stored) if stored else None

    async def hold(self, person_id: str) -> bool:
        """Keep an account from leaving until the open transaction ends; False when it does already."""
        held = await self._accounts.update_one(
            {"_id": person_id, "is_leaving": False}, {"$inc": {"version": 1}}
        )
        return held is not None

    async def count_dependant(self, person_id: str, most: int) -> bool:
        """Count one more; False when there are `most`, or the account is leaving."""
        counted = await self._accounts.update_one(
            {"_id": person_id, "is_leaving": False, "dependants": {"$lt": most}},
            {"$inc": {"dependants": 1, "version": 1}},
        )
        return counted is not None

    async def discount_dependants(self, person_id: str, how_many: int) -> None:
        await self._accounts.update_one(
            {"_id": person_id}, {"$inc": {"dependants": -how_many, "version": 1}}
        )

    async def holding(self, grant: Grant) -> list[Account]:
        """Return everybody who holds a role at a place."""
        found = await self._accounts.find({"grants": str(grant), "is_leaving": False})
        return [self._account(document) for document in found]

    async def seal_anew(self) -> int:
        """Seal with the current key what an older one sealed; return how many that were."""
        return await seal_anew(self._accounts, self._sealer, "profile", _place)

    async def remove(self, account_id: str) -> None:
        await self._accounts.delete_one({"_id": account_id})

    def _document(self, account: Account) -> Document:
        profile = account.profile
        sealed: dict[str, Any] = {
            "name": profile.name,
            "born_on": profile.born_on.isoformat() if profile.born_on else None,
            "needs": sorted(profile.needs),
        }
        return {
            "_id": account.id,
            "language": account.language,
            "profile": self._sealer.seal(sealed, _place(account.id)),
            "grants": sorted(map(str, account.grants)),
            "created_at": account.created_at,
            "is_leaving": account.is_leaving,
            "dependants": account.dependants,
            "version": account.version,
        }

    def _account(self, document: Document) -> Account:
        opened = self._sealer.open(document["profile"], _place(document["_id"]))
        born_on = opened["born_on"]
        return Account(
            id=document["_id"],
            language=document["language"],
            profile=Profile(
                name=opened["name"],
                born_on=date.fromisoformat(born_on) if born_on else None,
                needs=frozenset(map(AccessibilityNeed, opened["needs"])),
            ),
            grants=frozenset(map(Grant.of, document["grants"])),
            created_at=document["created_at"],
            is_leaving=document["is_leaving"],
            dependants=document["dependants"],
            version=document["version"],
        )


def _place(account_id: str) -> str:
    return f"accounts/{account_id}/profile"

"""Attempts to sign in at a provider: begun by one app, finished once, by that app."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto

from api.accounts.sign_in.provider_client import AttemptSecrets
from api.kit.clock import Clock
from api.kit.sealing import Sealer
from api.kit.store import CollectionSpec, Document, Index, Store

PROVIDER_ATTEMPTS = CollectionSpec(
    "provider_attempts", (Index(("kept_until",), expire_after_seconds=0),)
)

HOLDS_FOR = timedelta(minutes=10)
_KEPT_FOR = timedelta(hours=1)
_SECRET_BYTES = 32


class AttemptStep(StrEnum):
    OPEN = auto()
    TAKEN = auto()
    """Somebody is asking the provider."""
    FINISHED = auto()
    REFUSED = auto()


@dataclass(frozen=True, slots=True, repr=False)
class Attempt:
    """One attempt. `person_id`: who began it to add a way into their account.

    `result_id`: of the session it opened, or of the way it added; `taken_at`: when a request took it.
    """

    id: str
    person_id: str | None
    secrets: AttemptSecrets
    redirect_uri: str
    language: str
    step: AttemptStep
    result_id: str | None
    taken_at: datetime | None


@dataclass(frozen=True, slots=True, repr=False)
class AttemptProof:
    """What an app shows of an attempt: what its browser came back with, and what only it was told.

    `person_id`: who is asking, None for nobody signed in.
    """

    state: str
    secret: str
    person_id: str | None


@dataclass(frozen=True, slots=True, repr=False)
class NewAttempt:
    """`app_secret` is told to the app that began it, and kept nowhere in clear."""

    secrets: AttemptSecrets
    app_secret: str
    expires_at: datetime


class ProviderAttempts:
    """All queries on them."""

    def __init__(self, store: Store, sealer: Sealer, clock: Clock) -> None:
        self._attempts = store[PROVIDER_ATTEMPTS]
        self._sealer = sealer
        self._clock = clock

    async def add(self, redirect_uri: str, language: str, person_id: str | None) -> NewAttempt:
        """Begin one; joins the open transaction."""
        made = AttemptSecrets(_secret(), _secret(), _secret())
        app_secret = _secret()
        attempt_id = self._id(made.state)
        expires_at = self._clock() + HOLDS_FOR
        await self._attempts.insert(
            {
                "_id": attempt_id,
                "secret_digest": self._digest(app_secret),
                "person_id": person_id,
                "sealed": self._sealer.seal(
                    [made.state, made.nonce, made.verifier], _place(attempt_id)
                ),
                "redirect_uri": redirect_uri,
                "language": language,
                "expires_at": expires_at,
                "kept_until": expires_at + _KEPT_FOR,
                "step": AttemptStep.OPEN.value,
                "claim": None,
                "result_id": None,
            }
        )
        return NewAttempt(made, app_secret, expires_at)

    async def take(self, proof: AttemptProof, claim: str) -> Attempt | None:
        """Take an open attempt for `claim`: of all who try, one gets it, the others None."""
        document = await self._attempts.update_one(
            {
                **self._proved(proof),
                "step": AttemptStep.OPEN.value,
                "expires_at": {"$gt": self._clock()},
            },
            {
                "$set": {
                    "step": AttemptStep.TAKEN.value,
                    "claim": claim,
                    "taken_at": self._clock(),
                }
            },
        )
        return self._attempt(document) if document else None

    async def taken(self, proof: AttemptProof, claim: str) -> Attempt | None:
        """Return the attempt that `claim` has taken before."""
        document = await self._attempts.find_one({**self._proved(proof), "claim": claim})
        return self._attempt(document) if document else None

    async def finish(self, attempt: Attempt, result_id: str) -> bool:
        """End a taken attempt well; joins the open transaction. False when it is taken no more."""
        return await self._step(attempt, AttemptStep.FINISHED, {"result_id": result_id})

    async def refuse(self, attempt: Attempt) -> None:
        """End a taken attempt for good."""
        await self._step(attempt, AttemptStep.REFUSED, {})

    async def release(self, attempt: Attempt) -> None:
        """Open a taken attempt again: the provider was not there to decide."""
        await self._step(attempt, AttemptStep.OPEN, {"claim": None})

    async def _step(self, attempt: Attempt, step: AttemptStep, more: Document) -> bool:
        taken = {"_id": attempt.id, "step": AttemptStep.TAKEN.value}
        changes = {"$set": {"step": step.value, **more}}
        return await self._attempts.update_one(taken, changes) is not None

    def _proved(self, proof: AttemptProof) -> Document:
        return {
            "_id": self._id(proof.state),
            "secret_digest": self._digest(proof.secret),
            "person_id": proof.person_id,
        }

    def _id(self, state: str) -> str:
        return self._sealer.digest("state of a provider attempt", state)

    def _digest(self, secret: str) -> str:
        return self._sealer.digest("secret of a provider attempt", secret)

    def _attempt(self, document: Document) -> Attempt:
        opened = self._sealer.open(document["sealed"], _place(document["_id"]))
        return Attempt(
            id=document["_id"],
            person_id=document["person_id"],
            secrets=AttemptSecrets(*opened),
            redirect_uri=document["redirect_uri"],
            language=document["language"],
            step=AttemptStep(document["step"]),
            result_id=document["result_id"],
            taken_at=document.get("taken_at"),
        )


def _secret() -> str:
    return secrets.token_urlsafe(_SECRET_BYTES)


def _place(attempt_id: str) -> str:
    return f"provider_attempts/{attempt_id}"

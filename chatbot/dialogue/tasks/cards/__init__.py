"""Tourist cards and the wallet: what there is, what is left, where it works, and buying."""

from __future__ import annotations

from dialogue.task import Task
from dialogue.tasks.cards.balance import CardBalance
from dialogue.tasks.cards.buying import CardBuy
from dialogue.tasks.cards.where import CardWhere

CARDS: tuple[Task, ...] = (CardBuy(), CardBalance(), CardWhere())

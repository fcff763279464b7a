"""The policy: what Rasa's own decides by our rules, looked up in a table.

Rasa's makes states of the whole conversation, and holds every rule against each of them, twice a decision: a third
of the bot's time. Ours are about what somebody said last, and about what was done since.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from rasa.core.policies.policy import PolicyPrediction
from rasa.core.policies.rule_policy import DEFAULT_ACTION_MAPPINGS, RULES, RulePolicy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.constants import ACTION_LISTEN_NAME, PREVIOUS_ACTION, USER
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    Event,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ACTION_NAME, INTENT


class Done(NamedTuple):
    """What somebody meant, and the actions that followed."""

    intent: str
    actions: tuple[str, ...]


class Rule(NamedTuple):
    """What comes next, and the key under which Rasa's policy keeps the rule."""

    action: str
    key: str


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True
)
class TableOfRules(RulePolicy):
    """Learns as Rasa's policy does, and asks it whenever the table does not tell."""

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - Rasa's signature
        super().__init__(*arguments, **options)
        self._table = table_of(self.lookup.get(RULES, {}))

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **options: Any,  # noqa: ANN401 - Rasa's signature
    ) -> PolicyPrediction:
        done = None if tracker.active_loop_name else done_since(tracker.events)
        rule = self._table.get(done) if done else None
        if rule is None:
            return super().predict_action_probabilities(tracker, domain, rule_only_data, **options)
        probabilities = self._prediction_result(rule.action, tracker, domain)
        return self._rule_prediction(probabilities, rule.key)


def table_of(rules: Mapping[str, str]) -> dict[Done, Rule]:
    """Return the rules as a table; none of them when one is about more than an intent and what followed it."""
    table: dict[Done, Rule] = {}
    for key, action in rules.items():
        done = _done_in(json.loads(key))
        if done is None or done.intent in DEFAULT_ACTION_MAPPINGS:
            return {}
        table[done] = Rule(action, key)
    return table


def _done_in(states: list[dict[str, dict[str, Any]]]) -> Done | None:
    if any(
        state.keys() != {PREVIOUS_ACTION, USER}
        or state[PREVIOUS_ACTION].keys() != {ACTION_NAME}
        or state[USER].keys() != {INTENT}
        for state in states
    ):
        return None
    before, *actions = (state[PREVIOUS_ACTION][ACTION_NAME] for state in states)
    intents = {state[USER][INTENT] for state in states}
    if before != ACTION_LISTEN_NAME or ACTION_LISTEN_NAME in actions or len(intents) > 1:
        return None
    return Done(intents.pop(), tuple(actions))


def done_since(events: Iterable[Event]) -> Done | None:
    """Return what the newest message meant and what followed; None where something else has happened too."""
    newest_first, actions = iter(reversed(list(events))), list[str]()
    for event in newest_first:
        if isinstance(event, ActionExecuted) and event.action_name:
            actions.append(event.action_name)
        elif isinstance(event, UserUttered):
            return _answering(event, newest_first, actions)
        elif not _decides_nothing(event):
            return None
    return None


def _decides_nothing(event: Event) -> bool:
    if isinstance(event, DefinePrevUserUtteredFeaturization):
        return not event.use_text_for_featurization
    return isinstance(event, (BotUttered, SlotSet))


def _answering(message: UserUttered, before: Iterator[Event], actions: list[str]) -> Done | None:
    """Return what followed `message`; None unless it was waited for, and is known by its intent."""
    waited = next(before, None)
    if not isinstance(waited, ActionExecuted) or waited.action_name != ACTION_LISTEN_NAME:
        return None
    if not message.text or not message.intent_name or ACTION_LISTEN_NAME in actions:
        return None
    return Done(message.intent_name, tuple(reversed(actions)))

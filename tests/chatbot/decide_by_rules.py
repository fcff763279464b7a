"""Run by the bot's Python: lets our policy and Rasa's decide by the rules of the trained model, wherever a talk may stand.

Prints {"decided": moments, "told": those that the table told, "different": those that both decide differently}
as JSON.
"""

import json
import tarfile
from collections.abc import Iterator
from types import SimpleNamespace

import project

project.prepare_environment()

from components.rules import Done, TableOfRules, done_since, table_of  # noqa: E402
from rasa.core.policies.rule_policy import RulePolicy  # noqa: E402
from rasa.shared.core.domain import Domain  # noqa: E402
from rasa.shared.core.events import (  # noqa: E402
    ActionExecuted,
    ActionExecutionRejected,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    Event,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker  # noqa: E402

LISTEN, CONVERSE, UTTER = "action_listen", "action_converse", "utter_emergency"
STRANGE = ("nlu_fallback", "restart", "back", "session_start", "an_intent_of_tomorrow")
PLACE = [{"entity": "place", "value": "p1", "start": 0, "end": 2}]
BEGUN = [ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted(LISTEN)]


def lookup() -> dict[str, object]:
    with tarfile.open(project.model()) as model:
        name = next(one for one in model.getnames() if one.endswith("rule_policy.json"))
        return json.load(model.extractfile(name))["lookup"]


def policy_with(known: dict[str, object]) -> TableOfRules:
    config = {**RulePolicy.get_default_config(), "core_fallback_threshold": 0.3}
    config["core_fallback_action_name"] = CONVERSE
    return TableOfRules(config, None, None, SimpleNamespace(is_finetuning=False), lookup=known)


def said(
    intent: str | None, entities: list[dict[str, object]], text: str = "some words"
) -> list[Event]:
    message = UserUttered(text, {"name": intent, "confidence": 0.8}, entities)
    return [message, DefinePrevUserUtteredFeaturization(False)]


def turn(intent: str) -> list[Event]:
    """One that has been answered."""
    actions = [UTTER, CONVERSE] if intent == "emergency" else [CONVERSE]
    answered = [event for name in actions for event in _answer(name)]
    return [*said(intent, []), *answered, ActionExecuted(LISTEN)]


def _answer(action: str) -> list[Event]:
    return [ActionExecuted(action), BotUttered("an answer"), SlotSet("dialogue", "{}")]


def moments(intents: list[str]) -> Iterator[list[Event]]:
    """Yield what may have happened when a decision is due."""
    for intent in intents:
        yield from _answering(BEGUN, intent, [])
    for before in ([], [*BEGUN, *turn("greet")], [*BEGUN, *turn("emergency"), *turn("deny")]):
        for intent in ("emergency", "place_info", *STRANGE):
            yield from _answering(before, intent, PLACE)
    greeting = [*BEGUN, *said("greet", [])]
    yield BEGUN
    yield [*BEGUN, *turn("greet")]
    yield [*greeting, ActionExecutionRejected(CONVERSE)]
    yield [*greeting, UserUtteranceReverted()]
    yield [*BEGUN, *turn("greet"), *said("greet", []), Restarted()]
    yield [*BEGUN, *turn("greet"), UserUttered("twice", {"name": "help"}), *said("greet", [])]
    yield [*BEGUN, *said(None, [])]
    yield [
        *BEGUN,
        UserUttered("by its text", {"name": "greet"}),
        DefinePrevUserUtteredFeaturization(True),
    ]


def _answering(
    before: list[Event], intent: str, entities: list[dict[str, object]]
) -> Iterator[list[Event]]:
    message = said(intent, entities)
    yield [*before, *message[:1]]
    for actions in ([CONVERSE], [UTTER], [UTTER, CONVERSE], [CONVERSE, CONVERSE]):
        yield [*before, *message, *(event for one in actions for event in _answer(one))]


def main() -> None:
    domain, policy = Domain.load("domain.yml"), policy_with(lookup())
    decided, told, different = 0, 0, list[str]()
    for events in moments([*domain.intents, *STRANGE]):
        tracker = DialogueStateTracker.from_events("talk", events, domain.slots)
        mine = policy.predict_action_probabilities(tracker, domain)
        theirs = RulePolicy.predict_action_probabilities(policy, tracker, domain)
        decided, told = decided + 1, told + (done_since(events) in policy._table)
        if mine != theirs:
            different.append(" ".join(map(str, events)))
    print(json.dumps({"decided": decided, "told": told, "different": different, **refused()}))  # noqa: T201 - its answer


def refused() -> dict[str, object]:
    """Return what becomes of rules that are about more than the table holds."""
    greeted = {"prev_action": {"action_name": LISTEN}, "user": {"intent": "greet"}}
    named = {**greeted, "user": {"intent": "greet", "entities": ["place"]}}
    slotted = {**greeted, "slots": {"dialogue": [1.0]}}
    later = [{**greeted, "prev_action": {"action_name": CONVERSE}}, greeted]
    plain = table_of({json.dumps([greeted]): CONVERSE})
    strange = [table_of({json.dumps(one): CONVERSE}) for one in ([named], [slotted], later)]
    return {"plain": [done == Done("greet", ()) for done in plain], "strange": strange}


main()

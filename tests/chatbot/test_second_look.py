"""The second look at messages of which the classifier is unsure."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
import yaml
from meaning import head
from meaning.encoder import _gelu
from meaning.head import Head
from meaning.second_look import SecondLook, prepared

from tests.chatbot import running_bot

INTENTS = ["emergency", "greet", "thanks"]


class CountingEncoder:
    """Reads "thanks" as one vector, all else as another."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def vectors(self, texts: list[str]) -> np.ndarray:
        self.read += texts
        return np.array([[0.0, 1.0] if "thanks" in text else [1.0, 0.0] for text in texts])


def a_head() -> Head:
    """Tells "thanks" from the second number, "greet" from the first; its columns stand in another order."""
    return Head(
        intents=np.array(["thanks", "greet", "emergency"]),
        mean=np.zeros(2),
        spread=np.ones(2),
        hidden=np.eye(2),
        hidden_offsets=np.zeros(2),
        out=np.array([[0.0, 6.0, 0.0], [6.0, 0.0, 0.0]]),
        out_offsets=np.zeros(3),
    )


@pytest.fixture
def encoder() -> CountingEncoder:
    return CountingEncoder()


@pytest.fixture
def second_look(encoder: CountingEncoder) -> SecondLook:
    return SecondLook(encoder, a_head(), INTENTS)


def test_an_unsure_message_is_looked_at_again(second_look: SecondLook) -> None:
    beliefs = second_look.of("thanks a lot", np.array([0.0, 0.55, 0.45]))

    assert INTENTS[int(beliefs.argmax())] == "thanks"
    assert beliefs.sum() == pytest.approx(1)


def test_a_sure_message_costs_nothing(second_look: SecondLook, encoder: CountingEncoder) -> None:
    sure = np.array([0.001, 0.989, 0.01])

    assert second_look.of("thanks a lot", sure) is sure
    assert encoder.read == []


def test_what_may_be_an_emergency_is_looked_at_again(
    second_look: SecondLook, encoder: CountingEncoder
) -> None:
    beliefs = second_look.of("hello", np.array([0.03, 0.96, 0.01]))

    assert encoder.read == ["hello"]
    assert beliefs[0] < 0.03


def test_no_intent_is_ruled_out(second_look: SecondLook) -> None:
    beliefs = second_look.of("hello", np.array([0.5, 0.4, 0.1]))

    assert beliefs.min() > 0


def test_it_can_be_turned_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAOCAI_BOT_SECOND_LOOK", "0")

    assert prepared(INTENTS) is None


def test_an_intent_that_it_was_not_fitted_to_leaves_it_out() -> None:
    assert prepared([*INTENTS, "an_intent_of_tomorrow"]) is None


def test_it_knows_every_intent_of_the_bot() -> None:
    data = Path(running_bot.ROOT, "chatbot", "data")
    of_the_bot = {file.name.partition(".")[0] for file in data.rglob("*.*.yml")}

    assert {str(name) for name in head.load(head.INTENTS).intents} == of_the_bot


def test_it_knows_every_kind_of_emergency() -> None:
    files = Path(running_bot.ROOT, "chatbot", "data").rglob("emergency.*.yml")
    groups = [group for file in files for group in yaml.safe_load(file.read_text("utf-8"))["nlu"]]

    known = {str(name) for name in head.load(head.KINDS).intents}
    assert known == {group["metadata"]["kind"] for group in groups}


def test_a_head_is_kept_and_read_again(tmp_path: Path) -> None:
    a_head().save(tmp_path / "head.npz")

    read = head.load(tmp_path / "head.npz")

    assert list(read.intents) == ["thanks", "greet", "emergency"]
    assert np.array_equal(read.out, a_head().out)


READ_ALL = """
import json, sys
from meaning.encoder import Encoder
from meaning.weights import installed

encoder = Encoder(installed())
texts = json.loads(sys.argv[1])
together = encoder.vectors(texts)
alone = [encoder.vectors([text])[0].tolist() for text in texts]
print(json.dumps({"together": together.tolist(), "alone": alone}))
"""


def test_the_encoder_hears_what_is_meant_in_other_words_and_languages() -> None:
    if not running_bot.PYTHON.exists():
        pytest.skip("chatbot/.venv is absent: run `make bot` (Rasa needs Python 3.10)")
    texts = ["my house is on fire", "ma maison brûle", "how much is a ticket?"]
    ran = running_bot.run(
        "-c", READ_ALL, json.dumps(texts), PYTHONPATH=str(running_bot.ROOT / "chatbot")
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    read = json.loads(ran.stdout)

    vectors = np.array(read["together"])
    assert np.allclose(vectors, read["alone"], atol=1e-3)
    vectors = vectors - vectors.mean(axis=0)
    fire, feu, ticket = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    assert fire @ feu > fire @ ticket


def test_the_encoder_weighs_values_by_the_normal_distribution() -> None:
    values = np.linspace(-9, 9, 1801, dtype=np.float32)
    shares = np.array([0.5 + 0.5 * math.erf(value / math.sqrt(2)) for value in values])

    assert np.allclose(_gelu(values), values * shares, rtol=0, atol=1e-6)

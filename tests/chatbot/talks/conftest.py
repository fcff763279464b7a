"""The product with the real bot, started once for all talks."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from tests.chatbot.talks.days import Days, two_working_days
from tests.chatbot.talks.people import People
from tests.chatbot.talks.talker import Talker
from tests.system.running_product import RunningProduct, wait_until

Talking = Callable[..., Talker]


@pytest.fixture(scope="session")
def product(trained: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningProduct]:
    """API, worker, Rasa and its action server, as `make run` starts them."""
    running = RunningProduct(tmp_path_factory.mktemp("talks"), has_bot=True)
    try:
        running.start()
        wait_until(running.bot_answers)
        Talker(running.client).says("hello", "which markets are on Sunday?")
        yield running
    finally:
        running.close()


@pytest.fixture
def talking(product: RunningProduct) -> Talking:
    """Begin a conversation of a person who is not signed in: `talking("ko")`."""
    return lambda language="en": Talker(product.client, language)


@pytest.fixture(scope="session")
def people(product: RunningProduct) -> People:
    """Whoever can sign in."""
    return People(product)


@pytest.fixture
def days() -> Days:
    """Chosen as the test begins: a run may begin on another day."""
    found = two_working_days(datetime.now(UTC))
    if found is None:
        pytest.skip("holidays leave fewer than two working days in the coming week")
    return found

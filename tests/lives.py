"""How many lives of how many steps a machine of hypothesis runs: few in a suite, more for a release.

`LAOCAI_TEST_EXAMPLES=300` is for a release.
"""

import os

from hypothesis import HealthCheck, Phase, settings


def examples(in_a_suite: int) -> int:
    return int(os.environ.get("LAOCAI_TEST_EXAMPLES", in_a_suite))


LIVES = examples(5)
LIVES_TO_FIND_A_FAULT = 200
"""At most: the first life that shows it is enough."""
_STEPS = 40


def lives(number: int) -> settings:
    return settings(
        max_examples=number,
        stateful_step_count=_STEPS,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )

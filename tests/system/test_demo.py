"""The demo against the whole product, bot included: every check it makes of itself passes."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.system.running_product import BOT_PYTHON, ROOT, RunningProduct

DEMO_SECONDS = 660
"""Around midnight in Hanoi it waits for five minutes."""
BUSY_MACHINE = {"DEMO_PATIENCE": "5"}


@pytest.mark.timeout(DEMO_SECONDS + 120)
@pytest.mark.skipif(not BOT_PYTHON.exists(), reason="the bot's environment (make bot) is not here")
def test_every_check_of_the_demo_passes(tmp_path: Path) -> None:
    product = RunningProduct(tmp_path, has_bot=True)
    product.start()

    demo = subprocess.run(
        [sys.executable, "-m", "demo"],
        cwd=ROOT,
        env=product.environment | BUSY_MACHINE,
        capture_output=True,
        text=True,
        timeout=DEMO_SECONDS,
        check=False,
    )
    status = product.stop()
    product.close()

    assert demo.stdout.splitlines()[-1] == "54 passed, 0 failed", demo.stdout + demo.stderr
    assert demo.returncode == 0
    assert status == 0

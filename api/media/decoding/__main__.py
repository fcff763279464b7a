"""`python -m api.media.decoding TASK FILE FOLDER`: makes what is shown, and says so in a file.

Ends with 0 when it has an answer, a refusal included; with 1 when it failed in a way nobody foresaw. The limits come first, before any library that decodes is loaded.
"""

import json
import os
import resource
import sys
from pathlib import Path

MEMORY_BYTES = 740_000_000
"""Of addresses, which is more than what is really used: that stays below 768 MB."""
PROCESSOR_SECONDS = 15
"""Then the system sends SIGXCPU, and soon after SIGKILL to whatever ignores it."""
_GRACE_SECONDS = 2
_FILE_BYTES = 210_000_000
"""No longer than the largest video that a setting allows, with a new index."""


def limit_ourselves() -> None:
    """Bound memory, processor time, file sizes and open files, leave no core, and let others go first."""
    os.nice(5)
    seconds = (PROCESSOR_SECONDS, PROCESSOR_SECONDS + _GRACE_SECONDS)
    resource.setrlimit(resource.RLIMIT_CPU, seconds)
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, _FILE_BYTES),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def main(task: str, sent: Path, folder: Path) -> None:
    """Write into `folder` what was made of `sent`. `task`: a kind of media, or BLUR."""
    from api.media.decoding import ANSWER, BLUR
    from api.media.decoding.taking import blurred, taken

    answer = blurred(sent, folder) if task == BLUR else taken(task, sent, folder)
    (folder / ANSWER).write_text(json.dumps(answer))


if __name__ == "__main__":
    limit_ourselves()
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))

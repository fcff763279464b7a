"""The battery, in processes of its own so that no other child is counted, nor memory of ours.

`python -m tests.media.battery_process make FOLDER` writes every bad file; `… open FOLDER` opens each as
the worker does. That prints, as JSON, what became of each, and the largest memory that any child used, in kB.
"""

import asyncio
import hashlib
import json
import resource
import sys
from pathlib import Path
from typing import Any

from api.media.decoder import Decoder
from api.media.refusals import Refusal
from tests.media.bad_files import BAD_FILES, MARKS, BadFile


def make(folder: Path) -> None:
    for number, bad in enumerate(BAD_FILES.values()):
        (folder / str(number)).mkdir()
        (folder / str(number) / "sent").write_bytes(bad.make())


def outcome(folder: Path, bad: BadFile) -> dict[str, Any]:
    """Return the refusal, or the files that were made with what they give away."""
    made = asyncio.run(Decoder().decode(bad.kind, folder / "sent", folder))
    if isinstance(made, Refusal):
        return {"refusal": made, "files": {}, "leaks": [], "copies": []}
    contents = {file.name: place.read_bytes() for file, place in made.files}
    sent = (folder / "sent").read_bytes()
    return {
        "refusal": None,
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in contents.items()},
        "leaks": [mark.decode() for mark in MARKS if any(mark in one for one in contents.values())],
        "copies": [name for name, data in contents.items() if data == sent],
    }


def open_all(folder: Path) -> None:
    results = {
        name: outcome(folder / str(number), bad)
        for number, (name, bad) in enumerate(BAD_FILES.items())
    }
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(json.dumps({"results": results, "peak_kb": peak}))  # noqa: T201 - its answer


if __name__ == "__main__":
    {"make": make, "open": open_all}[sys.argv[1]](Path(sys.argv[2]))

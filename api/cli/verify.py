"""`laocai verify`: the reference verifier of a gate without a network."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from api.credentials.offline.verifier import OfflineVerifier, Verdict

EXIT_REFUSED = 1
EXIT_UNUSABLE = 2
EXIT_CONFIRM = 3
_FILE_BYTES_AT_MOST = 64_000_000


def verify(
    token: Annotated[str, typer.Argument(help="What was read from the QR code; - reads it here.")],
    bundle: Annotated[
        Path, typer.Option(help="What `gateBundle` answered, as a JSON file.", exists=True)
    ],
    at: Annotated[
        datetime | None,
        typer.Option(
            help="When it was shown, with an offset; absent: now.",
            formats=["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S.%f%z"],
        ),
    ] = None,
    confirmed: Annotated[bool, typer.Option(help="Photo and name were compared.")] = False,
) -> None:
    """Decide on a card without a network, as a gate does.

    Exits with 0 when it is let in, with 3 when photo and name are to be compared first, with 1 when it
    is refused, and with 2 when the file cannot be used.
    """
    from api.kit.clock import system_clock

    verifier = _verifier(bundle)
    shown = typer.get_text_stream("stdin").readline().strip() if token == "-" else token  # noqa: S105
    verdict = verifier.verify(shown, at or system_clock(), is_confirmed=confirmed)
    for line in _lines(verdict):
        typer.echo(line)
    raise typer.Exit(_exit_status(verdict))


def _verifier(path: Path) -> "OfflineVerifier":
    from api.credentials.gates.bundle import read_bundle_file
    from api.credentials.offline.verifier import OfflineVerifier

    try:
        if path.stat().st_size > _FILE_BYTES_AT_MOST:
            raise ValueError("the file is too large")
        return OfflineVerifier(*read_bundle_file(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        typer.echo(f"{path}: {error}", err=True)
        raise typer.Exit(EXIT_UNUSABLE) from error


def _lines(verdict: "Verdict") -> list[str]:
    words = [verdict.decision.name, *(fault.name for fault in verdict.faults)]
    card = verdict.card
    if card is None:
        return [" ".join(words)]
    return [
        " ".join(words),
        f"{card.kind.name} {card.credential_id}, generation {card.generation}"
        f"{', printed' if card.is_printed else ''}",
        f"valid from {card.not_before.isoformat()}, before {card.expires_at.isoformat()}",
    ]


def _exit_status(verdict: "Verdict") -> int:
    from api.credentials.offline.verifier import Decision

    statuses = {Decision.LET_IN: 0, Decision.CONFIRM: EXIT_CONFIRM, Decision.REFUSE: EXIT_REFUSED}
    return statuses[verdict.decision]

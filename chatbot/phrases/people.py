"""The hand-off to a person."""

from __future__ import annotations

from phrases.marking import N_

PHRASES: dict[str, str] = {
    "title_human": N_("Talk to a person"),
}

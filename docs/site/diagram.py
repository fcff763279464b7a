"""The slices and who imports whom, read from the code, as a Mermaid diagram in docs/architecture.md.

`make diagram` writes it between its markers; a test says when to.
"""

import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import grimp

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "architecture.md"
BEGIN, END = "<!-- drawn from the imports: make diagram -->", "<!-- end of the drawing -->"

Floors = Sequence[tuple[str, ...]]
_EVERYBODYS = frozenset({"api.kit", "locales", "api.context", "api.foundations", "notifications"})
"""Nearly everything above stands on them: arrows to them would say nothing."""


def floors(pyproject: Path) -> Floors:
    """Return the modules of each floor, the highest first, as import-linter is told them."""
    contracts: list[dict[str, Any]] = tomllib.loads(pyproject.read_text(encoding="utf-8"))["tool"][
        "importlinter"
    ]["contracts"]
    layers: list[str] = next(one["layers"] for one in contracts if one["type"] == "layers")
    return [tuple(sorted(name.strip() for name in layer.split("|"))) for layer in layers]


def imports_between(modules: Iterable[str]) -> list[tuple[str, str]]:
    """Return who imports whom, in order."""
    graph = grimp.build_graph(
        "api", "notifications", "locales", exclude_type_checking_imports=True, cache_dir=None
    )
    owners = {
        inner: module for module in modules for inner in (module, *graph.find_descendants(module))
    }
    found: set[tuple[str, str]] = set()
    for inner, module in owners.items():
        for imported in graph.find_modules_directly_imported_by(inner):
            target = owners.get(imported, module)
            if target != module:
                found.add((module, target))
    return sorted(found)


def diagram(of: Floors, imports: Iterable[tuple[str, str]]) -> str:
    lines = ["```mermaid", "flowchart TB"]
    for number, modules in enumerate(of, 1):
        boxes = "; ".join(f'{_id(module)}["{_shown(module)}"]' for module in modules)
        lines += [f'  subgraph floor{number}[" "]', f"    {boxes}", "  end"]
    lines += [f"  floor{number} ~~~ floor{number + 1}" for number in range(1, len(of))]
    slices = {module for modules in of[4:] for module in modules} - _EVERYBODYS
    lines += [
        f"  {_id(one)} --> {_id(other)}"
        for one, other in imports
        if one in slices and other in slices
    ]
    return "\n".join([*lines, "```"])


def _id(module: str) -> str:
    return module.replace(".", "_")


def _shown(module: str) -> str:
    return module.removeprefix("api.")


def page_with(drawn: str, page: str) -> str:
    """Return the page with the drawing between its markers. Raises ValueError where they are not."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{PAGE.name} has no markers")
    return f"{before}{BEGIN}\n{drawn}\n{END}{after}"


def drawn() -> str:
    of = floors(ROOT / "pyproject.toml")
    return diagram(of, imports_between(module for modules in of for module in modules))


if __name__ == "__main__":
    PAGE.write_text(page_with(drawn(), PAGE.read_text(encoding="utf-8")), encoding="utf-8")

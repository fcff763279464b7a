"""Hooks of mkdocs: which pages the site has, and where links lead that go beyond docs/.

The navigation follows the folder: a page that is not named here stands under "More", so that nobody
has to touch this file to add one.
"""

import re
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parents[2]
TAKEN_IN = {"README.md": "index.md", "graphql/README.md": "contract.md"}
"""Pages of the repository that the site shows besides docs/, and as what."""
SECTIONS: dict[str, tuple[str, ...]] = {
    "Begin": ("index.md", "architecture.md", "contract.md", "app_makers.md", "another_province.md"),
    "Tourism": ("tourism", "guide", "search", "tourist_cards"),
    "Warnings and safety": ("alerts", "alerts_composing", "conditions", "notifications", "safety"),
    "Health": ("health_", "fhir"),
    "Schools": ("students",),
    "Reports": ("feedback", "satisfaction", "channels", "open311", "open_data"),
    "Chat": ("bot",),
    "Accounts, cards, money, media": ("accounts", "credentials", "wallet", "media"),
    "Operations": ("operations", "deployment", "runbooks/"),
    "Security and data": ("security", "data_sources"),
    "Decisions": ("adr/README.md", "adr/"),
}
_LINK = re.compile(r"(?<!!)\[(?P<text>[^\]]+)\]\((?P<target>[^)#\s:]+)(?P<anchor>#[^)\s]*)?\)")


def navigation(pages: list[str]) -> list[dict[str, Any]]:
    """Return the sections with their pages, each page once, the rest under "More"."""
    left = sorted(pages)
    sections: list[dict[str, Any]] = []
    for title, beginnings in SECTIONS.items():
        chosen = [
            page
            for beginning in beginnings
            for page in left
            if page == beginning or page.startswith(beginning)
        ]
        chosen = list(dict.fromkeys(chosen))
        left = [page for page in left if page not in chosen]
        if chosen:
            sections.append({title: chosen})
    return [*sections, {"More": left}] if left else sections


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    docs = Path(config.docs_dir)
    there = [path.relative_to(docs).as_posix() for path in docs.rglob("*.md")]
    config.nav = navigation([*there, *TAKEN_IN.values()])
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    for source, page in TAKEN_IN.items():
        text = (ROOT / source).read_text(encoding="utf-8")
        files.append(File.generated(config, page, content=text))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:  # noqa: ANN401 - given by mkdocs
    """Lead links to other files of the repository to their page; those without one become names of files."""
    shown = {page_name: source for source, page_name in TAKEN_IN.items()}
    uri: str = page.file.src_uri
    folder = (ROOT / shown.get(uri, f"docs/{uri}")).parent
    depth = "../" * uri.count("/")

    def led(found: re.Match[str]) -> str:
        target = (folder / found["target"]).resolve()
        if not target.is_relative_to(ROOT) or not target.exists():
            return found[0]  # mkdocs says so
        path = target.relative_to(ROOT).as_posix()
        if path in TAKEN_IN:
            inside = TAKEN_IN[path]
        elif path == "docs/adr":
            inside = "adr/README.md"
        elif path.startswith("docs/") and path.endswith(".md"):
            inside = path.removeprefix("docs/")
        else:
            return found["text"] if "`" in found["text"] else f"{found['text']} (`{path}`)"
        return f"[{found['text']}]({depth}{inside}{found['anchor'] or ''})"

    return _outside_fences(markdown, led)


def _outside_fences(markdown: str, led: Any) -> str:  # noqa: ANN401 - what re.sub takes
    parts = re.split(r"(^```.*?^```)", markdown, flags=re.DOTALL | re.MULTILINE)
    return "".join(part if part.startswith("```") else _LINK.sub(led, part) for part in parts)

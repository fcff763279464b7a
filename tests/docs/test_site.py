"""The guides as a site: every link leads somewhere, every page is in the navigation, the diagram is true."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from docs.site.diagram import PAGE, drawn, page_with

ROOT = Path(__file__).resolve().parents[2]
MKDOCS = ROOT / ".venv-docs" / "bin" / "mkdocs"
BUILD_SECONDS = 120


def test_the_diagram_is_what_the_code_imports() -> None:
    page = PAGE.read_text(encoding="utf-8")

    assert page_with(drawn(), page) == page, "run make diagram"


def test_the_diagram_needs_its_markers() -> None:
    with pytest.raises(ValueError, match="no markers"):
        page_with("drawn", "# A page without markers")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not MKDOCS.exists():
        pytest.skip("there is no .venv-docs: make docs makes it")
    folder = tmp_path_factory.mktemp("site")
    built = subprocess.run(
        [str(MKDOCS), "build", "--strict", "--quiet", "--site-dir", str(folder)],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        timeout=BUILD_SECONDS,
        check=False,
    )
    assert built.returncode == 0, built.stdout + built.stderr
    return folder


def test_every_guide_is_in_the_navigation(site: Path) -> None:
    index = (site / "index.html").read_text(encoding="utf-8")

    pages = {
        path.relative_to(ROOT / "docs").with_suffix(".html").as_posix()
        for path in (ROOT / "docs").rglob("*.md")
    }
    linked = set(re.findall(r'href="([^"#]+\.html)"', index))
    readmes = {page for page in pages if page.endswith("README.html")}
    assert pages - readmes <= linked
    assert {"contract.html", "adr/index.html"} <= linked

"""A state of the contract: its schema, and the documents that apps send."""

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from graphql import GraphQLSchema, build_schema

FOLDER = Path("graphql")
RELEASED = "released"
_SCHEMA, _OPERATIONS = "schema.graphql", "operations"
_GIT_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Contract:
    """`documents` by `<slice>/<Name>`."""

    sdl: str
    documents: Mapping[str, str]

    def schema(self) -> GraphQLSchema:
        """Build the schema. Raises GraphQLError when its text is not one."""
        return build_schema(self.sdl)


def contract_in(folder: Path) -> Contract:
    """Read a contract as it lies in a working copy."""
    operations = folder / _OPERATIONS
    return Contract(
        (folder / _SCHEMA).read_text(encoding="utf-8"),
        {
            path.relative_to(operations).with_suffix("").as_posix(): path.read_text("utf-8")
            for path in sorted(operations.rglob("*.graphql"))
        },
    )


def released_in(folder: Path) -> Contract:
    """Read what `write_release` wrote."""
    released = folder / RELEASED
    documents = json.loads((released / "operations.json").read_text(encoding="utf-8"))
    return Contract((released / _SCHEMA).read_text(encoding="utf-8"), documents)


def write_release(folder: Path, contract: Contract) -> None:
    """Keep `contract` as the last one that apps were built on."""
    released = folder / RELEASED
    released.mkdir(exist_ok=True)
    (released / _SCHEMA).write_text(contract.sdl, encoding="utf-8")
    text = json.dumps(dict(contract.documents), ensure_ascii=False, indent=0, sort_keys=True)
    (released / "operations.json").write_text(text + "\n", encoding="utf-8")


def contract_at(ref: str, folder: Path) -> Contract:
    """Read the contract of a commit, branch or tag of git. Raises LookupError when git has none there."""
    prefix = PurePosixPath(folder.as_posix())
    names = _git("ls-tree", "-r", "--name-only", ref, "--", f"{prefix}/{_OPERATIONS}").splitlines()
    return Contract(
        _git("show", f"{ref}:{prefix}/{_SCHEMA}"),
        {
            PurePosixPath(name).relative_to(prefix / _OPERATIONS).with_suffix("").as_posix(): _git(
                "show", f"{ref}:{name}"
            )
            for name in names
            if name.endswith(".graphql")
        },
    )


def _git(*arguments: str) -> str:
    told = subprocess.run(  # noqa: S603 - arguments, no shell
        ["git", *arguments],  # noqa: S607 - the git of whoever works here
        check=False,
        capture_output=True,
        encoding="utf-8",
        timeout=_GIT_SECONDS,
    )
    if told.returncode:
        raise LookupError(told.stderr.strip())
    return told.stdout

"""Where a project keeps its files: everything lies under one folder, the home."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

PACKAGE = Path(__file__).parent


def project_file(name: str) -> Path:
    """A file or folder that stands beside the package in a checkout and inside it in a wheel (sql, dagster.yaml)."""
    inside = PACKAGE / name
    return inside if inside.exists() else PACKAGE.parent / name


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """The folder a project works in: SYNTH_ASSETS_HOME, or the current folder."""

    root: Path

    @classmethod
    def find(cls) -> "Home":
        return cls(root=Path(os.environ.get("SYNTH_ASSETS_HOME") or Path.cwd()).resolve())

    @property
    def data(self) -> Path:
        """Everything that is made: the database, the calls, the releases."""
        return self.root / ".synth"

    @property
    def database(self) -> Path:
        return self.data / "warehouse.duckdb"

    @property
    def snapshot(self) -> Path:
        """The read-only copy for people's own tools."""
        return self.data / "snapshot.duckdb"

    @property
    def calls(self) -> Path:
        return self.data / "calls"

    @property
    def releases(self) -> Path:
        return self.data / "releases"

    @property
    def locks(self) -> Path:
        return self.data / "locks"

    def prepare(self) -> None:
        """Make the folders, and bring dagster.yaml and workspace.yaml where a new home lacks them."""
        for folder in (self.data, self.calls, self.releases, self.locks, self.root / ".dagster"):
            folder.mkdir(parents=True, exist_ok=True)
        for name in ("dagster.yaml", "workspace.yaml"):
            if not (self.root / name).exists():
                shutil.copy(project_file(name), self.root / name)

"""The folder in which releases stand side by side, each under the name of its version."""

from pathlib import Path

from synth_assets.errors import ReleaseError
from synth_assets.release.manifest import NAME


def find_release(name: str, releases: Path) -> Path:
    """The folder of a release, named by its version, or by the path of a folder that may lie anywhere.

    Raises:
        ReleaseError: there is none; the text says which there are.
    """
    for folder in (releases / name, Path(name)):
        if name and (folder / NAME).is_file():
            return folder.resolve()
    there = list_versions(releases)
    known = f"there are {', '.join(there)}" if there else "there is none yet"
    raise ReleaseError(f"{name!r} is neither a version in {releases} nor a folder with a release; {known}")


def list_versions(releases: Path) -> list[str]:
    """Every version that stands there, in alphabetical order."""
    return sorted(path.parent.name for path in releases.glob(f"[!.]*/{NAME}"))

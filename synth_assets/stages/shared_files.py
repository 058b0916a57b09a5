"""Files under `.synth` that all workers have in common: indexes of vectors, a proposed tree of domains, a fitted head.

Where the warehouse's blobs lie under `.synth` themselves, nothing is copied. Elsewhere what is there is a copy: indexes
are fetched before they are opened and published after they were written, under the lock of the index that whoever
calls holds. What is missing or damaged everywhere is made anew from the database, whose vectors are the truth of all.
"""

from pathlib import Path

from synth_assets.sharing.blobs import MANIFEST, bring_in_step, fetch_folder, publish_folder
from synth_assets.stages.work import Work
from synth_assets.vector_index import VectorIndex


def kept_file(work: Work, path: Path) -> Path:
    """A file that people edit and all workers use, as all have it now; outside of `.synth` it is each machine's own.

    It need not be there: whoever reads it says so.
    """
    if path.is_relative_to(work.home.data):
        bring_in_step(work.warehouse.blobs, path.relative_to(work.home.data).as_posix(), path)
    return path


def index_is_there(work: Work, name: str) -> bool:
    """Whether there is an index of this name ("indexes/duplicates/..."), here or among what is shared."""
    return (work.home.data / name).is_dir() or work.warehouse.blobs.read(f"{name}/{MANIFEST}") is not None


def open_index(work: Work, name: str, dimensions: int) -> VectorIndex:
    """The index as all workers have it; an empty one where there is none, or where it is damaged everywhere."""
    folder = work.home.data / name
    blobs = work.warehouse.blobs
    fetch_folder(blobs, name, folder)
    index = VectorIndex.open(folder, dimensions)
    if index.damage and not blobs.is_at(name, folder) and fetch_folder(blobs, name, folder, anew=True):
        index.close()
        index = VectorIndex.open(folder, dimensions)
    return index


def publish_index(work: Work, name: str) -> int:
    """Give all workers the index as it is here; the number of files that were sent."""
    return publish_folder(work.warehouse.blobs, name, work.home.data / name)

"""The benchmarks that a recipe names: where their files lie, whether they can be used, and what they hold."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from synth_assets.benchmark_files import Benchmark, BenchmarkItem, BrokenLine, check_benchmark, read_benchmark
from synth_assets.errors import BenchmarkError
from synth_assets.home import Home
from synth_assets.identity import hash_of
from synth_assets.quality.decontamination import WordIndex
from synth_assets.recipe import BenchmarkEntry, Decontamination, Recipe

# Raised when the same files and settings are to give other verdicts.
VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Benchmarks:
    """What the recipe's files hold.

    Attributes:
        items: of all files.
        words: the items' runs of words; None where the recipe looks for none.
        broken: lines that were left out.
    """

    items: tuple[BenchmarkItem, ...]
    words: WordIndex | None
    broken: tuple[BrokenLine, ...]

    @property
    def sizes(self) -> dict[str, int]:
        """Benchmark -> items."""
        return dict(Counter(item.benchmark for item in self.items))


def locate_benchmarks(recipe: Recipe, name_or_path: str) -> Recipe:
    """The recipe with the places of its benchmark files, looked for beside the recipe file, then in the home.

    Raises:
        BenchmarkError: a file is nowhere, of no kind that is read, or has not the columns named.
    """
    plan = recipe.decontamination
    if not plan.benchmarks:
        return recipe
    folders = [Path(name_or_path).parent, Home.find().root] if Path(name_or_path).is_file() else [Home.find().root]
    found = []
    for number, entry in enumerate(plan.benchmarks):
        named = entry.path.expanduser()
        path = next((path for path in (folder / named for folder in folders) if path.is_file()), None)
        if path is None:
            raise BenchmarkError(
                f"{entry.path}: no such file, beside the recipe or in the home "
                f"(decontamination.benchmarks.{number} of {name_or_path})"
            )
        check_benchmark(path, question=entry.question, answer=entry.answer, item=entry.item)
        found.append(entry.model_copy(update={"path": path.resolve()}))
    return recipe.model_copy(update={"decontamination": plan.model_copy(update={"benchmarks": found})})


def fingerprint_of(recipe: Recipe, encoder: str) -> str:
    """What verdicts stand on: the files' bytes, their columns, the settings, and the encoder; "" without benchmarks.

    Raises:
        BenchmarkError: a file cannot be read.
    """
    plan = recipe.decontamination
    if not plan.benchmarks:
        return ""
    files = [[entry.name, entry.question, entry.answer, entry.item, _digest(entry.path)] for entry in plan.benchmarks]
    used = "" if plan.cosine is None else encoder
    return hash_of("benchmarks", VERSION, files, plan.ngram, plan.least_overlap, plan.cosine, used)


def read_benchmarks(plan: Decontamination, fingerprint: str) -> Benchmarks:
    """What the files hold, read once in a process as long as the fingerprint stays.

    Raises:
        BenchmarkError: see `read_benchmark`.
    """
    return _read(fingerprint, tuple(plan.benchmarks), plan.ngram)


@lru_cache(maxsize=1)
def _read(fingerprint: str, entries: Sequence[BenchmarkEntry], ngram: int | None) -> Benchmarks:
    read: list[Benchmark] = [
        read_benchmark(entry.path, name=entry.name, question=entry.question, answer=entry.answer, item=entry.item)
        for entry in entries
    ]
    items = tuple(item for each in read for item in each.items)
    return Benchmarks(
        items=items,
        words=None if ngram is None else WordIndex(items, ngram),
        broken=tuple(line for each in read for line in each.broken),
    )


def _digest(path: Path) -> str:
    try:
        stat = path.stat()
        return _digest_of(path, stat.st_size, stat.st_mtime_ns)
    except OSError as error:
        raise BenchmarkError(f"{path}: cannot be read: {error.strerror}") from error


@lru_cache(maxsize=64)
def _digest_of(path: Path, size: int, changed_ns: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

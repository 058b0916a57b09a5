"""Two releases side by side: which samples came, went and changed, by cell, and why those that went are gone."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from synth_assets.errors import ReleaseError
from synth_assets.release.manifest import read_manifest
from synth_assets.release.parquet import EXTENDED_SCHEMA

UNKNOWN = "unknown"
CAME = "new"
# What decides which row a sample is, not what it says.
_KEYS = ("synth_id", "candidate_id", "cell", "language", "split")


@dataclass(frozen=True, slots=True, kw_only=True)
class CellChange:
    """What happened in one exercise and language.

    Attributes:
        before, after: samples of either release; before - went + came = after.
        came, went: samples of one release only.
        changed: samples of both of which at least one column differs; the split is a column.
    """

    cell: str
    language: str
    before: int
    after: int
    came: int
    went: int
    changed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why samples of a cell came, went or changed.

    `what` is "came", "went" or "changed". The reason of a sample that went or came is what the caller says of its
    candidate; of a change it is the names of the columns that differ, with " + " between.
    """

    what: str
    cell: str
    language: str
    reason: str
    samples: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two releases side by side; `changes` holds every cell of either, `reasons` the largest first in each cell."""

    before: str
    after: str
    changes: tuple[CellChange, ...]
    reasons: tuple[Reason, ...]

    @property
    def same(self) -> bool:
        """Whether both hold the same samples, word for word."""
        return not any(each.came or each.went or each.changed for each in self.changes)

    def as_text(self) -> str:
        """Two tables for a terminal: cells with their numbers, then the reasons."""
        cells = [
            (each.cell, each.language, *(f"{number:,}" for number in
             (each.before, each.came, each.went, each.changed, each.after)))
            for each in self.changes
        ]  # fmt: skip
        names = ("before", "came", "went", "changed", "after")
        totals = [f"{sum(getattr(each, name) for each in self.changes):,}" for name in names]
        parts = [
            f"{self.before} -> {self.after}",
            _table(("exercise", "language", *names), [*cells, ("all", "", *totals)]),
        ]
        if self.reasons:
            rows = [(each.what, each.cell, each.language, each.reason, f"{each.samples:,}") for each in self.reasons]
            parts.append(_table(("", "exercise", "language", "reason", "samples"), rows))
        return "\n\n".join(parts)


def compare_releases(before: Path, after: Path, fates: Mapping[str, str] | None = None) -> Comparison:
    """Compare two release folders.

    Args:
        fates: candidate id -> what became of it, in words of the caller ("withdrawn: asked for", "superseded",
            "refused: not_grounded"). A sample that went and has none is "unknown", one that came is "new".

    Raises:
        ReleaseError: a folder is no release, or its extended files cannot be read.
    """
    old, new = _rows_of(before), _rows_of(after)
    fates = fates or {}
    gone = old.join(new, on="synth_id", how="anti")
    fresh = new.join(old, on="synth_id", how="anti")
    both = old.join(new, on="synth_id", how="inner", suffix="_after")
    columns = sorted(set(old.columns) - {"synth_id", "candidate_id", "cell", "language"})
    differs = both.with_columns(
        pl.concat_list(pl.when(pl.col(name).ne_missing(pl.col(f"{name}_after"))).then(pl.lit(name)) for name in columns)
        .list.drop_nulls()
        .list.join(" + ")
        .alias("reason")
    ).filter(pl.col("reason") != "")
    reasons: Counter[tuple[str, str, str, str]] = Counter()
    for what, rows, otherwise in (("went", gone, UNKNOWN), ("came", fresh, CAME)):
        for cell, language, candidate in rows.select("cell", "language", "candidate_id").iter_rows():
            reasons[what, cell, language, fates.get(candidate, otherwise)] += 1
    for cell, language, reason in differs.select("cell", "language", "reason").iter_rows():
        reasons["changed", cell, language, reason] += 1
    counted = [_by_cell(rows) for rows in (old, new, fresh, gone, differs)]
    return Comparison(
        before=read_manifest(before).version,
        after=read_manifest(after).version,
        changes=tuple(
            CellChange(cell=cell, language=language, **{
                name: counts[cell, language]
                for name, counts in zip(("before", "after", "came", "went", "changed"), counted, strict=True)
            })
            for cell, language in sorted(counted[0].keys() | counted[1].keys())
        ),
        reasons=tuple(
            Reason(what=what, cell=cell, language=language, reason=reason, samples=count)
            for (what, cell, language, reason), count in sorted(
                reasons.items(), key=lambda item: (*item[0][:3], -item[1], item[0][3])
            )
        ),
    )  # fmt: skip


def _by_cell(rows: pl.DataFrame) -> Counter[tuple[str, str]]:
    return Counter({(cell, language): count for cell, language, count in
                    rows.group_by("cell", "language").len().iter_rows()})  # fmt: skip


def _rows_of(folder: Path) -> pl.DataFrame:
    """One row a sample: its keys as they are, every other column as a 64-bit hash of what it holds.

    So a release of a million samples of 500 words takes some hundred megabytes, not several thousand. Hashes of Polars
    are the same within one process, which is all that is asked of them.
    """
    manifest = read_manifest(folder)
    frames = []
    for file in manifest.files:
        if not file.name.startswith("extended/"):
            continue
        split = file.name.removeprefix("extended/").partition("-")[0]
        hashed = [pl.col(name) if name in _KEYS else pl.col(name).hash(seed=0) for name in EXTENDED_SCHEMA]
        lazy = pl.scan_parquet(folder / file.name, glob=False).select(hashed)
        try:
            frames.append(lazy.collect(engine="streaming").with_columns(pl.lit(split).alias("split")))
        except (pl.exceptions.PolarsError, OSError) as error:
            raise ReleaseError(f"{folder / file.name}: cannot be read: {error}") from error
    if not frames:
        raise ReleaseError(f"{folder}: has no extended files")
    return pl.concat(frames)


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns as wide as their widest entry; those of numbers to the right."""
    widths = [max(len(row[place]) for row in (heads, *rows)) for place in range(len(heads))]
    numbers = [all(row[place].replace(",", "").isdigit() for row in rows) for place in range(len(heads))]
    return "\n".join(
        "  ".join(
            text.rjust(width) if number else text.ljust(width)
            for text, width, number in zip(row, widths, numbers, strict=True)
        ).rstrip()
        for row in (heads, *rows)
    )

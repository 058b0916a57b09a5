"""Two releases side by side: which samples came, went and changed, by cell, and why those that went are gone."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from synth_assets.errors import ReleaseError
from synth_assets.release.manifest import read_manifest
from synth_assets.release.parquet import EXTENDED_SCHEMA

UNKNOWN = "unknown"
CAME = "new"
# What decides which row a sample is, not what it says.
_KEYS = ("synth_id", "candidate_id", "cell", "language")

# Candidate ids -> what became of each, in words ("withdrawn: asked for", "refused: not_grounded").
Fates = Callable[[Sequence[str]], Mapping[str, str]]


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


def compare_releases(before: Path, after: Path, fates: Fates | None = None) -> Comparison:
    """Compare two release folders.

    Ids and one 64-bit hash a row are held of both, some 200 bytes a sample, and of rows that changed one a column.

    Args:
        fates: says what became of the candidates of samples that came or went. One that went and has no fate is
            "unknown", one that came is "new".

    Raises:
        ReleaseError: a folder is no release, or its extended files cannot be read.
    """
    old, new = _rows_of(before), _rows_of(after)
    gone = old.join(new, on="synth_id", how="anti")
    fresh = new.join(old, on="synth_id", how="anti")
    differs = _changed(before, after, old, new)
    found = fates([*gone.get_column("candidate_id"), *fresh.get_column("candidate_id")]) if fates else {}
    reasons: Counter[tuple[str, str, str, str]] = Counter()
    for what, rows, otherwise in (("went", gone, UNKNOWN), ("came", fresh, CAME)):
        for cell, language, candidate in rows.select("cell", "language", "candidate_id").iter_rows():
            reasons[what, cell, language, found.get(candidate, otherwise)] += 1
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
    """One row a sample: its keys, its split, and as `row` a hash of everything it holds."""
    columns = [name for name in EXTENDED_SCHEMA if name not in _KEYS]
    whole = pl.struct(pl.col(name).hash(seed=0) for name in columns).hash(seed=0).alias("row")
    return _read(folder, [*map(pl.col, _KEYS), whole])


def _changed(before: Path, after: Path, old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """Samples of both releases that are not alike, with the names of the columns that differ as `reason`."""
    both = new.join(old, on="synth_id", how="inner", suffix="_before")
    unlike = both.filter((pl.col("row") != pl.col("row_before")) | (pl.col("split") != pl.col("split_before"))).select(
        "synth_id", "cell", "language"
    )
    if unlike.is_empty():
        return unlike.with_columns(reason=pl.lit(""))
    columns = [name for name in EXTENDED_SCHEMA if name not in _KEYS]
    hashed = [pl.col("synth_id"), *(pl.col(name).hash(seed=0) for name in columns)]
    was, is_ = (_read(folder, hashed, unlike.select("synth_id")) for folder in (before, after))
    names = sorted([*columns, "split"])
    reason = (
        pl.concat_list(pl.when(pl.col(name) != pl.col(f"{name}_before")).then(pl.lit(name)) for name in names)
        .list.drop_nulls()
        .list.join(" + ")
        .alias("reason")
    )
    reasons = is_.join(was, on="synth_id", suffix="_before").select("synth_id", reason)
    return unlike.join(reasons, on="synth_id")


def _read(folder: Path, columns: Sequence[pl.Expr], only: pl.DataFrame | None = None) -> pl.DataFrame:
    """Columns of the extended files with each row's split; of the rows `only` names where it is given.

    Hashes of Polars are the same within one process, which is all that is asked of them.
    """
    frames = []
    for file in read_manifest(folder).files:
        if not file.name.startswith("extended/"):
            continue
        split = file.name.removeprefix("extended/").partition("-")[0]
        lazy = pl.scan_parquet(folder / file.name, glob=False)
        if only is not None:
            lazy = lazy.join(only.lazy(), on="synth_id", how="semi")
        try:
            frames.append(lazy.select(*columns, pl.lit(split).alias("split")).collect(engine="streaming"))
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

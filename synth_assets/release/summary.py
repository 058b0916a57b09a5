"""What the rows of a release add up to, gathered while they go by: counts, lengths, scores, notation, a row of each."""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from synth_assets.notation import mark_shares
from synth_assets.release.manifest import CellCount, MarkUse

MOST_TRACES = 5_000
QUALITY_STEP = 0.05
WORDS_STEP = 50
MOST_WORDS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreSummary:
    """One scorer over all rows of one exercise that it judged: how many, the mean, and how many it passed."""

    cell: str
    name: str
    rows: int
    mean: float
    passed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Sums over all rows of a release.

    Attributes:
        samples, words: of all rows; `words` counts query, trace and answer.
        by_program: rows that no model had a part in.
        counts: samples by exercise, language and split.
        licenses, models: published value -> samples; None of a row counts as "none stated".
        mean_words: exercise -> mean words a row.
        lengths: exercise -> samples by words a row, in steps of `WORDS_STEP`; the last step holds all longer ones.
        qualities: exercise -> samples by composite score, in steps of `QUALITY_STEP`.
        scores: every scorer of every exercise.
        notation: marks in at most `MOST_TRACES` traces, chosen by the hash of their ids.
        examples: exercise -> the row with the smallest id: ids are hashes, so it was not picked for being good.
    """

    samples: int
    words: int
    by_program: int
    counts: tuple[CellCount, ...]
    licenses: Mapping[str, int]
    models: Mapping[str, int]
    mean_words: Mapping[str, float]
    lengths: Mapping[str, tuple[int, ...]]
    qualities: Mapping[str, tuple[int, ...]]
    scores: tuple[ScoreSummary, ...]
    notation: tuple[MarkUse, ...]
    examples: Mapping[str, Mapping[str, Any]]

    def by(self, part: str) -> dict[str, int]:
        """Samples by "cell", "language" or "split", most first."""
        found: Counter[str] = Counter()
        for each in self.counts:
            found[getattr(each, part)] += each.samples
        return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


class SummaryOfRows:
    """Gathers a `Summary`; `total` is how many rows will come, which decides how many traces are looked at."""

    def __init__(self, total: int) -> None:
        self._share = MOST_TRACES / max(1, total)
        self._counts: Counter[tuple[str, str, str]] = Counter()
        self._licenses: Counter[str] = Counter()
        self._models: Counter[str] = Counter()
        self._lengths: dict[str, Counter[int]] = {}
        self._qualities: dict[str, Counter[int]] = {}
        self._words: Counter[str] = Counter()
        self._scores: dict[tuple[str, str], list[float]] = {}
        self._traces: list[str] = []
        self._by_program = 0
        self._examples: dict[str, dict[str, Any]] = {}

    def update(self, rows: pl.DataFrame) -> None:
        """Take in rows of `EXTENDED_SCHEMA` with their column `split`."""
        for cell, language, split, count in rows.group_by("cell", "language", "split").len().iter_rows():
            self._counts[cell, language, split] += count
        for column, counter in (("seed_license", self._licenses), ("model", self._models)):
            for value, count in rows.group_by(column).len().iter_rows():
                counter[value or "none stated"] += count
        self._by_program += int(rows.get_column("by_program").sum())
        length = (pl.col("words").clip(0, MOST_WORDS) // WORDS_STEP).alias("bin")
        score = (pl.col("quality").clip(0, 1) / QUALITY_STEP + 1e-9).floor().cast(pl.Int64).alias("bin")
        for bins, found in ((length, self._lengths), (score, self._qualities)):
            for cell, number, count in rows.group_by("cell", bins).len().iter_rows():
                found.setdefault(cell, Counter())[number] += count
        for cell, words in rows.group_by("cell").agg(pl.col("words").sum()).iter_rows():
            self._words[cell] += words
            if cell not in self._examples:
                self._examples[cell] = rows.filter(pl.col("cell") == cell).row(0, named=True)
        self._add_scores(rows)
        self._add_traces(rows)

    def summary(self) -> Summary:
        """What has come so far."""
        samples = sum(self._counts.values())
        per_cell: Counter[str] = Counter()
        for (cell, _, _), count in self._counts.items():
            per_cell[cell] += count
        return Summary(
            samples=samples,
            words=sum(self._words.values()),
            by_program=self._by_program,
            counts=tuple(
                CellCount(cell=cell, language=language, split=split, samples=count)
                for (cell, language, split), count in sorted(self._counts.items())
            ),
            licenses=_most_first(self._licenses),
            models=_most_first(self._models),
            mean_words={cell: self._words[cell] / per_cell[cell] for cell in sorted(per_cell)},
            lengths={cell: _bins(found, MOST_WORDS // WORDS_STEP + 1) for cell, found in sorted(self._lengths.items())},
            qualities={cell: _bins(found, round(1 / QUALITY_STEP)) for cell, found in sorted(self._qualities.items())},
            scores=tuple(
                ScoreSummary(cell=cell, name=name, rows=int(rows), mean=total / rows, passed=int(passed))
                for (cell, name), (rows, total, passed) in sorted(self._scores.items())
            ),
            notation=tuple(
                MarkUse(mark=each.mark, share=round(each.share, 3), synth=each.published)
                for each in mark_shares(self._traces)
            ),
            examples=dict(sorted(self._examples.items())),
        )

    def _add_scores(self, rows: pl.DataFrame) -> None:
        each = rows.select("cell", "scores").explode("scores", empty_as_null=False, keep_nulls=False).unnest("scores")
        sums = each.group_by("cell", "name").agg(
            pl.len(), pl.col("value").fill_null(0).sum(), pl.col("passed").fill_null(True).sum().alias("passed")
        )
        for cell, name, *values in sums.sort("cell", "name").iter_rows():
            known = self._scores.setdefault((cell, name), [0, 0.0, 0])
            for place, value in enumerate(values):
                known[place] += value

    def _add_traces(self, rows: pl.DataFrame) -> None:
        for synth_id, trace in rows.select("synth_id", "synthetic_reasoning").iter_rows():
            if trace and len(self._traces) < MOST_TRACES and _place(synth_id) < self._share:
                self._traces.append(trace)


def _place(synth_id: str) -> float:
    """Where an id stands from 0 to 1, by its hash."""
    return int.from_bytes(hashlib.sha256(synth_id.encode()).digest()[:4]) / 2**32


def _bins(found: Mapping[int, int], count: int) -> tuple[int, ...]:
    return tuple(found.get(number, 0) + (found.get(count, 0) if number == count - 1 else 0) for number in range(count))


def _most_first(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

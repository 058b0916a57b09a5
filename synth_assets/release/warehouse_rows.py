"""What a release reads from the warehouse: its rows, staged in a file, and its facts.

All of it is read in one transaction, so that rows and facts are of one state; what takes time to work out of it
(`ToMeasure.diversity`) is left for when the database is let go.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from synth_assets.errors import WarehouseBroken
from synth_assets.release.diversity import MOST_VECTORS, Diversity, measure_diversity
from synth_assets.release.info import (
    Article,
    CellFate,
    DuplicateCount,
    ModelUse,
    Refusal,
    ReleaseInfo,
    WithdrawnCount,
)
from synth_assets.release.source import BATCH, ParquetSource
from synth_assets.warehouse import Transaction, sql

MOST_TEXTS = 5_000
# An axis with more values than this is no axis that could be covered: numbers, names, places.
MOST_VALUES = 100
# What only rows that were asked about an article can cover.
_OF_SEEDS = ("topic", "level")
SORT_MEMORY = "1GB"


def stage_samples(open_: Transaction, path: Path) -> ParquetSource:
    """Write the rows of a release, sorted, to a file beside the database, and give them as a source.

    A release is written while other runs work, so it must not hold the database: this one copy is all that happens
    under its lock, and the minutes of formatting come after. DuckDB sorts within `SORT_MEMORY` and spills the rest.
    """
    open_.connection.execute("set memory_limit = $size", {"size": SORT_MEMORY})
    try:
        rows = open_.connection.sql(sql("release/samples"))
        rows.write_parquet(str(path), compression="lz4", row_group_size=BATCH)
    except OSError as error:
        raise WarehouseBroken(f"{path}: the rows of the release could not be staged: {error}") from error
    finally:
        open_.connection.execute("reset memory_limit")
    return ParquetSource(path)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToMeasure:
    """What diversity is measured on: at most `MOST_TEXTS` texts and `MOST_VECTORS` vectors a side, read and no more.

    Attributes:
        texts, seed_texts: questions and answers of samples, and the sections they were asked about.
        vectors, seed_vectors: (n, dimensions) float32 of one encoder; None where there are none.
        counts: label -> value -> samples that bear it, values that none bears included.
    """

    texts: tuple[str, ...]
    seed_texts: tuple[str, ...]
    vectors: NDArray[np.float32] | None
    seed_vectors: NDArray[np.float32] | None
    counts: Mapping[str, Mapping[str, int]]

    def diversity(self) -> Diversity | None:
        """The measures; None without samples. Seconds of work at full size."""
        if not self.texts:
            return None
        return measure_diversity(
            self.texts,
            self.seed_texts,
            vectors=self.vectors,
            seed_vectors=self.seed_vectors,
            labels={
                label: (values, tuple(values))
                for label, values in self.counts.items()
                if (self.seed_texts or label not in _OF_SEEDS)
                and (len(values) <= MOST_VALUES or not label.startswith("axis "))
            },
        )


def read_info(
    open_: Transaction,
    *,
    version: str,
    package_version: str,
    recipe_name: str,
    recipe_hash: str,
    recipe_text: str,
    thresholds: Mapping[str, float] | None = None,
    title: str = "",
    description: str = "",
    limits: tuple[str, ...] = (),
) -> ReleaseInfo:
    """Everything that the warehouse knows of a release but its rows and its diversity; the rest is passed on as it is.

    Args:
        thresholds: further ones, beside those of duplicates.
    """
    found = {f"duplicates {row['exercise']}": row["threshold"] for row in open_.rows("release/duplicate_thresholds")}
    return ReleaseInfo(
        version=version,
        package_version=package_version,
        recipe_name=recipe_name,
        recipe_hash=recipe_hash,
        recipe_text=recipe_text,
        title=title,
        description=description,
        limits=limits,
        cells=tuple(CellFate(**row) for row in open_.rows("release/cell_fates")),
        refusals=tuple(
            Refusal(
                exercise=row["exercise"],
                language=row["language"],
                stage=row["refused_at"],
                reason=row["refused_reason"],
                candidates=row["candidates"],
            )
            for row in open_.rows("audit/cell_refusals")
        ),
        models=tuple(ModelUse(**row) for row in open_.rows("release/model_uses")),
        articles=tuple(Article(**row) for row in open_.rows("release/articles")),
        duplicates=tuple(DuplicateCount(**row) for row in open_.rows("release/duplicate_counts")),
        withdrawn=tuple(WithdrawnCount(**row) for row in open_.rows("release/withdrawn_counts")),
        thresholds={**found, **(thresholds or {})},
    )


def read_to_measure(open_: Transaction, encoder: str) -> ToMeasure:
    """What diversity is measured on; `encoder` is whose vectors, as the tables name it."""
    counts: dict[str, dict[str, int]] = {}
    for row in open_.rows("release/coverage"):
        counts.setdefault(row["label"], {})[row["value"]] = row["samples"]
    return ToMeasure(
        texts=tuple(row["text"] for row in open_.rows("release/texts", size=MOST_TEXTS)),
        seed_texts=tuple(row["text"] for row in open_.rows("release/seed_texts", size=MOST_TEXTS)),
        vectors=_vectors(open_, "release/vectors", encoder),
        seed_vectors=_vectors(open_, "release/seed_vectors", encoder),
        counts=counts,
    )


def read_fates(open_: Transaction, candidate_ids: Sequence[str]) -> dict[str, str]:
    """Candidate id -> what became of it, in words: "refused: not_grounded"; without those the warehouse does not know.

    What is accepted is "accepted", or "accepted in place of an earlier one" where it replaces a superseded row.
    """
    rows = open_.rows("release/fates", candidate_ids=list(candidate_ids)) if candidate_ids else []
    return {row["candidate_id"]: row["fate"] for row in rows}


def _vectors(open_: Transaction, name: str, encoder: str) -> NDArray[np.float32] | None:
    rows = open_.rows(name, encoder=encoder, size=MOST_VECTORS)
    return np.asarray([row["vector"] for row in rows], dtype=np.float32) if rows else None

"""The Parquet files of a release: SYNTH's 14 columns, and the same rows with everything that leads back.

Written so that the same rows give the same bytes: fixed row groups whatever batches the rows came in, one compression
at one level, no times, no run ids. Shards hold `ROWS_PER_SHARD` rows; a shard's name says how many there are, so files
get their last name when all rows are written.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

# The published columns of PleIAs/SYNTH, in its order.
SYNTH_COLUMNS = (
    "synth_id",
    "language",
    "exercise",
    "model",
    "query",
    "query_seed_url",
    "query_seed_text",
    "additional_seed_url",
    "seed_license",
    "constraints",
    "script",
    "synthetic_reasoning",
    "synthetic_answer",
    "words",
)
SYNTH_SCHEMA = pl.Schema({name: pl.Int64() if name == "words" else pl.String() for name in SYNTH_COLUMNS})
SCORE = pl.Struct(
    {"name": pl.String(), "value": pl.Float64(), "passed": pl.Boolean(), "reason": pl.String(), "detail": pl.String()}
)
# What the extended files hold beyond the 14, and what it is; the card and the metadata say it in these words.
LINEAGE: Mapping[str, tuple[pl.DataType, str]] = {
    "candidate_id": (pl.String(), "the planned sample this row was made from"),
    "cell": (pl.String(), "name of the exercise, as partitions and files bear it"),
    "split_key": (pl.String(), "what decides the split: address of the seed article, else hash of template and values"),
    "seed_id": (pl.String(), "article revision the seed section was cut from"),
    "section_id": (pl.String(), "section of it"),
    "neighbour_ids": (pl.List(pl.String()), "nearest other sections that were at hand, nearest first"),
    "exercise_version": (pl.Int64(), "version of the exercise"),
    "pass": (pl.Int64(), "which pass over its source, from 0"),
    "draw": (pl.String(), "constraint draw as JSON, axis to value"),
    "query_model": (pl.String(), "model that wrote the query, or program"),
    "reasoning_model": (pl.String(), "model that wrote the trace, or program"),
    "answer_model": (pl.String(), "model that wrote the answer, or program"),
    "templates": (pl.List(pl.String()), "prompt templates used, name@sha256"),
    "checks": (pl.String(), "what code verified, as JSON: [{name, passed, detail}]"),
    "payload": (pl.String(), "the answer's typed payload as JSON: a preference pair, columns of its own"),
    "quality": (pl.Float64(), "composite quality score, 0 to 1"),
    "scores": (pl.List(SCORE), "every score with its verdict"),
    "family": (pl.String(), "rows of one family and language were compared for duplicates"),
    "key_hash": (pl.String(), "hash of what was compared"),
    "copies": (pl.Int64(), "duplicates that were left out in favour of this row"),
    "by_program": (pl.Boolean(), "whether no model had a part in it"),
    "recipe_hash": (pl.String(), "recipe that asked for it"),
    "seed_attribution": (pl.String(), "who is credited for the seed article, where its source names anybody"),
}
EXTENDED_SCHEMA = pl.Schema({**SYNTH_SCHEMA, **{name: kind for name, (kind, _) in LINEAGE.items()}})

ROWS_PER_GROUP = 8_192
ROWS_PER_SHARD = 12 * ROWS_PER_GROUP
COMPRESSION_LEVEL = 3
# Columns with few values are written as a dictionary; texts are not tried, which would cost a pass over them.
_REPEATED = (
    "language", "exercise", "model", "query_seed_url", "query_seed_text", "additional_seed_url", "seed_license",
    "script", "cell", "split_key", "seed_id", "section_id", "exercise_version", "pass", "query_model",
    "reasoning_model", "answer_model", "family", "copies", "by_program", "recipe_hash",
    "seed_attribution",
)  # fmt: skip


class ShardWriter:
    """Writes rows of one split as `<split>-00000.parquet` and on, opening the next shard when one is full."""

    def __init__(self, folder: Path, split: str, schema: pl.Schema) -> None:
        self.folder = folder
        self.split = split
        self.schema = schema
        self._arrow = schema.to_frame().to_arrow().schema
        self._shards: list[Path] = []
        self._writer: Any = None
        self._rows_in_shard = 0

    def write_group(self, rows: pl.DataFrame) -> None:
        """Write at most `ROWS_PER_GROUP` rows as one row group; only a split's last may be smaller than that."""
        from pyarrow.parquet import ParquetWriter

        if self._writer is None or self._rows_in_shard >= ROWS_PER_SHARD:
            self._end_shard()
            path = self.folder / f"{self.split}-{len(self._shards):05d}.parquet"
            self._writer = ParquetWriter(
                path, self._arrow, compression="zstd", compression_level=COMPRESSION_LEVEL,
                use_dictionary=[name for name in _REPEATED if name in self.schema], write_statistics=["synth_id"],
            )  # fmt: skip
            self._shards.append(path)
            self._rows_in_shard = 0
        table = rows.select(self.schema.names()).to_arrow().cast(self._arrow)
        self._writer.write_table(table, row_group_size=ROWS_PER_GROUP)
        self._rows_in_shard += rows.height

    def close(self) -> list[Path]:
        """End the last shard and give every shard its last name, `<split>-00000-of-00012.parquet`."""
        self._end_shard()
        named = []
        for path in self._shards:
            final = path.with_name(f"{path.stem}-of-{len(self._shards):05d}.parquet")
            path.rename(final)
            named.append(final)
        return named

    def abandon(self) -> None:
        """Close what is open without caring whether that works; the files are about to be removed."""
        if self._writer is not None:
            try:
                self._writer.close()
            except OSError:  # the full disk that led here
                return
            finally:
                self._writer = None

    def _end_shard(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.close()

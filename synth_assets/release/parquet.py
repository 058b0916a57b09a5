"""The files of a release: SYNTH's 14 columns, and the same rows with everything that leads back."""

from pathlib import Path

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


def write_files(folder: Path, samples: pl.DataFrame) -> None:
    """Write samples.parquet (14 columns), samples.jsonl (the same) and extended.parquet (ids, scores, payload too)."""
    published = samples.select(SYNTH_COLUMNS)
    published.write_parquet(folder / "samples.parquet", compression="zstd")
    published.write_ndjson(folder / "samples.jsonl")
    # run ids and times differ between two runs that accept the same rows; a release must not
    samples.drop("run_id", "sampled_at").write_parquet(folder / "extended.parquet", compression="zstd")

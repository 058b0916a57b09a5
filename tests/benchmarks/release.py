"""How fast a release is written, and in how much memory: samples of 500 words, made for the purpose.

    python -m tests.benchmarks.release [--rows 1000000] [--formats jsonl,chat] [--folder FOLDER]

The rows are made first, into a Parquet file such as the warehouse stages, by one process; another, fresh one releases
that file, so that time and peak memory are the release's own. Timed is all of it: reading, splitting, writing, hashes,
card, metadata, report, and syncing to the disk. Texts are words of a made-up vocabulary with Zipf's shares, which zstd
takes for prose: 2.8 bytes to one.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from pyarrow.parquet import ParquetWriter

from synth_assets.release.info import ReleaseInfo
from synth_assets.release.parquet import EXTENDED_SCHEMA
from synth_assets.release.source import ParquetSource
from synth_assets.release.writer import write_release

BATCH = 8_192
ARTICLES = 50_000
# A text is so many pieces of 25 words, drawn from a pool so large that zstd's window seldom holds a piece twice.
PIECES = {"query": 1, "synthetic_reasoning": 11, "synthetic_answer": 8}
PIECE_WORDS, POOL = 25, 65_536
LETTERS = "etaoinshrdlucmfwypvbgkjqxz"


class MadeUpRows:
    """Samples of 500 words in the order of their ids."""

    def __init__(self, rows: int) -> None:
        self.rows = rows
        rng = np.random.default_rng(7)
        lengths = rng.integers(2, 11, 20_000)
        vocabulary = np.array(
            ["".join(LETTERS[i] for i in np.minimum(rng.geometric(0.12, n) - 1, 25)) for n in lengths]
        )
        shares = 1.0 / np.arange(1, 20_001)
        edges = np.cumsum(shares / shares.sum())
        places = np.searchsorted(edges, np.random.default_rng(8).random((POOL, PIECE_WORDS)))
        self._pool = pl.Series([" ".join(row) for row in vocabulary[places]])

    def write(self, path: Path) -> None:
        """Write all of them to a Parquet file."""
        with ParquetWriter(path, EXTENDED_SCHEMA.to_frame().to_arrow().schema, compression="lz4") as file:
            for start in range(0, self.rows, BATCH):
                rows = self._batch(start, min(BATCH, self.rows - start))
                file.write_table(rows.to_arrow().cast(file.schema))

    def _keys(self, start: int, count: int) -> pl.Series:
        places = np.random.default_rng((9, start)).integers(0, ARTICLES, count)
        return ("https://example.org/wiki/" + pl.Series("split_key", places).cast(pl.String)).alias("split_key")

    def _batch(self, start: int, count: int) -> pl.DataFrame:
        rng = np.random.default_rng((10, start))
        texts = {}
        for name, pieces in PIECES.items():
            drawn = {f"{n}": self._pool.gather(rng.integers(0, POOL, count)) for n in range(pieces)}
            texts[name] = pl.DataFrame(drawn).select(pl.concat_str(pl.all(), separator=" ").alias(name)).to_series()
        number = pl.Series(np.arange(start, start + count))
        score = rng.random(count).round(4)
        frame = pl.DataFrame({
            **texts,
            "synth_id": number.cast(pl.String).str.zfill(16),
            "candidate_id": number.cast(pl.String).str.zfill(64),
            "split_key": self._keys(start, count),
            "quality": score,
        })  # fmt: skip
        fixed = {
            "language": "en", "exercise": "memorization", "model": "bench-memorization", "seed_license": "CC-BY-SA-4.0",
            "constraints": "query_type:analytical, complexity:moderate", "words": 500, "cell": "memorization",
            "seed_id": "s" * 64, "section_id": "t" * 64, "exercise_version": 1, "pass": 0, "draw": "{}",
            "query_model": "bench", "reasoning_model": "bench", "answer_model": "bench", "checks": "[]",
            "payload": "{}", "family": "memorization", "copies": 0, "by_program": False, "recipe_hash": "r" * 64,
        }  # fmt: skip
        values: list[Any] = [pl.lit(value).alias(name) for name, value in fixed.items()]
        values.append(pl.col("split_key").alias("query_seed_url"))
        scores = [
            pl.struct(pl.lit(name).alias("name"), pl.col("quality").alias("value"), pl.lit(True).alias("passed"),
                      pl.lit("").alias("reason"), pl.lit("").alias("detail"))
            for name in ("language", "notation", "length", "grounding", "repetition", "verifier")
        ]  # fmt: skip
        values.append(pl.concat_list(scores).alias("scores"))
        values.append(pl.concat_list(pl.lit("memorization/query@" + "0" * 64)).alias("templates"))
        frame = frame.with_columns(values)
        missing = [pl.lit(None, dtype=kind).alias(name) for name, kind in EXTENDED_SCHEMA.items()
                   if name not in frame.columns]  # fmt: skip
        return frame.with_columns(missing).select(EXTENDED_SCHEMA.names())


def about(version: str = "bench") -> ReleaseInfo:
    """What the made-up rows say of themselves."""
    return ReleaseInfo(
        version=version, package_version="0", recipe_name="bench", recipe_hash="r" * 64, recipe_text="name: bench"
    )


def measure(rows: int = 1_000_000, formats: tuple[str, ...] = (), folder: Path | None = None) -> dict[str, float]:
    """Write a release of `rows` in a fresh child process.

    Returns:
        release_rows_per_s: rows a second, from the start of reading to the rename.
        release_memory_mb: peak resident memory of that process, all imports included, in MB of 10^6 bytes.
        release_seconds, release_cpu_seconds, release_bytes_per_row, release_words_per_row: what that rests on.
    """
    with tempfile.TemporaryDirectory(dir=folder) as place:
        for step in ("make", "release"):
            done = subprocess.run(
                [sys.executable, "-m", "tests.benchmarks.release", "--step", step, "--folder", place,
                 "--rows", str(rows), "--formats", ",".join(formats)],
                stdout=subprocess.PIPE, text=True, check=True, cwd=Path(__file__).parents[2],
            )  # fmt: skip
    return json.loads(done.stdout.splitlines()[-1])


def _release(place: Path, rows: int, formats: tuple[str, ...]) -> dict[str, float]:
    started = time.perf_counter()
    manifest = write_release(place / "bench", ParquetSource(place / "rows.parquet"), about(), formats=formats)
    elapsed = time.perf_counter() - started
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "release_rows_per_s": round(rows / elapsed),
        "release_memory_mb": round(_peak_memory() / 1e6),
        "release_seconds": round(elapsed, 1),
        "release_cpu_seconds": round(used.ru_utime + used.ru_stime, 1),
        "release_bytes_per_row": round(sum(file.bytes for file in manifest.files) / rows),
        "release_words_per_row": round(manifest.words / rows),
    }


def _peak_memory() -> int:
    """Peak resident bytes of this program; `ru_maxrss` would also count those of the process that started it."""
    status = Path("/proc/self/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM:")).split()[1]) * 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--formats", default="", help="text formats to write beside the Parquet, with commas between")
    parser.add_argument("--folder", type=Path, help="where the release is written; a temporary folder when left out")
    parser.add_argument("--step", choices=("make", "release"), help="one of the two processes alone, in FOLDER")
    given = parser.parse_args()
    formats = tuple(name for name in given.formats.split(",") if name)
    if given.step == "make":
        MadeUpRows(given.rows).write(given.folder / "rows.parquet")
        return
    if given.step == "release":
        print(json.dumps(_release(given.folder, given.rows, formats)))
        return
    found = measure(given.rows, formats, given.folder)
    for name, value in found.items():
        print(f"{name:24} {value:>12,}")
    print(json.dumps(found))


if __name__ == "__main__":
    main()

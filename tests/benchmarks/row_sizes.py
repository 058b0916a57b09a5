"""What one candidate and one call take on disk: `python -m tests.benchmarks.row_sizes [--rows 20000]`.

Rows are made with the lengths of SYNTH's published ones (a query of 220 characters, a trace of 1,800, an answer of
1,200), their sentences drawn from the packaged articles, so that they compress as prose does; vectors have MiniLM's 384
dimensions and are random. Every table is written in transactions of 1,000 rows; its blocks are counted, or its files
where the environment names a lake. The figures of `stages/capacity.py` come from here. Prints a table and, last, one
JSON object.
"""

import argparse
import json
import os
import random
import re
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from synth_assets.calls.folder import CallFolder
from synth_assets.calls.record import SCHEMA, Call
from synth_assets.home import Home
from synth_assets.lake.warehouse import warehouse_of
from synth_assets.seeds.base import Seed
from synth_assets.seeds.vital_articles import VitalArticles
from synth_assets.warehouse import columns

CHARACTERS = {"query": 220, "draft": 1_800, "answer": 1_200, "seed": 1_500}
TABLES = (
    "candidates", "queries", "reasoning_drafts", "answers", "embeddings", "quality_scores", "duplicates",
    "lexical_signatures", "samples",
)  # fmt: skip
TOGETHER = 1_000
DIMENSIONS = 384


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=20_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        os.environ["SYNTH_ASSETS_HOME"] = folder
        os.environ["SYNTH_ASSETS_WAREHOUSE_SCHEMA"] = f"row_sizes_{os.getpid()}"
        home = Home.find()
        home.prepare()
        sizes = measure_tables(home, rows)
        sizes["call"] = measure_calls(home.calls, rows)
    for name, size in sizes.items():
        print(f"{name:20} {size:8.0f} bytes")
    print(json.dumps(sizes))


def measure_tables(home: Home, rows: int) -> dict[str, float]:
    """Bytes a candidate leaves in each table."""
    prose = Prose()
    warehouse = warehouse_of(home)
    for table in TABLES:
        for start in range(0, rows, TOGETHER):
            warehouse.insert(table, [a_row(prose, table, number) for number in range(start, start + TOGETHER)])
    sizes = warehouse.bytes_by_table()
    return {table: sizes[table] / rows for table in TABLES}


def measure_calls(folder: Path, rows: int) -> float:
    """Bytes of one call in a segment: three calls a candidate, each with a passage, two with what came before."""
    prose = Prose()
    with CallFolder(folder, "sizes") as log:
        for _ in range(rows):
            passage = prose.text(CHARACTERS["seed"], prose.rng.randrange(2_000))
            query, draft, answer = (prose.text(CHARACTERS[name]) for name in ("query", "draft", "answer"))
            for step, said, reply in (
                ("query", [passage], query),
                ("draft", [passage, query], draft),
                ("answer", [passage, query, draft], answer),
            ):
                known = {name: 1 if "Int" in str(kind) else 0.0 if "Float" in str(kind) else "text"
                         for name, kind in SCHEMA.items()}  # fmt: skip
                log.append(Call(**known | {
                    "call_id": prose.mark(), "candidate_id": prose.mark(), "step": step, "error": None,
                    "request": json.dumps({"messages": [{"role": "user", "content": text} for text in said]}),
                    "reply": reply, "started_at": datetime.now(UTC).isoformat(),
                    "finished_at": datetime.now(UTC).isoformat(), "logprobs": None,
                }))  # fmt: skip
        log.fold()
    return sum(path.stat().st_size for path in (folder / "segments").glob("*.parquet")) / (3 * rows)


class Prose:
    """Texts of a wanted length from sentences of the packaged articles, in chance order."""

    def __init__(self) -> None:
        self.rng = random.Random(1)
        reader = VitalArticles()
        (file,) = reader.files(("en",))
        texts = (block.text for seed in reader.read(file) if isinstance(seed, Seed) for block in seed.blocks)
        self._sentences = [each for text in texts for each in re.split(r"(?<=[.!?]) ", text)]

    def text(self, characters: int, seed: int | None = None) -> str:
        """About so many characters; the same text for the same seed."""
        rng = self.rng if seed is None else random.Random(seed)
        said: list[str] = []
        while sum(map(len, said)) < characters:
            said.append(rng.choice(self._sentences))
        return " ".join(said)[:characters]

    def mark(self) -> str:
        return f"{self.rng.getrandbits(256):064x}"


def a_row(prose: Prose, table: str, number: int) -> dict[str, Any]:
    """A row of one table as a run writes it."""
    vector = np.random.default_rng(number).standard_normal(DIMENSIONS).astype(np.float32)
    special: dict[str, Any] = {
        "exercise": "memorization", "cell": "memorization", "language": "en", "run_id": "0a1b2c3d-0000-0000-0000",
        "query": prose.text(CHARACTERS["query"]), "draft": prose.text(CHARACTERS["draft"]),
        "answer": prose.text(CHARACTERS["answer"]), "synthetic_reasoning": prose.text(CHARACTERS["draft"]),
        "synthetic_answer": prose.text(CHARACTERS["answer"]), "model": "qwen-3-8b-memorization", "verdict": "kept",
        "query_seed_text": prose.text(CHARACTERS["seed"], number % 2_000), "vector": vector.tolist(),
        "scores": [{"name": name, "value": 0.5, "passed": True, "reason": None, "detail": ""} for name in "abcdefgh"],
        "constraints": {"query_type": "analytical", "complexity": "simple"} if table == "candidates" else "a:b",
        "signature": vector.tobytes()[:512], "shingles": np.random.default_rng(number).bytes(8 * 500),
        "bands": [prose.rng.getrandbits(62) for _ in range(16)],
    }  # fmt: skip
    plain = {
        "varchar": prose.mark(), "json": {}, "integer": 1, "bigint": 1, "double": 0.5, "boolean": True, "blob": b"",
        "timestamptz": datetime.now(UTC), "varchar[]": [prose.mark()], "bigint[]": [], "float[]": [],
    }  # fmt: skip
    return {column.name: special.get(column.name, None if column.nullable else plain[column.type])
            for column in columns(table)}  # fmt: skip


if __name__ == "__main__":
    main()

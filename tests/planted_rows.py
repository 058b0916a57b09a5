"""Candidates that are planted in a warehouse as far as quality, for tests of what comes after it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np

from synth_assets.exercises import EXERCISES
from synth_assets.stages.corpus import encoder_name
from synth_assets.stages.work import Work
from synth_assets.warehouse import columns
from tests.conftest import select

WHEN = datetime(2026, 1, 1, tzinfo=UTC)
# What a column holds that a test does not name.
MADE_UP = {
    "varchar": "text", "json": {}, "integer": 1, "bigint": 1, "double": 0.5, "boolean": True, "varchar[]": [],
    "float[]": [1.0], "timestamptz": WHEN,
}  # fmt: skip


def words(start: int, count: int) -> str:
    """Words in their order; two texts whose starts lie further apart than `count` share none."""
    return " ".join(f"w{number}" for number in range(start, start + count))


def unit(vector: Sequence[float]) -> np.ndarray:
    array = np.asarray(vector, dtype=np.float32)
    return array / np.linalg.norm(array)


def plant(work: Work, exercise: str, language: str, rows: Mapping[str, Mapping[str, Any]]) -> None:
    """One round of candidates with rows of every stage up to quality_scores.

    Args:
        rows: candidate id -> {"answer"}, and where they matter "query", "draft", "vector" (None for none),
            "composite" (0.5), "replaces".
    """
    cell = {"exercise": exercise, "language": language}
    (last,) = select(work.warehouse, "select coalesce(max(round), 0) as round from rounds where exercise = $exercise "
                     "and language = $language", **cell)  # fmt: skip
    cell["round"] = last["round"] + 1
    tables: dict[str, list[dict[str, Any]]] = {"rounds": [a_row("rounds", **cell, planned=len(rows))]}
    for name, row in rows.items():
        known = {**cell, "candidate_id": name, "encoder": encoder_name(work), "query": f"What of {name}?", "draft": "",
                 "passed": True, "payload": {"template": "planted"}, **row}  # fmt: skip
        if EXERCISES[exercise].uses_section:
            known["constraints"] = EXERCISES[exercise].draw(key=name, pass_number=0, language=language, priors={})
        for table in ("candidates", "queries", "reasoning_drafts", "answers", "quality_scores"):
            tables.setdefault(table, []).append(a_row(table, **known))
        if row.get("vector") is not None:
            known["vector"] = np.asarray(row["vector"], dtype=np.float32).tolist()
            tables.setdefault("embeddings", []).append(a_row("embeddings", **known))
    with work.warehouse.transaction("a test plants rows") as open_:
        for table, planted in tables.items():
            open_.insert(table, planted)


def a_row(table: str, **known: Any) -> dict[str, Any]:
    """A row of a table: what is known of it, as far as the table has such columns, and made-up values for the rest."""
    made_up = {column.name: MADE_UP[column.type] for column in columns(table) if not column.nullable}
    return made_up | {column.name: known[column.name] for column in columns(table) if column.name in known}

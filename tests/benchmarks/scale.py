"""What it costs to go on beside very many finished candidates: an empty tick, and 10,000 new rows through every stage.

    python -m tests.benchmarks.scale [--candidates 10000000] [--rows 10000] [--vectors 1000000] [--folder FOLDER]

A warehouse is made by SQL (see large_warehouse.py) and grows from 100,000 candidates tenfold to the last size. At each
size it is timed what a schedule does when nothing is to be done (the work left of all 88 cells, and the budget), and
what each stage of the large cell takes for new candidates, which a program makes, so that no model is waited for. How
long it takes to sum up what was planted (see stages/settling.py) is told beside. Each size stands for itself: the new
rows stay. The last line is one JSON object.
"""

import argparse
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from synth_assets.defs.cell_step import cell_result
from synth_assets.exercises import EXERCISES
from synth_assets.home import Home
from synth_assets.stages.contamination import judge_contamination
from synth_assets.stages.curation import embed_answers, make_samples
from synth_assets.stages.duplicates import decide_duplicates
from synth_assets.stages.scoring import score_quality
from synth_assets.stages.settling import settle
from synth_assets.stages.spending import budget_stop
from synth_assets.stages.standards import standards_of
from synth_assets.stages.steps import carry_step, plan_round, work_of_cells
from synth_assets.stages.work import Work
from tests.benchmarks.large_warehouse import CELLS, LARGE, ROUND, plant, plant_corpus, plant_vectors
from tests.conftest import NOBODY, make_work, recipe_data

FIRST = 100_000
SECTIONS = 250_000
PLANTED_TOGETHER = 1_000_000
TICKS = 3

Stage = Callable[[Work, str, str], dict[str, Any]]
STAGES: dict[str, Stage] = {
    "queries": lambda work, exercise, language: carry_step(work, exercise, language, "queries"),
    "reasoning_drafts": lambda work, exercise, language: carry_step(work, exercise, language, "reasoning_drafts"),
    "answers": lambda work, exercise, language: carry_step(work, exercise, language, "answers"),
    "embeddings": embed_answers,
    "quality_scores": score_quality,
    "contamination": judge_contamination,
    "duplicates": decide_duplicates,
    "samples": make_samples,
}


def sizes_to(candidates: int) -> list[int]:
    """100,000 and ten times as much each time, up to the last size."""
    sizes = []
    size = FIRST
    while size < candidates:
        sizes.append(size)
        size *= 10
    return [*sizes, candidates]


def recipe_of(rows: int) -> dict[str, Any]:
    """A recipe of all planted cells, each of which has all that it is asked for."""
    return recipe_data(
        NOBODY,
        name="bench",
        budget={"usd": 1_000_000},
        seeds=[{"collection": "vital_articles", "languages": ["en"]}],
        pool="all",
        round_cap=rows,
        languages=dict.fromkeys(sorted({language for _, language in CELLS}), 0.125),
        exercises={name: {"rows": 8} for name in dict.fromkeys(exercise for exercise, _ in CELLS)},
    )


def timed(what: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of processor time that it took, all threads and ended children together, and what it gave.

    Not those of the clock: these say as much of what else the machine did.
    """
    began = _processor_s()
    found = what()
    return _processor_s() - began, found


def _processor_s() -> float:
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def empty_tick(work: Work) -> float:
    """Seconds of a tick that finds nothing to do; the median of some.

    Raises:
        SystemExit: it found something.
    """
    seconds = []
    for _ in range(TICKS):
        took, left = timed(lambda: (work_of_cells(work, work.recipe.cells()), budget_stop(work))[0])
        seconds.append(took)
        # below 300,000 candidates some cells have none at all
        waiting = {cell: each for cell, each in left.items() if each.any and each.accepted}
        if waiting:
            raise SystemExit(f"{len(waiting)} of {len(left)} cells have work: {dict(list(waiting.items())[:3])}")
        if len(left) != len(CELLS):
            raise SystemExit(f"{len(left)} cells were looked at, not {len(CELLS)}")
    return sorted(seconds)[TICKS // 2]


def carry(work: Work, rows: int) -> dict[str, float]:
    """Seconds of each stage for so many new candidates of the large cell; every result is described as an asset's is.

    Raises:
        SystemExit: they were not planned, or some are open in the end.
    """
    exercise, language = LARGE
    (counted,) = work.warehouse.read("transforms/cell_counts", exercise=exercise, language=language)
    target = counted["accepted"] + rows
    seconds: dict[str, float] = {}
    seconds["candidates"], planned = timed(lambda: plan_round(work, exercise, language, target))
    if planned["planned"] != rows:
        raise SystemExit(f"{rows} candidates were to be planned: {planned}")
    for table, stage in STAGES.items():

        def whole(stage: Stage = stage, table: str = table) -> Any:
            report = stage(work, exercise, language)
            return cell_result(work, table, exercise, language, report)

        seconds[table], result = timed(whole)
    if result.metadata["work_left"]:
        raise SystemExit(f"{result.metadata['work_left']} candidates are open in the end")
    return seconds


def grow(work: Work, first: int, last: int, vectors: int) -> dict[str, float]:
    """Plant the candidates with these numbers and sum them up, as runs would have; seconds of either."""
    standards = {name: standards_of(work, EXERCISES[name]) for name, _ in CELLS}
    marks = {name: (EXERCISES[name].version, each.scorer_version, each.weighed_by) for name, each in standards.items()}
    planted = settled = 0.0
    for start in range(first, last, PLANTED_TOGETHER):
        end = min(last, start + PLANTED_TOGETHER)
        planted += timed(lambda start=start, end=end: plant(work.warehouse, start, end, SECTIONS, marks))[0]
        settled += timed(lambda: settle(work, CELLS))[0]
    for start in range(first, min(last, vectors), ROUND * 50):
        end = min(last, vectors, start + ROUND * 50)
        planted += timed(lambda start=start, end=end: plant_vectors(work.warehouse, start, end, SECTIONS))[0]
    return {"planted_s": planted, "settled_s": settled}


def measure(folder: Path, candidates: int, rows: int, vectors: int) -> list[dict[str, float]]:
    """One dictionary of figures a size."""
    home = Home(root=folder)
    home.prepare()
    recipe = folder / "recipe.yaml"
    recipe.write_text(yaml.safe_dump(recipe_of(rows)), "utf-8")
    work = make_work(home, recipe, "bench")
    plant_corpus(work.warehouse, min(SECTIONS, candidates))
    figures: list[dict[str, float]] = []
    done = 0
    for size in sizes_to(candidates):
        found = {"candidates": float(size)} | grow(work, done, size, vectors)
        done = size
        found["empty_tick_s"] = empty_tick(work)
        carried = carry(work, rows)
        found |= {f"{table}_s": seconds for table, seconds in carried.items()}
        found["carried_s"] = sum(carried.values())
        found["database_gb"] = home.database.stat().st_size / 1e9
        figures.append(found)
        print(f"{size:,} candidates: " + ", ".join(f"{name} {value:.3g}" for name, value in found.items()), flush=True)
    return figures


def table_of(figures: list[dict[str, float]]) -> str:
    """A line a figure, a column a size, and last how it grew from the size before the last."""
    lines = [f"{'':22}" + "".join(f"{int(each['candidates']):>14,}" for each in figures) + f"{'growth':>10}"]
    for name in figures[-1]:
        if name == "candidates":
            continue
        growth = figures[-1][name] / figures[-2][name] if len(figures) > 1 and figures[-2][name] else 1.0
        lines.append(f"{name:22}" + "".join(f"{each[name]:14.3f}" for each in figures) + f"{growth:10.2f}")
    return "\n".join(lines)


def main() -> None:
    """Make the warehouse, measure at each size, print a table and one JSON object."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--candidates", type=int, default=10_000_000)
    parser.add_argument("--rows", type=int, default=10_000, help="new candidates that are carried at each size")
    parser.add_argument("--vectors", type=int, default=1_000_000, help="candidates that have a vector")
    parser.add_argument("--folder", type=Path, help="made there and kept; else in a scratch folder that is removed")
    given = parser.parse_args()
    folder = given.folder or Path(tempfile.mkdtemp(prefix="scale-bench-"))
    try:
        figures = measure(folder, given.candidates, given.rows, given.vectors)
    finally:
        if given.folder is None:
            shutil.rmtree(folder)
    print(table_of(figures))
    last, before = figures[-1], figures[-2] if len(figures) > 1 else figures[-1]
    print(json.dumps({
        "candidates": given.candidates,
        "empty_tick_s_10m": round(last["empty_tick_s"], 3),
        "tick_growth_10m_to_1m": round(last["carried_s"] / before["carried_s"], 3),
        "sizes": figures,
    }))  # fmt: skip


if __name__ == "__main__":
    main()

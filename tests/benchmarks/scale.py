"""What it costs to go on beside very many finished candidates: an empty tick, and 10,000 new rows through every stage.

    python -m tests.benchmarks.scale [--candidates 10000000] [--rows 10000] [--vectors 1000000] [--folder FOLDER]
        [--no-cluster]

A warehouse is made by SQL (see large_warehouse.py) and grows from 100,000 candidates tenfold to the last size. At each
size it is timed what a schedule does when nothing is to be done (the work left of all 88 cells, and the budget), and
what each stage of the large cell takes for new candidates, which a program makes, so that no model is waited for. What
a cell that compares by vectors reads of all that was kept is timed beside, statement by statement (`read_*`). Each size
stands for itself: the new rows stay. Seconds are those of the processor, all threads together, but for
`empty_tick_wall_s`.

With --folder the warehouse and the figures are kept; when it is named again, making goes on where it ended and sizes
that were measured are told again. The other half, workers on a lake, is scale_cluster.py; where it cannot run a line
says why, and its figures are null. The last line is one JSON object.

Beside it an index of vectors grows as far as `--vectors` says, and it is timed what as many new vectors cost it: to be
looked for near ones and to be added (`index_rows_s`), with what it takes on disk (`index_gb`). Its vectors stand in
clusters, as texts do (see near_duplicates.py).

What stays linear, because an answer that is wrong would be worse:

- `unaccounted_cells`: what is settled is held against the sum of the moments of all rows, in every transaction that
  decides by it. Eight tables, no ids.
- kept_with_keys, and in the stage of duplicates insert_withdrawn_late and delete_orphaned_duplicates: whether a key or
  a keeper is among all that there are. One column is read; a lake has no index for it. known_candidates and
  insert_candidates read a number of three bytes a row instead.
- kept_of_family and the index of vectors: the ids that the index should hold are held against those that it does.
- kept_near_bands: the bands of all rows of a language are unnested.
- The pool of an exercise that looks at its own samples (self_instruct): every round names all that is accepted.
- cost_of_cell: the calls of all cells are read, once a stage that asks, for the plot of what the cell cost.
- count_{table} and preview_{table} of an asset's page, which read two narrow columns and a moment.
"""

import argparse
import importlib
import importlib.util
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
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
from synth_assets.stages.settling import live_states, settle, standing
from synth_assets.stages.spending import budget_stop
from synth_assets.stages.standards import standards_of
from synth_assets.stages.steps import carry_step, plan_round, work_of_cells
from synth_assets.stages.work import Work
from synth_assets.vector_index import VectorIndex
from tests.benchmarks.large_warehouse import CELLS, LARGE, ROUND, plant, plant_corpus, plant_vectors
from tests.benchmarks.near_duplicates import planted as clustered
from tests.conftest import NOBODY, make_work, recipe_data

FIRST = 100_000
SECTIONS = 250_000
PLANTED_TOGETHER = 1_000_000
TICKS = 3
MOST = 10_000_000
# A cell that compares by vectors and by words; a model makes its rows, so it is not carried here.
BY_VECTORS = ("memorization", "en")
ENCODER = "planted"
NEAR = 0.9  # cosine at and above which vectors are looked for
OF_CLUSTER = ("speedup_4_workers", "lake_rows_per_s")

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


def empty_tick(work: Work) -> dict[str, float]:
    """Seconds of a tick that finds nothing to do, of the processor and of the clock; the medians of some.

    Raises:
        SystemExit: it found something.
    """
    seconds, by_clock = [], []
    for _ in range(TICKS):
        began = time.perf_counter()
        took, left = timed(lambda: (work_of_cells(work, work.recipe.cells()), budget_stop(work))[0])
        by_clock.append(time.perf_counter() - began)
        seconds.append(took)
        # below 300,000 candidates some cells have none at all
        waiting = {cell: each for cell, each in left.items() if each.any and each.accepted}
        if waiting:
            raise SystemExit(f"{len(waiting)} of {len(left)} cells have work: {dict(list(waiting.items())[:3])}")
        if len(left) != len(CELLS):
            raise SystemExit(f"{len(left)} cells were looked at, not {len(CELLS)}")
    return {"empty_tick_s": sorted(seconds)[TICKS // 2], "empty_tick_wall_s": sorted(by_clock)[TICKS // 2]}


def carry(work: Work, rows: int) -> dict[str, float]:
    """Seconds of each stage for so many new candidates of the large cell; every result is described as an asset's is.

    Raises:
        SystemExit: they were not planned, or some are open in the end.
    """
    exercise, language = LARGE
    with work.warehouse.transaction("counting a cell") as open_, live_states(open_):
        (counted,) = open_.rows("transforms/cell_counts", exercise=exercise, language=language)
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


def grow(work: Work, kept: "Kept", last: int, vectors: int) -> dict[str, float]:
    """Plant candidates up to this number and sum them up, as runs would have; seconds of either."""
    standards = {name: standards_of(work, EXERCISES[name]) for name, _ in CELLS}
    marks = {name: (EXERCISES[name].version, each.scorer_version, each.weighed_by) for name, each in standards.items()}
    planted = settled = 0.0
    while kept.planted < last:
        first, end = kept.planted, min(last, kept.planted + PLANTED_TOGETHER)
        kept.half_done = True
        kept.write()
        planted += timed(lambda first=first, end=end: plant(work.warehouse, first, end, SECTIONS, marks))[0]
        settled += timed(lambda: settle(work, CELLS))[0]
        kept.planted, kept.half_done = end, False
        kept.write()
    while kept.vectors < min(last, vectors):
        first, end = kept.vectors, min(last, vectors, kept.vectors + ROUND * 50)  # one transaction
        planted += timed(lambda first=first, end=end: plant_vectors(work.warehouse, first, end, SECTIONS))[0]
        kept.vectors = end
        kept.write()
    return {"planted_s": planted, "settled_s": settled}


@dataclass(slots=True, kw_only=True)
class Kept:
    """How far the making of a folder is, and what was measured in it.

    `half_done`: some tables hold the next candidates and others do not, because whoever made them was ended.
    """

    path: Path
    planted: int = 0
    vectors: int = 0
    half_done: bool = False
    figures: list[dict[str, float]] = field(default_factory=list)

    @classmethod
    def read(cls, path: Path) -> "Kept":
        return cls(path=path, **json.loads(path.read_text("utf-8"))) if path.exists() else cls(path=path)

    def write(self) -> None:
        said = {"planted": self.planted, "vectors": self.vectors, "half_done": self.half_done, "figures": self.figures}
        self.path.write_text(json.dumps(said), "utf-8")


def read_of_kept(work: Work) -> dict[str, float]:
    """Seconds that each statement takes which a cell that compares by vectors runs once or more a round."""
    exercise, language = BY_VECTORS
    cell = {"exercise": exercise, "language": language}
    rule = EXERCISES[exercise].duplicate_rule
    group = {"family": rule.family, "language": language}
    signed = {**group, "threshold": rule.lexical_threshold}

    def kept_rows(name: str, params: dict[str, Any]) -> None:
        with work.warehouse.transaction(name) as open_:
            standing(open_, language, [row["candidate_id"] for row in open_.rows(f"transforms/{name}", **params)])

    def not_embedded() -> None:
        with work.warehouse.transaction("open_embeddings") as open_:
            open_.rows("transforms/count_open_embeddings", **cell, encoder=ENCODER)
            open_.rows("transforms/open_embeddings", **cell, encoder=ENCODER, whole=False)

    return {
        "read_open_embeddings_s": timed(not_embedded)[0],
        "read_kept_of_family_s": timed(lambda: kept_rows("kept_of_family", group | {"encoder": ENCODER}))[0],
        "read_kept_without_signature_s": timed(lambda: kept_rows("kept_without_signature", signed))[0],
        "read_kept_near_bands_s": timed(lambda: kept_rows("kept_near_bands", signed | {"bands": [1, 2]}))[0],
    }


def measure(folder: Path, candidates: int, rows: int, vectors: int) -> list[dict[str, float]]:
    """One dictionary of figures a size.

    Raises:
        SystemExit: the folder was left while its tables were made.
    """
    home = Home(root=folder)
    home.prepare()
    recipe = folder / "recipe.yaml"
    recipe.write_text(yaml.safe_dump(recipe_of(rows)), "utf-8")
    work = make_work(home, recipe, "bench")
    kept = Kept.read(folder / "kept.json")
    if kept.half_done:
        raise SystemExit(f"{folder} was left while its tables were made: remove it")
    if not kept.planted:
        plant_corpus(work.warehouse, min(SECTIONS, candidates))
    measured = {int(each["candidates"]) for each in kept.figures}
    for size in sizes_to(candidates):
        if size in measured:
            continue
        if size < kept.planted:
            print(f"{size:,} candidates are not measured: {folder} holds {kept.planted:,} already")
            continue
        found = {"candidates": float(size)} | grow(work, kept, size, vectors)
        found |= empty_tick(work)
        found |= read_of_kept(work)
        carried = carry(work, rows)
        found |= {f"{table}_s": seconds for table, seconds in carried.items()}
        found["carried_s"] = sum(carried.values())
        found["database_gb"] = home.database.stat().st_size / 1e9
        kept.figures.append(found)
        kept.write()
        print(f"{size:,} candidates: " + ", ".join(f"{name} {value:.3g}" for name, value in found.items()), flush=True)
    return kept.figures


def grow_index(folder: Path, size: int, rows: int) -> dict[str, float]:
    """Seconds of an index's first `size` vectors and of `rows` more, its recall, and what it takes on disk, in GB."""
    made, _ = clustered(size + rows)
    named = [f"{number:064x}" for number in range(size + rows)]

    def add(first: int, last: int) -> None:
        for start in range(first, last, ROUND * 50):
            part = slice(start, min(last, start + ROUND * 50))
            index.add(named[part], made[part])

    def meet_and_add() -> None:
        index.search(made[size:], NEAR)
        add(size, size + rows)

    with VectorIndex.open(folder, made.shape[1]) as index:
        grown, _ = timed(lambda: add(0, size))
        took, _ = timed(meet_and_add)
        recall = index.recall(NEAR).share
    on_disk = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return {"index_made_s": grown, "index_rows_s": took, "index_recall": recall, "index_gb": on_disk / 1e9}


def measure_index(folder: Path, candidates: int, rows: int, vectors: int) -> list[dict[str, float]]:
    """One dictionary of figures a size, of an index that holds as many vectors as there are candidates."""
    found = []
    for size in sizes_to(min(candidates, vectors)):
        place = folder / f"index-{size}"
        found.append({"candidates": float(size)} | grow_index(place, size, rows))
        shutil.rmtree(place)
        print(f"{size:,} vectors: " + ", ".join(f"{name} {value:.3g}" for name, value in found[-1].items()), flush=True)
    return found


def measure_cluster() -> dict[str, Any]:
    """`speedup_4_workers` and `lake_rows_per_s` of the other half; None where it cannot run, and a line says why."""
    missing = [name for name in ("duckdb_extension_ducklake", "psycopg2") if importlib.util.find_spec(name) is None]
    if missing:
        print(f"speedup_4_workers and lake_rows_per_s are null: the extra `lake` is not installed ({missing[0]})")
        return dict.fromkeys(OF_CLUSTER)
    module = importlib.import_module("tests.benchmarks.scale_cluster")
    found = module.measure()
    return {name: found[name] for name in OF_CLUSTER}


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
    parser.add_argument("--no-cluster", action="store_true", help="leave out the half that needs a lake")
    given = parser.parse_args()
    folder = given.folder or Path(tempfile.mkdtemp(prefix="scale-bench-"))
    try:
        figures = measure(folder, given.candidates, given.rows, given.vectors)
        index = measure_index(folder, given.candidates, given.rows, given.vectors)
    finally:
        if given.folder is None:
            shutil.rmtree(folder)
    print(table_of(figures))
    print(table_of(index))
    by_size = {int(each["candidates"]): each for each in figures}
    last, before = by_size.get(MOST), by_size.get(MOST // 10)
    missing = [f"{size:,}" for size in (MOST // 10, MOST) if size not in by_size]
    if missing:
        print(f"what rests on {' and '.join(missing)} candidates is null: they were not measured")
    cluster = dict.fromkeys(OF_CLUSTER)
    if given.no_cluster:
        print("speedup_4_workers and lake_rows_per_s are null: --no-cluster")
    else:
        cluster = measure_cluster()
    print(json.dumps({
        "speedup_4_workers": cluster["speedup_4_workers"],
        "empty_tick_s_10m": last and round(last["empty_tick_s"], 3),
        "tick_growth_10m_to_1m": last and before and round(last["carried_s"] / before["carried_s"], 3),
        "lake_rows_per_s": cluster["lake_rows_per_s"],
        "sizes": figures,
        "index": index,
    }))  # fmt: skip


if __name__ == "__main__":
    main()

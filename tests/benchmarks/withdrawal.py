"""How long it takes to withdraw an article with all that descends from it, and to bring it back.

    python -m tests.benchmarks.withdrawal [--candidates 100000] [--descendants 1000]

A warehouse is planted with candidates of ten cells, each with vector and text; every tenth is a near copy of another
one. The product's own stages decide the duplicates, so that indexes and signatures are there as after any run. Of the
sections, each of which as many candidates were asked about, one article's five are as many as the descendants that are
asked for, half of them by section and half by neighbour. Timed are the order (its transaction alone, and with the
promotion of duplicates), the next release, and the undoing; the accepted ids of before and after are compared.
"""

import argparse
import json
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from synth_assets.home import Home
from synth_assets.identity import hash_of
from synth_assets.stages.curation import make_samples
from synth_assets.stages.duplicates import decide_duplicates
from synth_assets.stages.publish import publish_release
from synth_assets.stages.withdrawal import undo, withdraw
from synth_assets.stages.work import Work
from synth_assets.warehouse import columns
from tests.conftest import NOBODY, make_work, recipe_data, select
from tests.planted_rows import MADE_UP, plant, words

LANGUAGES = ("en", "fr", "de", "it", "es")
CELLS = [(exercise, language) for exercise in ("textbook", "memorization") for language in LANGUAGES]
SECTIONS_PER_ARTICLE = 5
DIMENSIONS = 384
PLANTED_TOGETHER = 2_000
URL = "https://example.org/article/0"
SAMPLES = """insert into samples by name
select
    exercise || '_' || language || '_' || candidate_id[:16] as synth_id, language, exercise, 'm' as model, query,
    q.section_id, 'CC-BY-SA-4.0' as seed_license, 'axis:value' as constraints, answer as synthetic_answer, 60 as words,
    candidate_id, exercise as cell, '{}' as payload, 0.5 as quality, false as by_program, 'r' as recipe_hash,
    'planted' as run_id, now() as sampled_at
from candidate_states as q
join queries using (candidate_id, exercise, language)
join answers using (candidate_id, exercise, language)
where q.state = 'accepted'"""


def measure(candidates: int, descendants: int, folder: Path) -> dict[str, Any]:
    """Seconds and counts of one withdrawal and its undoing."""
    home = Home(root=folder)
    home.prepare()
    recipe = folder / "recipe.yaml"
    recipe.write_text(yaml.safe_dump(recipe_data(NOBODY, name="bench")), "utf-8")
    work = make_work(home, recipe, "bench")
    began = time.monotonic()
    # half by section, half by neighbour
    sections = candidates * SECTIONS_PER_ARTICLE * 2 // descendants
    _plant_articles(work, sections)
    for place, cell in enumerate(CELLS):
        _plant_cell(work, cell, candidates // len(CELLS), sections, place)
        decide_duplicates(work, *cell)
    with work.warehouse.transaction("planting samples") as open_:
        open_.connection.execute(SAMPLES)
    planted_s = time.monotonic() - began

    before = _accepted(work)
    began = time.monotonic()
    done = withdraw(work, "url", URL, "asked for")
    withdraw_s = time.monotonic() - began
    for cell in CELLS:
        make_samples(work, *cell)
    began = time.monotonic()
    release = publish_release(work)
    release_s = time.monotonic() - began
    assert release is not None
    marked = {row["candidate_id"] for row in select(work.warehouse, "select candidate_id from withdrawals")}
    released = {row["candidate_id"] for row in work.warehouse.read("release/samples")}
    began = time.monotonic()
    back = undo(work, "url", URL)
    undo_s = time.monotonic() - began
    return {
        "candidates": candidates,
        "planted_s": planted_s,
        "descendants": done.candidates,
        "marked_s": done.seconds,
        "withdrawn_and_promoted_s": withdraw_s,
        "promoted": len(done.promoted),
        "release_s": release_s,
        "released": len(released),
        "withdrawn_in_release": len(marked & released),
        "unmarked_s": back.seconds,
        "undone_s": undo_s,
        "demoted": len(back.demoted),
        "same_accepted_ids": int(_accepted(work) == before),
    }


def _plant_articles(work: Work, sections: int) -> None:
    place = {"collection": "self_knowledge", "is_current": True}
    rows: dict[str, list[dict[str, Any]]] = {"seed_corpus": [], "sections": []}
    for number in range(-(-sections // SECTIONS_PER_ARTICLE)):
        url = f"https://example.org/article/{number}"
        rows["seed_corpus"].append(_row("seed_corpus", seed_id=f"seed {number}", url=url, language="en", **place))
    for number in range(sections):
        rows["sections"].append(_row(
            "sections", section_id=f"section {number}", seed_id=f"seed {number // SECTIONS_PER_ARTICLE}",
            content_hash=f"text {number}", text=words(number * 100, 100), seed_language="en",
            url=f"https://example.org/article/{number // SECTIONS_PER_ARTICLE}#{number}",
        ))  # fmt: skip
    for table, planted in rows.items():
        work.warehouse.insert(table, planted)


def _plant_cell(work: Work, cell: tuple[str, str], rows: int, sections: int, place: int) -> None:
    rng = np.random.default_rng(place)
    vectors = rng.standard_normal((rows, DIMENSIONS), dtype=np.float32)
    copies = np.arange(rows) % 10 == 9
    vectors[copies] = vectors[np.flatnonzero(copies) - 5] + 0.1 * rng.standard_normal(
        (int(copies.sum()), DIMENSIONS), dtype=np.float32
    )
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    section_of = rng.permutation(rows) % sections
    for start in range(0, rows, PLANTED_TOGETHER):
        numbers = range(start, min(rows, start + PLANTED_TOGETHER))
        plant(work, *cell, {
            hash_of("bench", *cell, number): {
                "answer": words(1_000_000 * place + 60 * number, 60), "vector": vectors[number],
                "composite": float(rng.integers(0, 100)) / 100,
                "section_id": f"section {section_of[number]}",
                "neighbour_ids": [f"section {(section_of[number] + sections // 2) % sections}"],
            }
            for number in numbers
        })  # fmt: skip


def _row(table: str, **known: Any) -> dict[str, Any]:
    return {column.name: MADE_UP[column.type] for column in columns(table) if not column.nullable} | known


def _accepted(work: Work) -> list[dict[str, Any]]:
    return select(work.warehouse, "select candidate_id from candidate_states where state = 'accepted' order by all")


def main() -> None:
    """Measure, print a table and one JSON object."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--candidates", type=int, default=100_000, help="candidates in all")
    parser.add_argument("--descendants", type=int, default=1_000, help="those that descend from the article")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(given.candidates, given.descendants, Path(folder))
    for name, figure in figures.items():
        print(f"{name:28} {figure:14,.3f}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()

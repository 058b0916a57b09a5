"""`synth-assets educational`: fit the head that says how much a reader learns, or show the figures of the one there."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console

from synth_assets.commands.project import open_home, open_warehouse
from synth_assets.quality.educational import Head, load
from synth_assets.stages.educating import fit_head, judged_here, judged_in_file
from synth_assets.stages.recipes import load_checked_recipe
from synth_assets.stages.standards import head_file
from synth_assets.stages.work import Work, work_log


def fit_educational(recipe_name: str, judged: Path | None) -> dict[str, Any]:
    """Fit a head to the judge's points, or to the file's, and save it; its figures and where it lies.

    Raises:
        HeadNotFit: see `fit_head` and `judged_in_file`.
    """
    judged = judged.resolve() if judged is not None else None
    work = _work(recipe_name)
    found = judged_here(work) if judged is None else judged_in_file(work, judged)
    head, path = fit_head(work, found)
    return _facts(head, path, work) | {"judgements_left_out": found.left_out}


def show_educational(recipe_name: str) -> dict[str, Any]:
    """The figures of the head that is saved in this home.

    Raises:
        HeadNotFit: there is none.
    """
    work = _work(recipe_name)
    return _facts(load(head_file(work)), head_file(work), work)


def print_educational(console: Console, facts: dict[str, Any]) -> None:
    """The figures for people, and what to write into the recipe."""
    console.print(
        f"{facts['judgements']:,} judgements, {facts['held_out']:,} of them held out; on these:\n"
        f"F1 {facts['f1']:.2f} (calling all of them educational: {facts['f1_of_all']:.2f}), "
        f"precision {facts['precision']:.2f}, recall {facts['recall']:.2f}\n"
        f"off by {facts['mean_error']:.2f} points of 5 on average, correlation {facts['correlation']:.2f}\n"
        f"vectors by {facts['encoder']}",
        highlight=False, soft_wrap=True,
    )  # fmt: skip
    if facts.get("judgements_left_out"):
        console.print(f"{facts['judgements_left_out']:,} judged samples have no vector and had no part in it")
    console.print(f"saved; write into the recipe:  educational: {facts['file']}", highlight=False, soft_wrap=True)


def _work(recipe_name: str) -> Work:
    recipe = load_checked_recipe(recipe_name)
    home = open_home()
    return Work(home=home, warehouse=open_warehouse(home), recipe=recipe, run_id="", log=work_log())


def _facts(head: Head, path: Path, work: Work) -> dict[str, Any]:
    return {"file": str(path.relative_to(work.home.root)), "encoder": head.encoder, **asdict(head.validation)}

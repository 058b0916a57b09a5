"""`synth-assets withdraw`: take something out of the dataset with all that descends from it, or bring it back."""

import dataclasses
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from synth_assets.commands.project import open_home, open_warehouse
from synth_assets.stages.recipes import load_checked_recipe
from synth_assets.stages.withdrawal import Withdrawal, undo, withdraw
from synth_assets.stages.work import Work, work_log

COMMAND = "synth-assets withdraw"
STATES = ("accepted", "duplicate", "refused", "superseded", "open", "withdrawn")
SHOWN = 10


def order(scope: str, value: str, reason: str, *, bring_back: bool, dry_run: bool) -> Withdrawal:
    """Give or undo an order in this folder's dataset; see `stages.withdrawal`."""
    home = open_home()
    # a stage is handed a recipe; this one asks nothing of it: what stands was made by whatever recipes there were
    work = Work(home=home, warehouse=open_warehouse(home), recipe=load_checked_recipe("starter"), run_id=COMMAND,
                log=work_log())  # fmt: skip
    act = undo if bring_back else withdraw
    return act(work, scope, value, reason, dry_run=dry_run)


def as_json(done: Withdrawal) -> dict[str, Any]:
    """Everything that was done, for programs."""
    return dataclasses.asdict(done)


def print_withdrawal(console: Console, done: Withdrawal) -> None:
    """What was done, for people: counts by cell, who took whose place, and what is left to do."""
    what = f"{done.scope} {done.value}"
    if done.dry_run:
        title = f"would bring back {what}" if done.undone else f"would withdraw {what}"
    elif done.undone:
        title = f"{what} is withdrawn no longer"
    else:
        title = f"{what} {'was withdrawn before' if done.already else 'is withdrawn'}"
    console.print(f"[bold]{escape(title)}[/bold]: {escape(done.reason)}", highlight=False, soft_wrap=True)
    drawn = "drawn from again" if done.undone else "drawn from no more"
    console.print(
        f"{done.candidates:,} candidates descend from it; {done.sections:,} sections are {drawn}", highlight=False
    )
    if done.cells:
        table = Table("exercise", "language", title="as they were before", title_justify="left")
        for state in STATES:
            table.add_column(state, justify="right")
        for cell in done.cells:
            table.add_row(
                cell["exercise"], cell["language"], *(f"{cell[state]:,}" if state in cell else "" for state in STATES)
            )
        console.print(table)
    if done.samples:
        console.print(f"{done.samples:,} samples {'would be' if done.dry_run else 'were'} taken out", highlight=False)
    _print_ids(console, "promoted in their place", done.promoted)
    _print_ids(console, "duplicates again", done.demoted)
    _print_ids(console, "stay out", [f"{one} (now a duplicate of {other})" for one, other in done.stay_out.items()])
    _print_ids(console, "to be decided by the next run of their cell", done.waiting)
    _print_ids(console, "the same text stays in", done.same_text)
    if done.dry_run:
        console.print("nothing was written; duplicates are decided when it is done")
    elif done.promoted or done.undone:
        console.print("the next run of these cells makes the samples of what is accepted now: `synth-assets run`")


def _print_ids(console: Console, title: str, ids: Any) -> None:
    if ids:
        shown = ", ".join(list(ids)[:SHOWN]) + (f" and {len(ids) - SHOWN} more" if len(ids) > SHOWN else "")
        console.print(f"{title}: {len(ids):,}: {escape(shown)}", highlight=False, soft_wrap=True)

"""`synth-assets plan`: what the recipe will take, before anything is spent."""

from typing import Any

from rich.console import Console
from rich.table import Table

from synth_assets.commands.project import open_home, open_warehouse
from synth_assets.recipe import Budget
from synth_assets.stages.forecast import CellForecast, Forecast, forecast
from synth_assets.stages.recipes import load_checked_recipe
from synth_assets.stages.work import Work, work_log


def plan(recipe_name: str) -> tuple[Forecast, Budget]:
    """The forecast of a recipe in this folder, and the budget it has to fit."""
    recipe = load_checked_recipe(recipe_name)
    home = open_home()
    work = Work(home=home, warehouse=open_warehouse(home), recipe=recipe, run_id="", log=work_log())
    return forecast(work), recipe.budget


def totals(cells: tuple[CellForecast, ...]) -> dict[str, Any]:
    """Sums over cells; `usd` is None when any cell's is."""
    costs = [cell.usd for cell in cells]
    return {
        "rows": sum(cell.asked or 0 for cell in cells),
        "accepted": sum(cell.accepted for cell in cells),
        "candidates": sum(cell.candidates for cell in cells),
        "calls": sum(cell.calls for cell in cells),
        "prompt_tokens": sum(cell.prompt_tokens for cell in cells),
        "completion_tokens": sum(cell.completion_tokens for cell in cells),
        "seconds": round(sum(cell.seconds for cell in cells), 1),
        "usd": None if None in costs else round(sum(cost for cost in costs if cost), 4),
    }


def over_budget(sums: dict[str, Any], budget: Budget) -> list[str]:
    """What of the budget the recipe does not fit in, one sentence each."""
    tokens = sums["prompt_tokens"] + sums["completion_tokens"]
    asked = {"calls": sums["calls"], "tokens": tokens, "usd": sums["usd"]}
    return [
        f"budget.{name} of {limit:g} ends it before it is done: {asked[name]:g} are expected"
        for name, limit in budget.model_dump(include={"calls", "tokens", "usd"}).items()
        if limit is not None and asked[name] is not None and asked[name] > limit
    ]


def as_json(found: Forecast, budget: Budget) -> dict[str, Any]:
    """The forecast for programs: every cell, the totals, what the budget does not allow, the assumptions."""
    sums = totals(found.cells)
    return {
        "recipe": found.recipe,
        "cells": [{name: getattr(cell, name) for name in CellForecast.__slots__} for cell in found.cells],
        **sums,
        "over_budget": over_budget(sums, budget),
        "assumptions": list(found.assumptions),
    }


def print_plan(console: Console, found: Forecast, budget: Budget) -> None:
    """The forecast by exercise, languages summed up, and what it rests on."""
    table = Table(title=f"what recipe {found.recipe} still takes", title_justify="left")
    table.add_column("exercise")
    names = ("cells", "rows asked", "accepted", "candidates", "calls", "prompt tokens", "reply tokens", "time", "cost")
    for name in names:
        table.add_column(name, justify="right")
    table.add_column("remarks")
    groups: dict[str, list[CellForecast]] = {}
    for cell in found.cells:
        groups.setdefault(cell.exercise, []).append(cell)
    for exercise, cells in groups.items():
        remarks = dict.fromkeys(cell.limit for cell in cells if cell.limit)
        if any(cell.candidates and not cell.measured for cell in cells):
            remarks["assumed"] = None
        table.add_row(exercise, str(len(cells)), *_figures(totals(tuple(cells))), ", ".join(remarks))
    table.add_section()
    sums = totals(found.cells)
    table.add_row("all", str(len(found.cells)), *_figures(sums), "")
    console.print(table)
    for sentence in over_budget(sums, budget):
        console.print(f"[yellow]{sentence}[/yellow]", highlight=False)
    for sentence in found.assumptions:
        console.print(f"[dim]· {sentence}[/dim]", highlight=False)


def _figures(sums: dict[str, Any]) -> list[str]:
    cost = "unknown" if sums["usd"] is None else "free" if sums["usd"] == 0 else f"{sums['usd']:,.2f} USD"
    counts = (sums[name] for name in ("rows", "accepted", "candidates", "calls", "prompt_tokens", "completion_tokens"))
    return [*(f"{count:,}" for count in counts), duration(sums["seconds"]), cost]


def duration(seconds: float) -> str:
    """Seconds as people say them: "40 s", "12 min", "3.4 h", "12.5 days"."""
    for limit, unit, name in ((120, 1, "s"), (7_200, 60, "min"), (172_800, 3_600, "h")):
        if seconds < limit:
            return f"{seconds / unit:.0f} {name}" if name != "h" else f"{seconds / unit:.1f} {name}"
    return f"{seconds / 86_400:,.1f} days"

"""`synth-assets plan`: what the recipe will take, before anything is spent."""

from typing import Any

from rich.console import Console
from rich.table import Table

from synth_assets.commands.project import open_home, open_warehouse
from synth_assets.errors import RecipeError
from synth_assets.recipe import Budget
from synth_assets.stages.capacity import Capacity, Hardware, capacity, scaled
from synth_assets.stages.forecast import CellForecast, Forecast, forecast
from synth_assets.stages.recipes import load_checked_recipe
from synth_assets.stages.work import Work, work_log


def plan(
    recipe_name: str, *, scale: float = 1.0, rows: int | None = None, hardware: Hardware | None = None
) -> tuple[Forecast, Budget, Capacity]:
    """The forecast of a recipe in this folder, the budget it has to fit, and the machines it takes.

    Args:
        scale, rows: how many times as much of everything as the recipe asks, or how many accepted rows in all.

    Raises:
        RecipeError: the recipe cannot be used, or cannot be scaled to rows.
    """
    asked = load_checked_recipe(recipe_name)
    try:
        recipe = scaled(asked, scale=scale, rows=rows)
    except ValueError as error:
        raise RecipeError(recipe_name, "exercises", str(error)) from error
    home = open_home()
    work = Work(home=home, warehouse=open_warehouse(home), recipe=recipe, run_id="", log=work_log())
    found = forecast(work)
    return found, recipe.budget, capacity(work, found, hardware or Hardware())


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


def as_json(found: Forecast, budget: Budget, machines: Capacity) -> dict[str, Any]:
    """The forecast for programs: every cell, the totals, the machines, what the budget does not allow, assumptions."""
    sums = totals(found.cells)
    return {
        "recipe": found.recipe,
        "cells": [{name: getattr(cell, name) for name in CellForecast.__slots__} for cell in found.cells],
        **sums,
        "over_budget": over_budget(sums, budget),
        "gpu_hours": round(machines.gpu_hours, 3),
        "gpu_usd": round(machines.gpu_usd, 2),
        "gpu_days": round(machines.days, 3),
        "encoder_hours": round(machines.encoder_hours, 3),
        "bytes": machines.total_bytes,
        "bytes_by_table": dict(machines.bytes_by_table),
        "bytes_measured_here": machines.measured,
        "assumptions": [*found.assumptions, *machines.assumptions],
    }


def print_plan(console: Console, found: Forecast, budget: Budget, machines: Capacity) -> None:
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
    console.print(
        f"on GPUs of one's own: {machines.gpu_hours:,.1f} GPU hours, {machines.gpu_usd:,.0f} USD, "
        f"{duration(machines.days * 86_400)}; encoder {machines.encoder_hours:,.1f} hours on two cores",
        highlight=False,
    )
    largest = sorted(machines.bytes_by_table.items(), key=lambda item: -item[1])[:4]
    parts = ", ".join(f"{table} {amount(size)}" for table, size in largest if size)
    console.print(f"on disk: {amount(machines.total_bytes)}" + (f" ({parts})" if parts else ""), highlight=False)
    for sentence in (*found.assumptions, *machines.assumptions):
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


def amount(size: float) -> str:
    """Bytes as people say them: "512 B", "3.4 MB", "1.2 TB"."""
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1_000:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1_000
    return f"{size:,.1f} TB"

"""`synth-assets cost`: what the calls took, by exercise, cell, model, day or row."""

from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from synth_assets.warehouse import Warehouse

MOST_ROWS = 100
COSTS: dict[str, str] = {
    "exercise": "audit/cost_by_exercise",
    "cell": "audit/cost_by_cell",
    "model": "audit/cost_by_model",
    "day": "audit/cost_by_day",
    "row": "audit/cost_by_row",
}


def read_costs(warehouse: Warehouse, by: str, most: int = MOST_ROWS) -> list[dict[str, Any]]:
    """The rows of one of `COSTS`; of `row` the `most` dearest."""
    return warehouse.read(COSTS[by], **({"most": most} if by == "row" else {}))


def print_costs(console: Console, rows: list[dict[str, Any]], by: str) -> None:
    """The costs as a table; models that cost nothing say so."""
    if not rows:
        console.print("no model was called yet")
        return
    table = Table(title=f"what calls took, by {by}", title_justify="left")
    for name in rows[0]:
        table.add_column(name.replace("_", " "), justify="left" if isinstance(rows[0][name], str) else "right")
    for row in rows:
        table.add_row(*(escape(_shown(name, row)) for name in row))
    console.print(table)


def _shown(name: str, row: dict[str, Any]) -> str:
    value = row[name]
    if name == "cost_usd":
        return "free" if not value and not row["unpriced"] else "no price" if not value else f"{value:.4f}"
    if name == "usd_per_accepted":
        return "" if value is None else "free" if not value and not row["unpriced"] else f"{value:.6f}"
    if isinstance(value, int):
        return f"{value:,}"
    return "" if value is None else str(value)[:40] if name == "candidate_id" else str(value)

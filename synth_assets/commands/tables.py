"""How results look in a terminal."""

from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table


def status_table(status: dict[str, Any], notes: dict[tuple[str, str], str] | None = None) -> Table:
    """The cells as a table; `notes` says of a cell why it stopped.

    What was planned is the sum of the states: those that hardly ever occur have a column where they do.
    """
    counted = {"planned": "planned", "all steps by model": "through_all_steps", "by program": "by_program",
               "open": "open", "refused": "refused", "duplicate": "duplicate", "accepted": "accepted"}  # fmt: skip
    counted |= {name: name for name in ("superseded", "withdrawn") if any(cell[name] for cell in status["cells"])}
    table = Table(title="candidates by cell", title_justify="left")
    for name in ("exercise", "language"):
        table.add_column(name)
    for name in counted:
        table.add_column(name, justify="right")
    table.add_column("refused because")
    if notes is not None:
        table.add_column("stopped because")
    totals = dict.fromkeys(counted.values(), 0)
    for cell in status["cells"]:
        refused = sum(cell["refused"].values())
        counts = {**cell, "refused": refused}
        for name in totals:
            totals[name] += counts[name]
        reasons = ", ".join(f"{reason} {count}" for reason, count in cell["refused"].items())
        row = [cell["exercise"], cell["language"], *(str(counts[name]) for name in totals), escape(reasons)]
        if notes is not None:
            row.append(escape(notes.get((cell["exercise"], cell["language"]), "")))
        table.add_row(*row)
    table.add_section()
    table.add_row("all", "", *(str(value) for value in totals.values()), "", *([""] if notes is not None else []))
    return table


def print_totals(console: Console, status: dict[str, Any]) -> None:
    """One line of what all calls came to."""
    cost = "free" if status["cost_usd"] == 0 else f"{status['cost_usd']:.4f} USD"
    console.print(f"{status['calls']} model calls ever made, {status['tokens']} tokens, {cost}")

"""`synth-assets status`: every cell with what became of its candidates."""

from typing import Any

from synth_assets.warehouse import Warehouse

STATES = ("planned", "open", "duplicate", "accepted", "superseded", "withdrawn", "by_program")


def read_status(warehouse: Warehouse) -> dict[str, Any]:
    """Counts of every cell and totals of all calls.

    Returns:
        {"cells": [{"exercise", "language", "planned", "open", "refused": {reason: n}, "duplicate", "accepted",
        "superseded", "withdrawn", "by_program", "through_all_steps", "accepted_by_program"}], "calls", "tokens",
        "cost_usd"}. In every cell planned = open + refused + duplicate + accepted + superseded + withdrawn;
        `through_all_steps` counts candidates whose query, draft and answer were each made, with a model's part in them.
    """
    with warehouse.reading("reading the status") as open_:
        cells = open_.rows("audit/cell_states")
        refusals = open_.rows("audit/cell_refusals")
        totals = open_.rows("audit/call_totals")[0]
    refused: dict[tuple[str, str], dict[str, int]] = {}
    for row in refusals:
        reasons = refused.setdefault((row["exercise"], row["language"]), {})
        reasons[row["refused_reason"]] = reasons.get(row["refused_reason"], 0) + row["candidates"]
    return {
        "cells": [
            {
                "exercise": row["exercise"],
                "language": row["language"],
                **{state: row[state] for state in STATES},
                "refused": refused.get((row["exercise"], row["language"]), {}),
                "through_all_steps": row["through_all_steps"],
                "accepted_by_program": row["accepted_by_program"],
            }
            for row in cells
        ],
        **totals,
    }

"""What every asset that is a table has alike: description, column schema, kinds, owners, counts and a preview."""

import os
import time
from collections.abc import Mapping
from typing import Any

import dagster as dg

from synth_assets.stages.work import Work
from synth_assets.warehouse import columns, grain, take_waits

OWNERS = ["team:synth-assets"]
# What a step holds while it runs: dagster.yaml and `commands/ui.py` say how many may.
MODEL_POOL = "model"
ENCODER_POOL = "encoder"
AUDIT_ADDRESS = "http://localhost:8050"
SLOW_WAIT_S = 1.0
PREVIEW_ROWS = 5
PREVIEW_CHARACTERS = 80


def column_schema(table: str) -> dg.TableSchema:
    """The table's columns, from its DDL."""
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                name=column.name,
                type=column.type,
                description=column.description,
                constraints=dg.TableColumnConstraints(nullable=column.nullable),
            )
            for column in columns(table)
        ]
    )


def attributes(table: str, group: str, *kinds: str, about: str) -> dict[str, Any]:
    """The arguments of `@dg.asset` and `dg.AssetSpec` that say what a table is.

    `about` tells who sees the graph for the first time what happens here, after the sentence that says what a row is.
    """
    return {
        "description": f"{grain(table)}\n\n{about}",
        "group_name": group,
        "kinds": {"duckdb", *kinds},
        "owners": OWNERS,
        "metadata": {"dagster/column_schema": column_schema(table), "dagster/table_name": f"warehouse.main.{table}"},
        "code_version": "1",
    }


def table_metadata(work: Work, table: str, exercise: str | None = None, language: str | None = None) -> dict[str, Any]:
    """Row counts of the table and of the cell, and a preview of its newest rows."""
    with work.warehouse.reading(f"describing {table}") as open_:
        counts = open_.rows(f"audit/count_{table}", exercise=exercise, language=language)[0]
        rows = open_.rows(f"audit/preview_{table}", exercise=exercise, language=language, rows=PREVIEW_ROWS)
    metadata: dict[str, Any] = {"dagster/row_count": counts["rows"], "preview": dg.MetadataValue.md(markdown(rows))}
    if exercise is not None:
        metadata["dagster/partition_row_count"] = counts["cell_rows"]
    return metadata | _of_run(work)


def figures(report: Mapping[str, Any]) -> dict[str, Any]:
    """A stage's report as metadata: what is None is left out, and counts by name get their sum as a number of its own.

    Dagster plots numbers over time and over the cells, and nothing else: `refused` names the reasons, `refused_rows` is
    the number.
    """
    found: dict[str, Any] = {}
    for name, value in report.items():
        if value is None:
            continue
        found[name] = value
        if isinstance(value, dict) and all(type(count) is int for count in value.values()):
            found[f"{name}_rows"] = sum(value.values())
    return found


def _of_run(work: Work) -> dict[str, Any]:
    """How long this step took, how long it waited for the database, and where its run can be audited."""
    waits = sorted(take_waits()) or [0.0]
    address = os.environ.get("SYNTH_ASSETS_AUDIT_URL", AUDIT_ADDRESS).rstrip("/")
    return {
        "seconds": round(time.monotonic() - work.began, 3),
        "audit": dg.MetadataValue.url(f"{address}/run/{work.run_id}"),
        "database_turns": len(waits),
        "database_wait_longest_s": round(waits[-1], 3),
        "database_waits_over_1_s": sum(wait > SLOW_WAIT_S for wait in waits),
    }


def markdown(rows: list[dict[str, Any]]) -> str:
    """Rows as a Markdown table, long values cut; seed text and replies cannot break out of their cell."""
    if not rows:
        return "_no rows yet_"
    header = list(rows[0])
    lines = ["| " + " | ".join(header) + " |", "|" + " --- |" * len(header)]
    lines += ["| " + " | ".join(_cell(row[name]) for name in header) + " |" for row in rows]
    return "\n".join(lines)


def _cell(value: Any) -> str:
    text = " ".join(str("" if value is None else value).split())
    if len(text) > PREVIEW_CHARACTERS:
        text = text[: PREVIEW_CHARACTERS - 1] + "…"
    for mark in ("\\", "|", "<", "`", "[", "]", "*", "_"):
        text = text.replace(mark, "&lt;" if mark == "<" else f"\\{mark}")
    return text

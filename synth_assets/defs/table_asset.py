"""What every asset that is a table has alike: description, column schema, kinds, owners, counts and a preview."""

from typing import Any

import dagster as dg

from synth_assets.stages.work import Work
from synth_assets.warehouse import columns, grain

OWNERS = ["team:synth-assets"]
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


def attributes(table: str, group: str, *kinds: str) -> dict[str, Any]:
    """The arguments of `@dg.asset` and `dg.AssetSpec` that say what a table is."""
    return {
        "description": grain(table),
        "group_name": group,
        "kinds": {"duckdb", *kinds},
        "owners": OWNERS,
        "metadata": {"dagster/column_schema": column_schema(table), "dagster/table_name": f"warehouse.main.{table}"},
        "code_version": "1",
    }


def table_metadata(work: Work, table: str, exercise: str | None = None, language: str | None = None) -> dict[str, Any]:
    """Row counts of the table and of the cell, and a preview of its newest rows."""
    with work.warehouse.transaction(f"describing {table}") as open_:
        counts = open_.rows(f"audit/count_{table}", exercise=exercise, language=language)[0]
        rows = open_.rows(f"audit/preview_{table}", exercise=exercise, language=language, rows=PREVIEW_ROWS)
    metadata: dict[str, Any] = {"dagster/row_count": counts["rows"], "preview": dg.MetadataValue.md(markdown(rows))}
    if exercise is not None:
        metadata["dagster/partition_row_count"] = counts["cell_rows"]
    return metadata


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

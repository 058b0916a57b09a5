"""The table of `synth-assets status`: what was planned is the sum of what became of it."""

from synth_assets.commands.tables import status_table

STATES = ("open", "refused", "duplicate", "accepted", "superseded", "withdrawn")


def cell(exercise, **counts):
    states = {name: 0 for name in STATES if name != "refused"} | counts
    planned = sum(states.values()) + 3
    return {"exercise": exercise, "language": "en", "planned": planned, "through_all_steps": 1, "by_program": 0,
            "refused": {"top_ngram": 2, "length": 1}, **states}  # fmt: skip


def shown(cells):
    table = status_table({"cells": cells})
    columns = {str(column.header): list(column.cells) for column in table.columns}
    return columns, len(table.rows)


def test_the_states_of_a_row_add_up_to_what_was_planned():
    columns, rows = shown([cell("mcq", accepted=4, withdrawn=2), cell("rag", open=1, superseded=5)])
    for row in range(rows):
        states = [int(columns[name][row]) for name in STATES]
        assert sum(states) == int(columns["planned"][row])
    assert columns["withdrawn"] == ["2", "0", "2"]
    assert columns["superseded"] == ["0", "5", "5"]


def test_what_never_occurs_has_no_column():
    columns, _ = shown([cell("mcq", accepted=4)])
    assert "withdrawn" not in columns
    assert "superseded" not in columns
    assert columns["accepted"] == ["4", "4"]

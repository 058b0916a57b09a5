"""Looks at what the quick start made: `quick_start.py first FILE`, `second FILE FILE`, `cookbook HOME`."""

import json
import sys
from pathlib import Path

import duckdb


def read(path: str) -> dict:
    return json.loads(Path(path).read_text("utf-8"))


def expect(holds: bool, what: object) -> None:
    if not holds:
        sys.exit(f"the quick start fell short: {what}")


def first(path: str) -> None:
    made = read(path)
    cells = made["cells"]
    for cell in cells:
        states = ("open", "duplicate", "accepted", "superseded", "withdrawn")
        total = sum(cell[state] for state in states) + sum(cell["refused"].values())
        expect(cell["planned"] == total, f"states of {cell} do not add up")
    by_model = {(cell["exercise"], cell["language"]): cell["through_all_steps"] for cell in cells}
    by_model = {cell: rows for cell, rows in by_model.items() if rows}
    program = sum(cell["accepted_by_program"] for cell in cells)
    print(f"{sum(by_model.values())} candidates in {len(by_model)} cells through all steps by the model, "
          f"{program} accepted by program, {sum(cell['accepted'] for cell in cells)} accepted in all, "
          f"{made['seconds']} s, {made['calls']} calls")  # fmt: skip
    expect(not made["failures"], made["failures"])
    expect(sum(by_model.values()) >= 24 and len(by_model) >= 9, by_model)
    expect(program >= 20, program)
    expect(made["release"]["samples"] == sum(cell["accepted"] for cell in cells), made["release"])
    for name in ("README.md", "report.html", "croissant.json", "manifest.json"):
        expect((Path(made["release"]["folder"]) / name).is_file(), f"the release has no {name}")


def second(before: str, after: str) -> None:
    one, two = read(before), read(after)
    print(f"again: {two['calls'] - one['calls']} calls, {two['seconds']} s")
    expect(two["calls"] == one["calls"], "a second run called a model")
    expect(two["cells"] == one["cells"], "a second run changed the cells")
    expect(two["release"]["version"] == one["release"]["version"], "a second run made another release")


def cookbook(home: str) -> None:
    with duckdb.connect(str(Path(home) / ".synth" / "snapshot.duckdb"), read_only=True) as con:
        recipes = con.execute("select count(*) from seed_corpus where collection = 'cookbook'").fetchone()[0]
    print(f"{recipes} recipes in the seed corpus")
    expect(recipes > 3000, recipes)


if __name__ == "__main__":
    {"first": first, "second": second, "cookbook": cookbook}[sys.argv[1]](*sys.argv[2:])

"""What is settled, on a lake: a session's variables are no writing, so that who only reads sees live states too."""

import threading
from dataclasses import replace

import polars as pl
import pytest

from synth_assets.stages.settling import live_states, states_of
from synth_assets.stages.steps import work_of_cells
from tests.cluster.test_lake_transactions import candidate, count
from tests.moved_rows import rows_of

pytestmark = pytest.mark.cluster

CELL = ("math_exercise", "en")


def test_who_only_reads_counts_the_work_left_by_live_states(new_lake):
    with new_lake().reading("counting the work left") as open_:
        with live_states(open_, checked=False):
            (counts,) = open_.rows("transforms/cell_counts", exercise="mcq", language="en")
        assert states_of(open_, ["nobody"]) == {}
    assert counts["planned"] == counts["open"] == 0


@pytest.fixture
def work(work_at, new_lake):
    made = work_at("http://127.0.0.1:9/v1", exercises={"math_exercise": {"rows": 3}})
    return replace(made, warehouse=new_lake(patience_s=5))


def test_a_tick_reads_the_work_left_beside_a_writer(work):
    work_of_cells(work, [CELL])
    found = []
    with work.warehouse.transaction("writing for long"):
        thread = threading.Thread(target=lambda: found.append(work_of_cells(work, [CELL])))
        thread.start()
        thread.join(timeout=60)
    assert found[0][CELL].missing == 3


def test_what_is_settled_of_a_round_that_others_change_is_forgotten(work):
    lake = work.warehouse
    whose = {"exercise": CELL[0], "language": CELL[1]}
    lake.insert("candidates", [candidate("old", **whose), candidate("new", **whose, round=2, replaces="old")])
    row = rows_of("settled_rounds", 0, 1)
    with lake.transaction("a test settles a round") as open_:
        open_.append("settled_rounds", row.with_columns(**{name: pl.lit(text) for name, text in whose.items()},
                                                        round=pl.lit(1, pl.Int32)))  # fmt: skip
    assert count(lake, "settled_rounds") == 1
    work_of_cells(work, [CELL])
    assert count(lake, "settled_rounds") == 0

"""Indexes and kept files over two homes of one warehouse, as two workers of a lake have them."""

import dataclasses

import numpy as np
import pytest

from synth_assets.home import Home
from synth_assets.stages.duplicates import decide_duplicates, leave_indexes
from synth_assets.stages.shared_files import kept_file
from synth_assets.stages.standards import head_file
from tests.conftest import make_work, select
from tests.planted_rows import plant, unit, words

CELL = ("textbook", "en")


def at(angle):
    return unit([np.cos(angle), np.sin(angle), 0.0, 0.0])


@pytest.fixture
def works(home, write_recipe, tmp_path):
    """Two workers: the files of neither home are where the warehouse's blobs lie."""
    recipe = write_recipe(exercises={"textbook": {"rows": 4}})
    made = make_work(home, recipe)
    homes = [Home(root=tmp_path / name) for name in ("first", "second")]
    for each in homes:
        each.prepare()
    return [dataclasses.replace(made, home=each) for each in homes]


def index_of(work):
    (folder,) = (work.home.data / "indexes" / "duplicates" / "textbook" / "en").iterdir()
    return folder


def test_a_worker_that_comes_new_takes_the_index_that_another_published(works):
    first, second = works
    plant(
        first, *CELL, {f"a{number}": {"answer": words(number * 100, 60), "vector": at(number)} for number in range(3)}
    )
    decide_duplicates(first, *CELL)
    plant(first, *CELL, {"copy": {"answer": words(900, 60), "vector": at(1.0001)}})
    told = decide_duplicates(second, *CELL)
    assert (told["duplicate"], told["index"]["rows"], told["index"]["added_before"]) == (1, 3, 0)
    plant(first, *CELL, {"other": {"answer": words(1900, 60), "vector": unit([0, 0, 1, 0])}})
    assert decide_duplicates(second, *CELL)["kept"] == 1
    plant(first, *CELL, {"copy of other": {"answer": words(2900, 60), "vector": unit([0, 0.001, 1, 0])}})
    told = decide_duplicates(first, *CELL)
    assert (told["duplicate"], told["index"]["rows"], told["index"]["added_before"]) == (1, 4, 0)


@pytest.mark.parametrize("damage", ["blobs", "here", "both"])
def test_what_is_damaged_is_fetched_or_made_anew_and_the_verdicts_are_the_same(works, damage):
    first, second = works
    plant(
        first, *CELL, {f"a{number}": {"answer": words(number * 100, 60), "vector": at(number)} for number in range(3)}
    )
    decide_duplicates(first, *CELL)
    worker = first if damage == "here" else second
    if damage in ("here", "both"):
        next(index_of(first).glob("ids-*")).write_bytes(b"damaged")
    if damage in ("blobs", "both"):
        blobs = first.warehouse.blobs
        name = next(name for name in blobs.names("indexes/") if not name.endswith("manifest.json"))
        blobs.write(name, b"damaged")
    plant(first, *CELL, {"copy": {"answer": words(900, 60), "vector": at(1.0001)}})
    told = decide_duplicates(worker, *CELL)
    assert (told["duplicate"], told["index"]["rows"]) == (1, 3)
    assert told["index"]["added_before"] == (0 if damage == "here" else 3)
    rows = select(first.warehouse, "select keeper_id from duplicates where candidate_id = 'copy'")
    assert rows == [{"keeper_id": "a1"}]


def test_what_leaves_the_index_at_one_worker_has_left_it_at_the_others(works):
    first, second = works
    plant(
        first, *CELL, {f"a{number}": {"answer": words(number * 100, 60), "vector": at(number)} for number in range(3)}
    )
    decide_duplicates(first, *CELL)
    assert leave_indexes(second, *CELL, ["a1"]) == 1
    assert leave_indexes(first, *CELL, ["a1"]) == 0


def test_the_educational_head_that_one_worker_saved_is_every_workers(works):
    first, second = works
    assert not head_file(second).exists()
    head_file(first).write_text("a head")
    head_file(first)
    assert head_file(second).read_text() == "a head"
    outside = second.home.root / "mine.json"
    assert kept_file(second, outside) == outside
    assert first.warehouse.blobs.read("educational.json") == b"a head"

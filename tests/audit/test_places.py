"""Where rows stand, as a process that keeps it tells: it is never behind the database."""

import duckdb
import pytest

from synth_assets.audit import places
from synth_assets.audit.life import read_life
from synth_assets.audit.places import numbers_of_candidates, places_of, wait_for_sorting
from tests.audit import planted_lives as lives
from tests.audit.planted_lives import ACCEPTED, COPY, LATE, OLD

# So often that everything was to be sorted, and once more after it was.
OFTEN = 12


@pytest.fixture
def warehouse(home):
    return lives.plant_lives(home)


def found(warehouse, table, *candidate_ids):
    """The ids of the rows that stand where rows of these candidates are said to."""
    with warehouse.reading("a test") as open_:
        told = places_of(open_, table, numbers_of_candidates(candidate_ids))
        rows = open_.connection.execute(f"select rowid, candidate_id from {table} order by rowid").fetchall()
    return [candidate_id for place, candidate_id in rows if place in told]


def asked_for(warehouse, times):
    """Ask for a candidate's rows so many times; what is sorted after some of them is sorted before the last."""
    for number in range(times):
        if number == times - 1:
            wait_for_sorting()
        assert found(warehouse, "candidates", ACCEPTED) == [ACCEPTED]


def written(warehouse, statement):
    with warehouse.transaction("a test") as open_:
        open_.connection.execute(statement)


@pytest.mark.parametrize("times", [1, 2, OFTEN])
def test_rows_are_found_at_every_asking(warehouse, times):
    asked_for(warehouse, times)
    assert sorted(found(warehouse, "candidates", OLD, ACCEPTED, COPY)) == sorted([OLD, ACCEPTED, COPY])
    assert found(warehouse, "candidates", "nobody") == []
    assert found(warehouse, "candidates") == []


def test_a_life_is_told_the_same_at_every_asking(warehouse):
    first = read_life(warehouse, ACCEPTED)
    for _ in range(OFTEN):
        assert read_life(warehouse, ACCEPTED) == first
    wait_for_sorting()
    assert read_life(warehouse, ACCEPTED) == first


@pytest.mark.parametrize("times", [1, 2, OFTEN])
def test_what_was_written_since_is_found(warehouse, times):
    asked_for(warehouse, times)
    written(warehouse, f"insert into candidates from candidates where candidate_id = '{ACCEPTED}'")
    assert found(warehouse, "candidates", ACCEPTED) == [ACCEPTED] * 2


@pytest.mark.parametrize("times", [1, 2, OFTEN])
def test_what_another_program_wrote_since_is_found(warehouse, times):
    asked_for(warehouse, times)
    with duckdb.connect(warehouse.database) as other:
        other.execute(f"insert into candidates from candidates where candidate_id = '{ACCEPTED}'")
    assert found(warehouse, "candidates", ACCEPTED) == [ACCEPTED] * 2


@pytest.mark.parametrize("times", [1, 2, OFTEN])
def test_rows_behind_one_that_is_gone_are_found_at_their_places(warehouse, times):
    with warehouse.reading("a test") as open_:
        (first,) = open_.connection.execute("select candidate_id from candidates limit 1").fetchall()[0]
    others = [name for name in (ACCEPTED, COPY, LATE, OLD) if name != first]
    written(warehouse, f"delete from candidates where candidate_id = '{first}'")
    for number in range(times):
        if number == times - 1:
            wait_for_sorting()
        assert sorted(found(warehouse, "candidates", *others)) == sorted(others)
        assert found(warehouse, "candidates", first) == []


def test_what_is_not_kept_is_read_again(warehouse, monkeypatch):
    monkeypatch.setattr(places, "MOST_KEPT", 0)
    first = read_life(warehouse, ACCEPTED)
    assert read_life(warehouse, ACCEPTED) == first


def test_what_was_removed_since_is_not_found(warehouse):
    assert found(warehouse, "candidates", ACCEPTED) == [ACCEPTED]
    written(warehouse, f"delete from candidates where candidate_id = '{ACCEPTED}'")
    assert found(warehouse, "candidates", ACCEPTED) == []

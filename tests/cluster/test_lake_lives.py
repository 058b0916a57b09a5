"""The life of a sample is the same on a lake as in a file."""

import pytest

from synth_assets.audit.life import read_descent, read_life
from tests.audit.planted_lives import ACCEPTED, ARKONA, plant_lives
from tests.cluster.conftest import copy_rows
from tests.conftest import select

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(300)]

# The calls of the file's home stay there.
OF_CALLS = ("calls", "cost", "versions")


def without_calls(told):
    return {name: value for name, value in told.items() if name not in OF_CALLS}


@pytest.fixture
def file(home):
    return plant_lives(home)


@pytest.fixture
def lake(new_lake, file):
    lake = new_lake()
    copy_rows(lake, file.path)
    return lake


def test_every_candidate_has_the_life_on_a_lake_that_it_has_in_a_file(file, lake):
    names = [row["candidate_id"] for row in select(file, "select candidate_id from candidates order by all")]
    for name in names:
        assert without_calls(read_life(lake, name)) == without_calls(read_life(file, name)), name


def test_what_descends_from_an_article_is_the_same_on_a_lake_as_in_a_file(file, lake):
    on_lake, in_file = (read_descent(warehouse, url=ARKONA) for warehouse in (lake, file))
    for told in (on_lake, in_file):
        told.pop("cost")
        for candidate in told["candidates"]:
            candidate.pop("cost")
    assert on_lake == in_file


def test_what_was_written_to_a_lake_since_is_told(lake):
    before = read_life(lake, ACCEPTED)
    assert before["sample"] is not None
    with lake.transaction("a test") as open_:
        open_.connection.execute(f"delete from samples where candidate_id = '{ACCEPTED}'")
    after = read_life(lake, ACCEPTED)
    assert after["sample"] is None
    assert after["siblings"] == before["siblings"]

"""Two releases side by side: every sample that came, went or changed is counted once, with its reason."""

import pytest

from synth_assets.errors import ReleaseError
from synth_assets.release.compare import compare_releases
from synth_assets.release.source import FrameSource
from synth_assets.release.writer import write_release
from tests.release.made_up_release import a_row, about, frame_of


def release(folder, rows):
    # one split, so that a forced split of few articles does not stand for a change
    shares = {"train": 1.0, "validation": 0.0, "test": 0.0}
    write_release(folder, FrameSource(frame_of(rows)), about(folder.name), shares=shares, formats=())
    return folder


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    """Rows 1 to 8 and 3 to 10; of those in both, one answer and two scores differ."""
    place = tmp_path_factory.mktemp("releases")
    before = [a_row(number) for number in range(1, 9)]
    after = [a_row(number) for number in range(3, 11)]
    after[1]["synthetic_answer"] = "Another answer."
    for row in after[4:6]:
        row.update(quality=0.99, scores=[])
    return release(place / "v1", before), release(place / "v2", after)


def test_what_came_went_and_changed_adds_up_in_every_cell(pair):
    found = compare_releases(*pair)
    assert (found.before, found.after, found.same) == ("v1", "v2", False)
    assert {(each.cell, each.language): (each.before, each.came, each.went, each.changed, each.after)
            for each in found.changes} == {
        ("memorization", "en"): (6, 1, 2, 3, 5),
        ("mcq", "fr"): (2, 1, 0, 0, 3),
    }  # fmt: skip
    assert all(each.before - each.went + each.came == each.after for each in found.changes)


def test_reasons_are_those_of_the_candidates_and_of_changes_the_columns(pair):
    fates = {a_row(1)["candidate_id"]: "withdrawn: asked for", a_row(10)["candidate_id"]: "promoted"}
    asked = []
    found = compare_releases(*pair, lambda ids: asked.extend(ids) or fates)
    assert sorted(asked) == sorted(a_row(number)["candidate_id"] for number in (1, 2, 9, 10))
    assert {(each.what, each.cell, each.reason): each.samples for each in found.reasons} == {
        ("went", "memorization", "withdrawn: asked for"): 1,
        ("went", "memorization", "unknown"): 1,
        ("came", "memorization", "promoted"): 1,
        ("came", "mcq", "new"): 1,
        ("changed", "memorization", "quality + scores"): 2,
        ("changed", "memorization", "synthetic_answer"): 1,
    }


def test_the_text_shows_both_tables(pair):
    lines = compare_releases(*pair).as_text().splitlines()
    assert lines[0] == "v1 -> v2"
    assert lines[2].split() == ["exercise", "language", "before", "came", "went", "changed", "after"]
    assert [line.split() for line in lines if line.startswith("all")] == [["all", "8", "2", "2", "3", "8"]]
    assert any("quality + scores" in line for line in lines)


def test_a_release_is_the_same_as_itself(pair):
    found = compare_releases(pair[0], pair[0])
    assert found.same
    assert found.reasons == ()


def test_a_folder_that_is_no_release_and_one_that_is_damaged_are_named(pair, tmp_path):
    with pytest.raises(ReleaseError, match="is no release"):
        compare_releases(pair[0], tmp_path)
    damaged = release(tmp_path / "v3", [a_row(1)])
    (damaged / "extended" / "train-00000-of-00001.parquet").write_bytes(b"PAR1")
    with pytest.raises(ReleaseError, match=r"extended/train-00000-of-00001.parquet: cannot be read"):
        compare_releases(pair[0], damaged)

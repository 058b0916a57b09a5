"""A release is found by its version or by its folder, and by nothing else."""

import pytest

from synth_assets.errors import ReleaseError
from synth_assets.release.source import FrameSource
from synth_assets.release.versions import find_release, list_versions
from synth_assets.release.writer import write_release
from tests.release.made_up_release import about, some_rows


@pytest.fixture
def releases(tmp_path):
    """Two versions, and beside them what is none."""
    for version in ("v2", "v1"):
        write_release(tmp_path / "releases" / version, FrameSource(some_rows(9)), about(version), formats=())
    (tmp_path / "releases" / "empty").mkdir()
    return tmp_path / "releases"


def test_a_release_is_found_by_version_and_by_folder(releases, tmp_path):
    assert list_versions(releases) == ["v1", "v2"]
    assert find_release("v1", releases) == releases / "v1"
    assert find_release(str(releases / "v2"), tmp_path / "elsewhere") == releases / "v2"


@pytest.mark.parametrize("name", ["v3", "empty", "", ".", "../releases"])
def test_what_is_none_is_refused_with_the_versions_there_are(releases, name):
    with pytest.raises(ReleaseError, match=r"is neither a version in .*; there are v1, v2"):
        find_release(name, releases)


def test_where_nothing_is_released_that_is_said(tmp_path):
    with pytest.raises(ReleaseError, match="there is none yet"):
        find_release("v1", tmp_path)

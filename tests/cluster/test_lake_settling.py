"""What is settled, on a lake: a session's variables are no writing, so that who only reads sees live states too."""

import pytest

from synth_assets.stages.settling import live_states, states_of

pytestmark = pytest.mark.cluster


def test_who_only_reads_counts_the_work_left_by_live_states(new_lake):
    with new_lake().reading("counting the work left") as open_:
        with live_states(open_, checked=False):
            (counts,) = open_.rows("transforms/cell_counts", exercise="mcq", language="en")
        assert states_of(open_, ["nobody"]) == {}
    assert counts["planned"] == counts["open"] == 0

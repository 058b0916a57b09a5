import pytest

from synth_assets.quality.accuracy_reward import THRESHOLDS, score
from synth_assets.quality.base import ScoredRow


@pytest.mark.parametrize(
    ("checks", "value", "said"),
    [
        ({"result_equal": True, "unit_right": True}, 1.0, "right: result_equal, unit_right"),
        ({"result_equal": True, "unit_right": False}, 0.0, "wrong: unit_right"),
        ({}, 0.0, "unverified"),
    ],
)
def test_only_what_code_verified_is_rewarded_and_the_unverified_is_not_called_wrong(checks, value, said):
    row = ScoredRow(exercise="x", language="en", query="6 * 7?", draft="", answer="42", checks=checks)
    result = score(row, THRESHOLDS)
    assert (result.value, result.passed) == (value, True)
    assert said in result.detail

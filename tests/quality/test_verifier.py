from synth_assets.quality.base import ScoredRow
from synth_assets.quality.verifier import THRESHOLDS, applies, score


def row(**checks: bool) -> ScoredRow:
    return ScoredRow(exercise="math", language="en", query="6 * 7?", draft="", answer="42", checks=checks)


def test_a_row_whose_checks_all_held_passes():
    result = score(row(result_matches=True, options_differ=True), THRESHOLDS)
    assert (result.passed, result.value, result.reason) == (True, 1.0, "")


def test_the_first_failed_check_gives_the_reason_and_all_are_named():
    result = score(row(shape=True, result_matches=False, options_differ=False, one_answer=True), THRESHOLDS)
    assert (result.passed, result.value, result.reason) == (False, 0.5, "result_matches")
    assert "options_differ" in result.detail


def test_a_row_of_which_nothing_was_checked_is_not_judged():
    assert not applies(row())
    assert applies(row(shape=True))

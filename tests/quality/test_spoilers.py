import pytest

from synth_assets.quality.verdict import COMPOSITE_THRESHOLD, WEIGHTS, judge_row
from tests.benchmarks.quality import MEASURED, auc, fit_threshold, fit_weights, judged, measure_auc, measure_refused
from tests.quality.spoilers import SPOILERS, sound_pairs, sound_rows, sound_transcripts, spoiled

# of each kind, so that this takes seconds; tests/benchmarks/quality.py takes all
SOME = 40


def test_there_are_twelve_ways_to_spoil_several_hundred_rows():
    assert len(SPOILERS) == 12
    assert len(sound_transcripts()) >= 240
    assert len(sound_pairs()) >= 250
    assert {sound.row.language for sound in sound_transcripts()} == {"en", "fr", "it", "es", "de", "nl", "pl", "la"}
    halves = [sound.half for sound in sound_rows()]
    assert 0.45 < sum(halves) / len(halves) < 0.55


def test_spoiling_is_the_same_every_time_and_changes_the_row():
    rows = sound_transcripts()[:30]
    for kind in SPOILERS:
        made = spoiled(kind, rows)
        assert made == spoiled(kind, rows)
        assert all((row.answer, row.draft) != (sound.row.answer, sound.row.draft) for sound, row in made)


def test_wrong_results_fail_what_the_exercise_verifies():
    made = spoiled("wrong_result", sound_transcripts())
    assert {sound.row.exercise for sound, _ in made} == {"math_exercise", "math_mcq", "mcq"}
    assert [sound.key for sound, row in made if all(row.checks.values())] == []


def test_the_area_under_the_curve_is_the_chance_that_a_sound_row_ranks_above_a_spoiled_one():
    assert auc([0.9, 0.8], [0.1, 0.2]) == 1.0
    assert auc([0.1, 0.2], [0.9, 0.8]) == 0.0
    assert auc([0.5, 0.5], [0.5]) == 0.5
    assert auc([0.9, 0.3], [0.5, 0.3]) == 0.625


def test_the_composite_tells_sound_rows_from_spoiled_ones_on_the_half_it_was_not_fitted_to():
    found = measure_auc(WEIGHTS, MEASURED, SOME)
    assert found["all"] >= 0.95
    assert {kind: round(figure, 3) for kind, figure in found.items() if figure < 0.85} == {}


@pytest.mark.exhaustive
def test_the_defaults_are_those_that_the_fit_finds():
    weights = fit_weights()
    assert (weights, fit_threshold(weights)) == (dict(WEIGHTS), COMPOSITE_THRESHOLD)


def test_the_defaults_refuse_hardly_a_sound_row_and_most_spoiled_ones():
    found = measure_refused(WEIGHTS, COMPOSITE_THRESHOLD, MEASURED, SOME)
    assert found.pop("sound") <= 0.02
    assert {kind: round(share, 2) for kind, share in found.items() if share < 0.6} == {}
    assert len(judged(MEASURED, SOME).sound) >= 200


@pytest.mark.parametrize("exercise", sorted({sound.row.exercise for sound in sound_transcripts()}))
def test_no_accepted_transcript_is_refused_by_the_scorers_of_its_exercise(exercise):
    refused = {
        sound.key: verdict.reason
        for sound in sound_transcripts()
        if sound.row.exercise == exercise
        if not (verdict := judge_row(sound.row, sound.scorers, {})).passed
    }
    assert refused == {}
